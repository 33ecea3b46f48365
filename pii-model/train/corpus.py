"""Draws training examples: half and more without personal data, the rest from templates and natural text."""

from random import Random

from augment import augmented, joined
from fill import Example, Filler, load_templates
from grammar import Grammar
from natural import Natural

SHARES = {"private": 0.20, "grammar": 0.17, "natural": 0.18, "clean": 0.13, "prompts": 0.07, "foreign": 0.06, "code": 0.04, "mixed": 0.12, "mined": 0.03}
SEPARATORS = ["\n", "\n\n", " ", "\n---\n", "\n\n\n", "\n- "]


class Corpus:
    def __init__(self, lists: dict, natural: Natural, mined: list[str]):
        self.filler, self.natural, self.mined = Filler(lists, held=False), natural, mined
        self.grammar = Grammar(self.filler)
        self.private, self.clean = load_templates("private"), load_templates("clean")
        self.by_domain = {"private": self._domains(self.private), "clean": self._domains(self.clean)}
        self.kinds, self.weights = list(SHARES), list(SHARES.values())

    @staticmethod
    def _domains(templates: list) -> dict[str, list]:
        domains: dict[str, list] = {}
        for template in templates:
            domains.setdefault(template[2], []).append(template)
        return domains

    def _template(self, folder: str, r: Random) -> Example:
        """Half by template, half by domain, so that small languages are seen as well."""
        domains = self.by_domain[folder]
        pool = getattr(self, folder) if r.random() < 0.6 else domains[r.choice(list(domains))]
        text, language, domain = r.choice(pool)
        example = self.filler.fill(text, language, r)
        example.source = f"{folder}/{domain}"
        return example

    def _one(self, kind: str, r: Random) -> Example:
        if kind in ("private", "clean"):
            return self._template(kind, r)
        if kind == "natural":
            return self.natural.draw(self.filler, r)
        if kind == "mined" and self.mined:
            return Example(r.choice(self.mined), [], "mined")
        if kind == "grammar":
            return self.grammar.draw(r)
        if kind == "foreign":
            return Example(self.natural.foreign(r), [], "foreign")
        if kind == "code":
            return Example(r.choice(self.natural.code), [], "code")
        if kind == "mixed":
            return self._mixed(r)
        return Example(r.choice(self.natural.clean), [], "prompts")

    def _mixed(self, r: Random) -> Example:
        """Several texts after one another, as in a long prompt."""
        kinds = r.choices(["private", "grammar", "clean", "natural", "prompts", "foreign", "code"], [4, 3, 3, 2, 1.5, 2, 1], k=r.randint(2, 5))
        return joined([self._one(kind, r) for kind in kinds], r.choice(SEPARATORS))

    def draw(self, r: Random) -> Example:
        example = self._one(r.choices(self.kinds, self.weights)[0], r)
        return augmented(example, r)
