"""The held-out set: templates, domains, names, streets and famous people that training never sees.

`python heldout.py LISTS OUT ROWS` writes it as JSON lines; half of it holds no personal data."""

import json
import sys
from pathlib import Path
from random import Random

from augment import augmented
from fill import Example, Filler, load_templates

SEED = 20_250


def heldout(lists: dict, count: int) -> list[Example]:
    filler, r = Filler(lists, held=True), Random(SEED)
    templates = load_templates("held")
    pools = {kind: [t for t in templates if t[2].startswith(kind)] for kind in ("private", "clean")}
    found = []
    for at in range(count):
        text, language, domain = r.choice(pools["clean" if at % 2 else "private"])
        example = filler.fill(text, language, r)
        example.source = f"held/{domain}"
        found.append(augmented(example, r))
    return found


if __name__ == "__main__":
    rows = heldout(json.loads(Path(sys.argv[1]).read_text("utf-8")), int(sys.argv[3]))
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for number, example in enumerate(rows):
            spans = [{"start": s, "end": e, "type": t} for s, e, t in example.spans]
            out.write(json.dumps({"id": f"held-{number}", "text": example.text, "spans": spans, "source": example.source, "regions": example.regions}, ensure_ascii=False) + "\n")
