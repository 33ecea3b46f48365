"""What happens to text on its way into a prompt: other case, typing errors, quoting, an instruction before it."""

from random import Random

from fill import Example

BEFORE = ["Summarize this:\n\n", "Translate to German: ", "Fix the grammar: ", "Please rewrite the following text:\n", "Summarise the email below.\n\n", "Is this spam?\n\n", "tl;dr\n", "Explain this to me: ", "Input: ", "Text: ", "\"\"\"\n", "```\n", "Context:\n",
          "Extract all dates from this text: ", "Classify the sentiment: ", "Make it shorter: ", "What does this mean? ", "User: ", "Question: ", "Q: ", "[INST] ", "### Instruction:\n", "Proofread: ", "Convert this into a table:\n", "please help me with this ", "Hi! ",
          "Übersetze: ", "Traduis en anglais : ", "Traduce: ", "以下を要約してください：\n", "翻译成英文：", "Переведи: ", "Which language is this? ", "Format as JSON:\n", "Answer briefly.\n\n", "Here is the document:\n\n", "Reply to this message: ", "Rewrite in plain English:\n\n"]
AFTER = ["\n\nThanks!", "\n\nKeep it short.", "\n\"\"\"", "\n```", "\n\nAnswer:", " Thanks in advance.", "\n\nRespond in Spanish.", " Why?", "\n\nWrite at least 200 words.", "\nA:", " [/INST]", "\n\nHow should I answer?", "\n\n---\nEnd of document"]


def shifted(example: Example, before: str, after: str = "") -> Example:
    spans = [(s + len(before), e + len(before), t) for s, e, t in example.spans]
    return Example(before + example.text + after, spans, example.source, example.regions)


def joined(examples: list[Example], separator: str) -> Example:
    whole = Example("", [], examples[0].source, [])
    for at, example in enumerate(examples):
        before = whole.text + (separator if at else "")
        whole = Example(before + example.text, whole.spans + shifted(example, before).spans, whole.source, whole.regions + example.regions)
    return whole


def _each_letter(example: Example, change) -> Example:
    """A change of letters that must not move an offset."""
    text = "".join(new if len(new := change(letter)) == 1 else letter for letter in example.text)
    return Example(text, example.spans, example.source, example.regions)


def with_typos(example: Example, r: Random) -> Example:
    """Letters outside of spans are dropped, doubled or swapped."""
    covered = set()
    for start, end, _ in example.spans:
        covered.update(range(start - 1, end + 1))
    free = [at for at, letter in enumerate(example.text) if letter.isalpha() and at not in covered]
    for at in sorted(r.sample(free, min(len(free), max(1, len(free) // 30))), reverse=True):
        kind = r.random()
        new = "" if kind < 0.4 else example.text[at] * 2 if kind < 0.7 else r.choice("aeiotnrs")
        moved = len(new) - 1
        spans = [(s + (moved if s > at else 0), e + (moved if e > at else 0), t) for s, e, t in example.spans]
        example = Example(example.text[:at] + new + example.text[at + 1 :], spans, example.source, example.regions)
    return example


def without_punctuation(example: Example) -> Example:
    """As dictated: no commas, stops or capitals; spans keep what is inside of them."""
    inside = set()
    for start, end, _ in example.spans:
        inside.update(range(start, end))
    kept = [at for at, letter in enumerate(example.text) if letter not in ".,;:!?\"" or at in inside]
    place = {old: new for new, old in enumerate(kept)}
    spans = [(place[s], place[e - 1] + 1, t) for s, e, t in example.spans]
    return Example("".join(example.text[at] for at in kept), spans, example.source, example.regions)


def augmented(example: Example, r: Random) -> Example:
    chance = r.random()
    if chance < 0.07:
        example = _each_letter(example, str.lower)
    elif chance < 0.095:
        example = _each_letter(example, str.upper)
    elif chance < 0.14:
        example = with_typos(example, r)
    elif chance < 0.17:
        example = _each_letter(without_punctuation(example), str.lower)
    elif chance < 0.19:
        example = _each_letter(example, lambda letter: " " if letter == "\n" else letter)
    if r.random() < 0.14:
        example = shifted(example, r.choice(BEFORE), r.choice(AFTER) if r.random() < 0.4 else "")
    elif r.random() < 0.04:
        mark = r.choice(['"', "'", "**", "_", "`", "(", "- ", "* ", "> ", "# ", "1. ", "<p>"])
        example = shifted(example, mark, {"(": ")", "<p>": "</p>"}.get(mark, "" if mark.endswith(" ") else mark))
    return example
