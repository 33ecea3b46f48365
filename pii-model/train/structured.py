"""Values of the structured types, written the many ways people write them, and numbers that only look like them."""

import re
import unicodedata
from random import Random

DOMAINS = ["gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "icloud.com", "proton.me", "example.com", "example.org", "web.de", "gmx.net", "orange.fr", "libero.it", "mail.ru", "qq.com", "163.com",
           "naver.com", "uol.com.br", "company.co.uk", "uni-mail.edu", "acme.io", "rediffmail.com", "wp.pl", "seznam.cz", "ziggo.nl", "telia.se"]
CARDS = [("4", 16), ("4", 13), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("3528", 16), ("36", 14), ("5018", 16)]
IBANS = {"DE": "18d", "GB": "4l14d", "FR": "10d11x2d", "ES": "20d", "IT": "1l10d12x", "NL": "4l10d", "CH": "5d12x", "AT": "16d", "BE": "12d", "PL": "24d", "PT": "21d", "SE": "20d", "NO": "11d", "DK": "14d", "IE": "4l14d",
         "TR": "5d1d16x", "SA": "2d18x", "AE": "19d", "RO": "4l16x", "CZ": "20d"}


def digits(r: Random, count: int) -> str:
    return "".join(r.choices("0123456789", k=count))


def grouped(text: str, sizes: list[int], separator: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return separator.join(part for part in [*parts, text[at:]] if part)


def ascii_of(name: str) -> str:
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower())


def email(r: Random, first: str, last: str) -> str:
    one, two = ascii_of(first) or "user", ascii_of(last) or "mail"
    local = r.choice([f"{one}.{two}", f"{one[0]}{two}", f"{one}{r.randint(1, 999)}", f"{two}.{one}", f"{one}_{two}", f"{one}", f"{one}-{two}{r.randint(60, 99)}", f"{two}{one[0]}", f"{one}+shop", f"info", f"{one.title()}{two.title()}"])
    return f"{local}@{r.choice(DOMAINS)}"


def phone(r: Random) -> str:
    d = lambda n: digits(r, n)  # noqa: E731
    area = str(r.randint(201, 989))
    return r.choice([
        f"({area}) {d(3)}-{d(4)}", f"{area}-{d(3)}-{d(4)}", f"{area}.{d(3)}.{d(4)}", f"+1 {area} {d(3)} {d(4)}", f"+1-{area}-{d(3)}-{d(4)}", f"1-{area}-{d(3)}-{d(4)}", f"{area}{d(3)}{d(4)}", f"+1{area}{d(7)}",
        f"+44 7{d(3)} {d(6)}", f"07{d(3)} {d(6)}", f"+44 20 7{d(3)} {d(4)}", f"020 7{d(3)} {d(4)}", f"(01{d(3)}) {d(6)}", f"+49 30 {d(7)}", f"+49 (0)89 {d(6)}", f"0171 {d(7)}", f"0{d(3)}/{d(6)}",
        f"+33 6 {d(2)} {d(2)} {d(2)} {d(2)}", f"06 {d(2)} {d(2)} {d(2)} {d(2)}", f"01.{d(2)}.{d(2)}.{d(2)}.{d(2)}", f"+34 6{d(2)} {d(3)} {d(3)}", f"+39 3{d(2)} {d(7)}", f"+55 11 9{d(4)}-{d(4)}", f"(11) 9{d(4)}-{d(4)}",
        f"+91 9{d(4)} {d(5)}", f"+91-9{d(9)}", f"+81 90-{d(4)}-{d(4)}", f"090-{d(4)}-{d(4)}", f"+86 138 {d(4)} {d(4)}", f"138{d(8)}", f"010-{d(4)}-{d(4)}", f"+7 (9{d(2)}) {d(3)}-{d(2)}-{d(2)}", f"8 9{d(2)} {d(3)} {d(2)} {d(2)}",
        f"+48 {d(3)} {d(3)} {d(3)}", f"+31 6 {d(8)}", f"+46 70-{d(3)} {d(2)} {d(2)}", f"+90 5{d(2)} {d(3)} {d(2)} {d(2)}", f"+234 80{d(1)} {d(3)} {d(4)}", f"+254 7{d(2)} {d(6)}", f"+52 55 {d(4)} {d(4)}", f"+61 4{d(2)} {d(3)} {d(3)}",
        f"04{d(2)} {d(3)} {d(3)}", f"{area}-{d(3)}-{d(4)}x{d(3)}", f"({area}){d(3)}-{d(4)} ext. {d(3)}", f"001-{area}-{d(3)}-{d(4)}", f"+971 50 {d(3)} {d(4)}", f"{d(3)} {d(3)} {d(3)}", f"0{d(2)} {d(3)} {d(2)} {d(2)}", f"+46 (0){d(3)} {d(3)} {d(2)}",
    ])


def ssn(r: Random) -> str:
    area = r.choice([r.randint(1, 665), r.randint(667, 899)])
    parts = f"{area:03d}", f"{r.randint(1, 99):02d}", f"{r.randint(1, 9999):04d}"
    return r.choice(["-", "-", "-", "-", " ", ""]).join(parts)


def luhn(text: str) -> str:
    """The digit that makes `text` valid."""
    total = sum(sum(divmod(int(c) * 2, 10)) if at % 2 == 0 else int(c) for at, c in enumerate(reversed(text)))
    return str(-total % 10)


def card(r: Random) -> str:
    prefix, length = r.choice(CARDS)
    text = prefix + digits(r, length - len(prefix) - 1)
    text += luhn(text)
    sizes = [4, 6, 5] if length == 15 else [4, 6, 4] if length == 14 else [4, 4, 4, 4]
    return r.choice([text, text, grouped(text, sizes, " "), grouped(text, sizes, "-")])


def iban(r: Random) -> str:
    country = r.choice(list(IBANS))
    kinds = {"d": "0123456789", "l": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "x": "0123456789"}
    rest = "".join("".join(r.choices(kinds[kind], k=int(count))) for count, kind in re.findall(r"(\d+)([dlx])", IBANS[country]))
    value = int("".join(str(int(c, 36)) for c in rest + country + "00"))
    text = f"{country}{98 - value % 97:02d}{rest}"
    return r.choice([text, grouped(text, [4] * 8, " "), grouped(text, [4] * 8, " ")])


def ip(r: Random) -> str:
    if r.random() < 0.75:
        return ".".join(str(r.randint(1, 254)) for _ in range(4))
    groups = [f"{r.randint(1, 65535):x}" for _ in range(8)]
    return ":".join(groups) if r.random() < 0.5 else f"2001:db8::{groups[0]}:{groups[1]}" if r.random() < 0.5 else f"fe80::{groups[0]}:{groups[1]}:{groups[2]}:{groups[3]}"


def hexadecimal(r: Random, count: int) -> str:
    return "".join(r.choices("0123456789abcdef", k=count))


def lookalike(r: Random, kind: str) -> str:
    """Numbers that are nothing personal."""
    if kind == "cardlike":
        text = digits(r, 15)
        return grouped(text + str((int(luhn(text)) + r.randint(1, 9)) % 10), [4] * 4, r.choice(["", "", "-", " "]))
    if kind == "phonelike":
        return r.choice([f"{digits(r, 3)}-{digits(r, 5)}", f"{digits(r, 4)}-{digits(r, 3)}", f"{digits(r, 2)}-{digits(r, 7)}", digits(r, 9), f"{digits(r, 3)}.{digits(r, 3)}", f"A{digits(r, 3)}-{digits(r, 4)}"])
    if kind == "version":
        return ".".join(str(r.randint(0, 30)) for _ in range(r.choice([2, 3, 3, 4, 4])))
    if kind == "isbn":
        return f"978-{digits(r, 1)}-{digits(r, 3)}-{digits(r, 5)}-{digits(r, 1)}"
    if kind == "hash":
        return hexadecimal(r, r.choice([7, 8, 12, 32, 40]))
    if kind == "uuid":
        return "-".join(hexadecimal(r, n) for n in (8, 4, 4, 4, 12))
    if kind == "coord":
        return f"{r.uniform(-90, 90):.{r.randint(2, 6)}f}, {r.uniform(-180, 180):.{r.randint(2, 6)}f}"
    return digits(r, r.choice([9, 10, 11, 12, 13, 14, 18]))
