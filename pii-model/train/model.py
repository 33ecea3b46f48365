"""MiniLM-L6 (BERT, 6 layers of 384) with a case embedding and a head that labels each word piece."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

LAYERS, HIDDEN, HEADS, INNER, POSITIONS, CASES, VOCABULARY = 6, 384, 12, 1536, 128, 5, 30522


class Layer(nn.Module):
    def __init__(self, dropout: float):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.out, self.norm = nn.Linear(HIDDEN, HIDDEN), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up, self.down, self.norm2 = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, _ = x.shape
        q, k, v = (part(x).view(batch, length, HEADS, HIDDEN // HEADS).transpose(1, 2) for part in (self.query, self.key, self.value))
        if torch.onnx.is_in_onnx_export():
            weights = torch.softmax(q @ k.transpose(2, 3) / (HIDDEN // HEADS) ** 0.5 + (1.0 - mask.to(q.dtype)) * -10000.0, dim=-1)
            seen = weights @ v
        else:
            seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=self.dropout if self.training else 0.0)
        seen = self.out(seen.transpose(1, 2).reshape(batch, length, HIDDEN))
        x = self.norm(x + F.dropout(seen, self.dropout, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))


class Tagger(nn.Module):
    def __init__(self, labels: int, dropout: float = 0.1):
        super().__init__()
        self.words, self.places, self.cases = nn.Embedding(VOCABULARY, HIDDEN), nn.Embedding(POSITIONS, HIDDEN), nn.Embedding(CASES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.head = nn.Linear(HIDDEN, labels)
        self.dropout = dropout
        nn.init.normal_(self.cases.weight, std=0.02)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, case_ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.norm(self.words(input_ids) + self.places(places) + self.cases(case_ids))
        x = F.dropout(x, self.dropout, self.training)
        mask = attention_mask[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, mask)
        return self.head(F.dropout(x, self.dropout, self.training))


NAMES = {"attention.self.query": "query", "attention.self.key": "key", "attention.self.value": "value", "attention.output.dense": "out", "attention.output.LayerNorm": "norm",
         "intermediate.dense": "up", "output.dense": "down", "output.LayerNorm": "norm2"}


def load_pretrained(model: Tagger, path: Path) -> None:
    """Weights of all-MiniLM-L6-v2; the embedding of the one segment goes into that of the places."""
    from safetensors.torch import load_file

    found = {name: value.float() for name, value in load_file(path).items()}
    own = {"words.weight": found["embeddings.word_embeddings.weight"], "norm.weight": found["embeddings.LayerNorm.weight"], "norm.bias": found["embeddings.LayerNorm.bias"]}
    own["places.weight"] = found["embeddings.position_embeddings.weight"][:POSITIONS] + found["embeddings.token_type_embeddings.weight"][0]
    for layer in range(LAYERS):
        for theirs, ours in NAMES.items():
            for kind in ("weight", "bias"):
                own[f"layers.{layer}.{ours}.{kind}"] = found[f"encoder.layer.{layer}.{theirs}.{kind}"]
    missing, unexpected = model.load_state_dict(own, strict=False)
    assert not unexpected and set(missing) == {"cases.weight", "head.weight", "head.bias"}, (missing, unexpected)


def save_half(state: dict[str, torch.Tensor], path: Path) -> None:
    torch.save({name: value.half().cpu() for name, value in state.items()}, path)


def load_half(model: Tagger, path: Path) -> None:
    model.load_state_dict({name: value.float() for name, value in torch.load(path, map_location="cpu", weights_only=True).items()})
