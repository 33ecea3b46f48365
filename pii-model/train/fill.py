"""Templates with slots ($name, $addr2, ...) filled with values; what is personal comes back as spans."""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import structured
from addresses import Addresses
from lists import held_out
from names import People, full_name, script_of

HERE = Path(__file__).parent
# So often each of our own famous people comes for one of WordNet's.
OURS = 7
SLOT = re.compile(r"\$([a-z]+)(\d?)")
PERSONS = {"name", "first", "last", "lastfirst"}
STRUCTURED = {"email": "EMAIL", "phone": "PHONE", "ssn": "SSN", "card": "CREDIT_CARD", "iban": "IBAN", "ip": "IP"}
TITLES = ["Doctor", "Coach", "Nurse", "Captain", "Mr", "Mrs", "Ms", "Mr.", "Mrs.", "Ms.", "Dr", "Dr.", "Prof.", "Professor", "Miss", "Rev.", "Sir", "Judge", "Officer", "Capt."]
TITLES_OF = {"de": "Herr|Frau|Dr.|Herr Dr.|Frau Prof.|Hr.|Fr.", "fr": "M.|Mme|Mlle|Monsieur|Madame|Dr|Me|Mr", "es": "Sr.|Sra.|Don|Doña|señor|señora|Dr.|Dra.|Lic.", "it": "Sig.|Sig.ra|signor|signora|Dott.|Dott.ssa|Avv.|Prof.", "pt": "Sr.|Sra.|Dona|Seu|Dr.|Dra.|senhor|senhora",
             "nl": "meneer|mevrouw|dhr.|mevr.|juf|meester|Dr.", "pl": "Pan|Pani|pan|pani|dr|prof.|mgr", "tr": "Sayın|Dr.|Av.|Prof. Dr.", "sv": "herr|fru|fröken|Dr.", "id": "Pak|Bapak|Ibu|Bu|Bang|Kak|Dr.", "hi": "Shri|Smt.|Dr.|Mr.|Mrs.", "cs": "pan|paní|Dr.|Ing.", "vi": "anh|chị|ông|bà|cô|thầy", "nordic": "Herr|Fru|Hr.|fru|herra|rouva|Dr.", "east": "pan|paní|pán|pani|gospodin|gospođa|domnul|doamna|Dr.|Ing.", "asia": "Shri|Smt.|Pak|Bapak|Ibu|Bu|Anh|Chị|Mang|Aling|Mzee|Bwana|Dr.|Alhaji|Chief",
             "ru": "господин|госпожа|г-н|г-жа|доктор|товарищ", "ar": "السيد|السيدة|الدكتور|الأستاذ"}
MONTHS = "January February March April May June July August September October November December".split()
TEXTS = ["public", "fiction", "eponym", "brand", "work"]
TLDS = ["Incorporated", "Corporation", "Corp", "Associates", "Agency", "Consulting", "Ratings Agency", "Van Lines", "& Sons", "Brothers", "International", "Media", "Motors", "Pharma", "Energy", "Airlines", "University", "School", "Church", "Law Offices", "Plumbing", "Dental", "Bakery", "Inc.", "LLC", "Ltd", "GmbH", "Group", "Solutions", "Technologies", "Holdings", "Bank", "Hotel", "Clinic", "Partners", "Labs", "Logistics", "Foods"]


@dataclass
class Example:
    """Spans are (start, end, type) in code points; type None hides the stretch from the loss."""

    text: str
    spans: list[tuple[int, int, str | None]] = field(default_factory=list)
    source: str = ""
    regions: list[str] = field(default_factory=list)


def load_templates(folder: str) -> list[tuple[str, str, str]]:
    """(text, language, domain); languages of a mixed file are told apart by its slots' values only."""
    found = []
    for path in sorted((HERE / "templates" / folder).glob("*.txt")):
        domain, language = path.stem.rsplit(".", 1)
        for line in path.read_text("utf-8").splitlines():
            if line:
                found.append((line.replace("\\n", "\n").replace("\\t", "\t"), language, f"{domain}.{language}"))
    return found


def load_entries(held: bool) -> dict[str, list[str]]:
    names = {"public": "public", "fiction": "fiction", "eponym": "eponyms", "brand": "brands", "work": "works"}
    lists = {}
    for slot, name in names.items():
        entries = [e.strip() for line in (HERE / "texts" / f"{name}.txt").read_text("utf-8").splitlines() for e in line.split(", ")]
        lists[slot] = [entry for entry in entries if held_out(entry) == held]
    if not held:
        lists["public"] = lists["public"] * OURS + known_people()
    return lists


def folded(name: str) -> str:
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()


def known_people() -> list[str]:
    """WordNet's, but those that the held-out set may name."""
    read = lambda name: [entry.strip() for line in (HERE / "texts" / f"{name}.txt").read_text("utf-8").splitlines() for entry in line.split(", ")]  # noqa: E731
    lasts = {folded(name).split()[-1] for kind in ("public", "fiction") for name in read(kind) if held_out(name) and folded(name)}
    return [name for name in read("known-people") if not held_out(name) and folded(name).split()[-1] not in lasts]


def united(text: str, spans: list) -> list:
    """A forename and a surname with nothing but a space between them are one name."""
    found: list = []
    for start, end, kind in spans:
        if found and kind == "PERSON" == found[-1][2] and text[found[-1][1] : start] == " ":
            start = found.pop()[0]
        found.append((start, end, kind))
    return found


STEMS = """ba be bo da de di do fa fi ka ke ko la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se so ta te ti to va ve vi vo za ze zo bra cla dro fli gra kri plo pra qui shi spa sto tri tru ver xan yor zen lux tech flow net sys soft
cloud data log ify ster ix on ex or us ium ly base hub scan micro derm thermo hydro graph""".split()


def gibberish(r: Random) -> str:
    """A word that is no word: products, handles, places that nobody has heard of."""
    word = "".join(r.choices(STEMS, k=r.choice([2, 2, 3, 3, 4])))
    return r.choice([word.title(), word.title(), word.title(), word, word.upper(), word.title() + r.choice("XQZ"), word.title() + r.choice(["ify", "ium", "ology", "Pro", "AI", "ase", "ine", "s"])])


class Filler:
    def __init__(self, lists: dict, held: bool):
        self.people, self.addresses = People(lists, held), Addresses(lists, held)
        self.companies = [c for found in lists["companies"].values() for c in found if held_out(c) == held]
        self.entries = load_entries(held)
        self.countries = ["Germany", "France", "Brazil", "Japan", "India", "Kenya", "Canada", "Mexico", "Poland", "Turkey", "Egypt", "Vietnam", "Peru", "Norway", "Ghana", "Italy", "Spain", "Iran", "Nepal", "Chile"]

    def fill(self, template: str, language: str, random: Random) -> Example:
        example, at, known, length = Example(""), 0, {}, 0
        parts: list[str] = []
        for slot in SLOT.finditer(template):
            kind, which = slot.group(1), slot.group(2)
            value, span = self._value(kind, which, language, random, known, example)
            if value is None:
                continue
            parts.append(template[at : slot.start()])
            start = sum(map(len, parts[-1:])) + length
            parts.append(value)
            length = start + len(value)
            at = slot.end()
            if span:
                example.spans.append((start, length, span))
        parts.append(template[at:])
        example.text = "".join(parts)
        example.spans = united(example.text, example.spans)
        return example

    def _value(self, kind: str, which: str, language: str, r: Random, known: dict, example: Example) -> tuple[str | None, str | None]:
        if kind in PERSONS or kind == "email":
            person = known.get(("person", which)) or self.people.draw(r, language)
            if ("person", which) not in known:
                known["person", which] = person
                example.regions.append(person.region)
            if kind == "email":
                return structured.email(r, person.first, person.last), "EMAIL"
            return self._person(kind, which, person, r, known), "PERSON"
        if kind == "addr":
            return self.addresses.draw(r, language), "ADDRESS"
        if kind in STRUCTURED:
            return getattr(structured, kind)(r), STRUCTURED[kind]
        if kind == "d":
            return str(r.randint(2, 9)) + structured.digits(r, int(which or 1) - 1), None
        key = (kind, which)
        if key not in known:
            known[key] = self.plain(kind, language, r)
        return known[key], None

    def _person(self, kind: str, which: str, person, r: Random, known: dict) -> str:
        if kind == "first":
            return person.first
        if kind == "last":
            return person.last
        if kind == "lastfirst":
            initial = f" {r.choice('ABCDEGHJLMRST')}." if person.spaced and r.random() < 0.15 else ""
            return f"{person.last}{', ' if person.spaced else ' '}{person.first}{initial}"
        key = ("full", which)
        if key not in known:
            known[key] = full_name(person, r, self.people)
        return known[key]

    def plain(self, kind: str, language: str, r: Random) -> str | None:
        """Values that are nobody's data; $p... are names in places where they are none (heroes, authors, firms)."""
        if kind in self.entries:
            return r.choice(self.entries[kind])
        if kind[0] in "px" and kind[1:] in ("name", "first", "last", "init", "cite"):
            return self._not_personal(kind, language, r)
        if kind == "n":
            return str(r.randint(2, r.choice([9, 30, 99, 500])))
        if kind in ("cardlike", "phonelike", "version", "isbn", "hash", "uuid", "coord", "idlong"):
            return structured.lookalike(r, kind)
        if kind == "id":
            return r.choice([f"{r.choice('ABCKNPRT')}{r.choice('XZQ-')}{structured.digits(r, 6)}", structured.digits(r, r.choice([5, 6, 7, 8])), f"#{structured.digits(r, 5)}", f"INC{structured.digits(r, 7)}"])
        if kind == "user":
            return f"{structured.ascii_of(self.people.draw(r).first) or 'anna'}{r.choice(['', '_x', '84', '.k', 'the1st', '2000'])}"
        simple = {"title": lambda: r.choice(TITLES_OF[language].split("|") if language in TITLES_OF else TITLES), "gib": lambda: gibberish(r), "city": lambda: self.addresses.city(r), "country": lambda: r.choice(self.countries), "time": lambda: r.choice([f"{r.randint(1, 12)} pm", f"{r.randint(0, 23)}:{r.randint(10, 59)}", f"{r.randint(1, 12)}:30 a.m."]),
                  "money": lambda: r.choice([f"${r.randint(5, 5000)}", f"€{r.randint(5, 900)}.{r.randint(10, 99)}", f"{r.randint(10, 900)} EUR", f"£{r.randint(1, 90)},000", f"{r.randint(100, 9000)} rupees"]), "date": lambda: self._date(r), "company": lambda: self._company(r)}
        return simple[kind]() if kind in simple else None

    def _not_personal(self, kind: str, language: str, r: Random) -> str:
        person = self.people.draw(r, language)
        if kind[0] == "x":
            return structured.ascii_of(person.first if kind == "xfirst" else person.last) or "acme"
        if kind == "pinit":
            return f"{person.first[0]}. {person.last}"
        if kind == "pcite":
            return f"{person.last} {person.first[0]}{r.choice(['', '', 'AJMR'[r.randint(0, 3)]])}"
        return {"pname": lambda: full_name(person, r, self.people), "pfirst": lambda: person.first, "plast": lambda: person.last}[kind[: 5 if kind == "pname" else 6]]()

    def _company(self, r: Random) -> str:
        kind = r.random()
        if kind < 0.3:
            return r.choice(self.companies)
        if kind < 0.36:
            lasts = [self.people.draw(r).last for _ in range(3)]
            return r.choice(["{0}, {1} and {2}", "{0}-{1}", "{0} & {1}", "{0} and {1} LLP", "Law Offices of {0} {1}", "{0} {1} Motorsports"]).format(*lasts)
        if kind < 0.44:
            return f"{gibberish(r)} {r.choice(TLDS)}"
        if r.random() < 0.4:
            return r.choice(self.entries["brand"])
        last = self.people.draw(r).last
        return f"{last if script_of(last) == 'LATIN' and r.random() < 0.5 else r.choice(['Blue', 'North', 'Acme', 'Sun', 'Nova', 'Green', 'Terra', 'Omni', 'Delta'])} {r.choice(TLDS)}"

    def _date(self, r: Random) -> str:
        day, month, year = r.randint(1, 28), r.randint(1, 12), r.randint(1940, 2026)
        return r.choice([f"{day:02d}/{month:02d}/{year}", f"{year}-{month:02d}-{day:02d}", f"{day} {MONTHS[month - 1]} {year}", f"{MONTHS[month - 1]} {day}", f"{MONTHS[month - 1]} {day}, {year}", f"{day}.{month}.{year}", str(year),
                         r.choice(["Monday", "tomorrow", "next week", "Friday", "Sunday evening"]), f"{MONTHS[month - 1][:3]} {day}"])
