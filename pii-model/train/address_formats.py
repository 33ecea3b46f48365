"""How each country writes an address; `weight` is its share among texts in English."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from addresses import (
    AR_CITIES, AR_STREETS, AREAS, CN_AREAS, CN_ROMAN, COLONIES, HOUSES, JP_ROMAN, JP_WARDS, KR_ROADS, PROVINCES, STATES, Addresses, abbreviated, country, digits, number, unit,
)


@dataclass
class Format:
    weight: float
    languages: tuple[str, ...]
    write: Callable[[Addresses, Random], str]


def joined(random: Random, parts: list[str]) -> str:
    """One line, or the lines of an envelope."""
    parts = [part for part in parts if part]
    return random.choice([", ", ", ", ", ", ", ", "\n", "\n", ",\n", " ", " - ", "; "]).join(parts) if len(parts) > 1 else parts[0]


def usa(a: Addresses, r: Random) -> str:
    street, second, city, state, code = r.choice(a.us)
    street = abbreviated(street, r)
    second = second or (unit(r) if r.random() < 0.3 else "")
    code += f"-{digits(r, 4)}" if r.random() < 0.08 else ""
    first = f"{street}{r.choice([', ', ' ', ' '])}{second}" if second else street
    kind = r.random()
    if kind < 0.2:
        return first
    if kind < 0.3:
        return joined(r, [first, city])
    tail = r.choice([f"{state} {code}", f"{state} {code}", f"{state}, {code}", state, code, f"{state}  {code}"])
    place = f"{city}{r.choice([', ', ', ', ', ', ' '])}{tail}"
    return joined(r, [first, place] if r.random() < 0.8 else [first, place, country(r, "US")])


def boxes(a: Addresses, r: Random) -> str:
    street, _, city, state, code = r.choice(a.us)
    box = r.choice(["P.O. Box {n}", "PO Box {n}", "Post Office Box {n}", "P. O. Box {n}", "PSC {n}, Box {m}", "Unit {n} Box {m}", "RR {s} Box {m}", "{ship}", "HC {s} Box {m}", "PMB {n}"]).format(
        n=r.randint(10, 99999), m=r.randint(10, 9999), s=r.randint(1, 9), ship=f"{r.choice(['USS', 'USNS', 'USCGC', 'USNV'])} {a.city(r).split()[0]}")
    if box.startswith(("PSC", "Unit", "US")):
        return joined(r, [box, f"{r.choice(['APO', 'FPO', 'DPO'])}{r.choice([' ', ', '])}{r.choice(['AE', 'AP', 'AA'])} {digits(r, 5)}"])
    return box if r.random() < 0.2 else joined(r, [box, f"{city}, {state} {code}"])


def britain(a: Addresses, r: Random) -> str:
    street, town = r.choice(a.streets["en_GB"]), r.choice(a.towns["en_GB"]) if r.random() < 0.5 else a.city(r)
    code = f"{r.choice(['SW1A', 'M', 'LS', 'B', 'EH', 'CF', 'BT', 'N', 'E', 'GU', 'OX', 'BS'])}{r.randint(1, 30)} {r.randint(1, 9)}{r.choice('ABDEFGHJ')}{r.choice('LNPQRSTU')}"
    flat = r.choice(["", "", "", f"Flat {r.randint(1, 40)}", f"Flat {r.choice('ABCD')}", "The Old Rectory", "Rose Cottage"])
    return joined(r, [flat, f"{number(r)} {street}", town, code][: r.choice([2, 3, 4, 4, 4])] + ([country(r, "GB")] if r.random() < 0.15 else []))


def continental(locale: str, code: str, after: bool, pattern: str) -> Callable[[Addresses, Random], str]:
    """`after`: the number follows the street; the pattern's digits are the postcode's."""

    def write(a: Addresses, r: Random) -> str:
        street, town = r.choice(a.streets[locale]), r.choice(a.towns[locale])
        line = f"{street}{r.choice([' ', ' ', ' ', ', '] if locale[:2] in ('es', 'it', 'pt', 'ro') else [' '])}{number(r)}" if after else f"{number(r)}{r.choice([' ', ' ', ', ', ' bis ', ' ter '])}{street}"
        postcode = "".join(digits(r, 1) if c == "9" else r.choice("ABCDEFGHJKLMNPRSTUVWXZ") if c == "X" else c for c in pattern)
        flat = r.choice(["", "", "", "", {"de": "Hinterhaus, 3. OG", "fr": "appt 12", "es": "3º B", "it": "int. 5", "pt": "2º Esq.", "nl": "II-hoog", "pl": "m. 4", "sv": "lgh 1102"}.get(locale[:2], unit(r))])
        kind = r.random()
        parts = [line, flat] if kind < 0.2 else [line, flat, town] if kind < 0.35 else [line, flat, f"{postcode} {town}" if kind < 0.92 else f"{town} {postcode}"]
        return joined(r, parts + ([country(r, code)] if code in COUNTRY_CODES and r.random() < 0.15 else []))

    return write


COUNTRY_CODES = "DE FR ES IT NL PL SE BR AT CH PT DK NO FI CZ BE GR".split()


def brazil(a: Addresses, r: Random) -> str:
    street = r.choice(a.streets["pt_BR"])
    parts = [f"{street}, {r.choice(['', 'nº ', ''])}{r.randint(1, 3000)}", r.choice(["", f"apto {r.randint(11, 180)}", f"bloco {r.choice('ABC')}"]),
             r.choice(["Centro", "Jardim América", "Vila Nova", "Boa Vista"]), f"{r.choice(a.towns['pt_BR'])}{r.choice([' - ', '/', ', '])}{r.choice(['SP', 'RJ', 'MG', 'BA', 'PR'])}", r.choice(["CEP ", ""]) + f"{digits(r, 5)}-{digits(r, 3)}"]
    return joined(r, parts[: r.choice([2, 4, 5, 5])])


def mexico(a: Addresses, r: Random) -> str:
    street = r.choice(a.streets[r.choice(["es_MX", "es_AR", "es_CO"])])
    parts = [f"{street} {r.choice(['No. ', '#', '', 'N° '])}{r.randint(1, 2500)}", r.choice(["", f"Int. {r.randint(1, 30)}", f"Depto {r.randint(1, 30)}", f"Piso {r.randint(1, 12)}"]),
             r.choice(["Col. ", "Colonia ", "Barrio "]) + r.choice(COLONIES), r.choice(["C.P. ", "CP ", ""]) + digits(r, 5), r.choice(["CDMX", "Guadalajara, Jal.", "Bogotá", "Buenos Aires", "Lima", "Monterrey, N.L."])]
    return joined(r, parts[: r.choice([1, 2, 3, 5, 5])])


def turkey(a: Addresses, r: Random) -> str:
    mah, sok = r.choice(["Atatürk", "Cumhuriyet", "Fenerbahçe", "Yeni", "Barbaros", "Kocatepe"]), r.choice(["Gül", "Lale", "Çınar", "İnönü", "Zambak", "1453.", "Menekşe"])
    return joined(r, [f"{mah} {r.choice(['Mah.', 'Mahallesi'])} {sok} {r.choice(['Sok.', 'Sokak', 'Cad.'])} {r.choice(['No: ', 'No:', 'No '])}{r.randint(1, 120)}{r.choice(['', ' D: 4', '/7', ' Kat: 3 Daire: 5'])}",
                      r.choice(["34710 Kadıköy/İstanbul", "06680 Çankaya/Ankara", "Bornova, İzmir", "16010 Osmangazi / Bursa"])])


def russia(a: Addresses, r: Random) -> str:
    parts = [r.choice(["", digits(r, 6)]), r.choice(a.towns["ru_RU"]), r.choice(a.streets["ru_RU"]), r.choice(["д. ", "д.", "дом "]) + str(r.randint(1, 150)), r.choice(["", "кв. " + str(r.randint(1, 300)), "корп. 2, кв. " + str(r.randint(1, 99))])]
    if r.random() < 0.25:
        return f"{r.choice(['ul. Lenina', 'ul. Pushkina', 'Nevsky prospekt', 'ul. Mira'])} {r.randint(1, 99)}, {r.choice(['kv.', 'apt.'])} {r.randint(1, 99)}, {r.choice(['Moscow', 'Novosibirsk', 'Kazan'])} {digits(r, 6)}"
    return ", ".join(p for p in (parts if r.random() < 0.7 else parts[2:]) if p)


def ukraine(a: Addresses, r: Random) -> str:
    return f"{r.choice(['вул. ', 'вулиця ', 'просп. '])}{r.choice(['Шевченка', 'Франка', 'Лесі Українки', 'Хрещатик', 'Перемоги'])}, {r.randint(1, 99)}, {r.choice(['кв. 5, ', ''])}{r.choice(['Київ', 'Львів', 'Одеса', 'Харків'])}{r.choice(['', ', ' + digits(r, 5)])}"


def japan(a: Addresses, r: Random) -> str:
    block = f"{r.randint(1, 9)}{r.choice(['-', '丁目'])}{r.randint(1, 40)}{r.choice(['-', '番'])}{r.randint(1, 30)}"
    return f"{r.choice(['', '〒' + digits(r, 3) + '-' + digits(r, 4) + ' '])}{r.choice(JP_WARDS)}{block}{r.choice(['', ' メゾン青葉' + str(r.randint(101, 905)) + '号室', ' サンハイツ203'])}"


def japan_roman(a: Addresses, r: Random) -> str:
    return f"{r.choice(['', '#' + str(r.randint(101, 905)) + ', '])}{r.randint(1, 9)}-{r.randint(1, 40)}-{r.randint(1, 30)} {r.choice(JP_ROMAN)}{r.choice(['', ' ' + digits(r, 3) + '-' + digits(r, 4), ', Japan'])}"


def china(a: Addresses, r: Random) -> str:
    return f"{r.choice(CN_AREAS)}{r.randint(1, 400)}{r.choice(['号', '號', '号'])}{r.choice(['', str(r.randint(1, 20)) + '单元' + str(r.randint(101, 2505)) + '室', str(r.randint(2, 30)) + '楼', str(r.randint(1, 30)) + '栋' + str(r.randint(101, 905))])}"


def china_roman(a: Addresses, r: Random) -> str:
    return f"{r.choice(['', f'Room {r.randint(101, 2905)}, ', f'{r.randint(2, 40)}/F, '])}{r.choice(['No. ', '', 'No.'])}{r.randint(1, 900)} {r.choice(CN_ROMAN)}{r.choice(['', ' ' + digits(r, 6), ', China'])}"


def korea(a: Addresses, r: Random) -> str:
    return f"{r.choice(KR_ROADS)} {r.randint(1, 500)}{r.choice(['', f', {r.randint(101, 2004)}호', f' {r.randint(101, 120)}동 {r.randint(101, 2004)}호'])}{r.choice(['', f' ({digits(r, 5)})'])}"


def arabic(a: Addresses, r: Random) -> str:
    return f"{r.choice(['', f'{r.randint(1, 90)} '])}{r.choice(AR_STREETS)}{r.choice([f'، مبنى {r.randint(1, 90)}', f'، شقة {r.randint(1, 40)}', f' رقم {r.randint(1, 200)}'])}، {r.choice(AR_CITIES)}{r.choice(['', ' ' + digits(r, 5)])}"


def south(a: Addresses, r: Random) -> str:
    """India, Pakistan, the Gulf, Africa: house and area before the city."""
    house = r.choice([f"Flat {r.randint(1, 40)}{r.randint(0, 9)}, {r.choice(HOUSES)}", f"H.No. {r.randint(1, 99)}-{r.randint(1, 999)}", f"Plot {r.randint(1, 300)}", f"House No {r.randint(1, 300)}, Street {r.randint(1, 40)}", f"Villa {r.randint(1, 90)}",
                      f"{r.randint(1, 200)}, {r.randint(1, 30)}th Cross", f"{r.randint(1, 120)} {r.choice(['Adeola Odeku', 'Moi', 'Kenyatta', 'Jan Smuts', 'Nkrumah', 'Bode Thomas', 'MG', 'Shaheed Minar'])} {r.choice(['Street', 'Avenue', 'Road', 'Close', 'Crescent'])}",
                      f"P.O. Box {r.randint(10, 99999)}{r.choice(['', '-00100'])}"])
    city = r.choice(["Lagos", "Nairobi", "Mumbai 400053", "Bengaluru - 560034", "New Delhi 110070", "Karachi", "Lahore", "Dubai", "Accra", "Johannesburg 2196", "Cape Town", "Chennai - 600017", "Dhaka-1209", "Abuja", "Kampala", "Hyderabad, Telangana 500034"])
    return joined(r, [house, r.choice(AREAS), city] if r.random() < 0.8 else [house, r.choice(AREAS)])


def australia(a: Addresses, r: Random) -> str:
    return joined(r, [f"{r.choice(['', f'Unit {r.randint(1, 30)}, ', f'{r.randint(1, 30)}/', f'Level {r.randint(1, 30)}, '])}{r.randint(1, 400)} {abbreviated(r.choice(a.streets['en_AU']), r)}", f"{a.city(r)} {r.choice(['VIC', 'NSW', 'QLD', 'WA', 'SA', 'TAS', 'ACT', 'NT'])} {digits(r, 4)}"][: r.choice([1, 2, 2, 2])])


def canada(a: Addresses, r: Random) -> str:
    street = r.choice(a.streets[r.choice(["en_CA", "fr_FR"])])
    letters = "ABCEGHJKLMNPRSTVXY"
    code = f"{r.choice(letters)}{digits(r, 1)}{r.choice(letters)} {digits(r, 1)}{r.choice(letters)}{digits(r, 1)}"
    return joined(r, [f"{r.choice(['', f'{r.randint(1, 30)}-'])}{r.randint(1, 9999)} {street}", f"{a.city(r)}{r.choice([', ', ' '])}{r.choice(PROVINCES)} {code}"][: r.choice([1, 2, 2, 2])])


def sloppy(a: Addresses, r: Random) -> str:
    """Fields of a form run together: any country's street and town, some left out, separators as they come."""
    street = r.choice(a.streets[r.choice(a.latin)])
    first = r.choice([f"{r.randint(1, 9999)} {street}", f"{street} {r.randint(1, 300)}", f"{r.randint(1, 99999)} {street} {r.randint(1, 200)}", f"{r.randint(1, 999)} {street}"])
    first += r.choice(["", "", f" {unit(r)}", f", {unit(r)}", f". {unit(r)}"])
    town = a.city(r) if r.random() < 0.6 else r.choice(a.towns[r.choice(a.latin)])
    town = town.upper() if r.random() < 0.12 else town
    place = r.choice(["", f"{town}", f"{town}, {r.choice(STATES)}", f"{town} {r.choice(STATES)} {digits(r, 5)}", f"{digits(r, r.choice([4, 5]))} {town}", f"{town}, {digits(r, r.choice([3, 4, 5, 6]))}"])
    land = r.choice(["", "", country(r, r.choice("GB DE FR ES IT NL PL SE BR US IN MX AU CA TR DK NO JP CN ZA FI BE GR".split()))])
    land += f" {digits(r, r.choice([4, 5, 6]))}" if land and r.random() < 0.4 else ""
    separator = r.choice([", ", ", ", "\n", ",\n", "\n ", " ", " , ", " / ", "\n, "])
    return separator.join(part for part in [first, place, land] if part)


FORMATS = [
    Format(8, ("en",), usa), Format(1.2, ("en",), boxes), Format(3, ("en",), britain), Format(1.5, ("de",), continental("de_DE", "DE", True, "99999")),
    Format(0.5, ("de",), continental("de_AT", "AT", True, "9999")), Format(0.5, ("de",), continental("de_CH", "CH", True, "9999")), Format(1.2, ("fr",), continental("fr_FR", "FR", False, "99999")),
    Format(1, ("es",), continental("es_ES", "ES", True, "99999")), Format(1, ("it",), continental("it_IT", "IT", True, "99999")), Format(0.6, ("pt",), continental("pt_PT", "PT", True, "9999-999")),
    Format(0.8, ("nl",), continental("nl_NL", "NL", True, "9999 XX")), Format(0.6, ("pl",), continental("pl_PL", "PL", True, "99-999")), Format(0.5, ("sv",), continental("sv_SE", "SE", True, "999 99")),
    Format(0.5, ("no",), continental("no_NO", "NO", True, "9999")), Format(0.5, ("da",), continental("da_DK", "DK", True, "9999")), Format(0.4, ("fi",), continental("fi_FI", "FI", True, "99999")),
    Format(0.5, ("cs",), continental("cs_CZ", "CZ", True, "999 99")), Format(0.4, ("hu",), continental("hu_HU", "HU", True, "9999")), Format(0.3, ("ro",), continental("ro_RO", "RO", True, "999999")),
    Format(0.3, ("hr",), continental("hr_HR", "HR", True, "99999")), Format(0.2, ("el",), continental("el_GR", "GR", True, "999 99")), Format(0.6, ("pt",), brazil), Format(0.8, ("es",), mexico), Format(0.5, ("tr",), turkey),
    Format(0.3, ("ru",), russia), Format(0.1, ("uk", "ru"), ukraine), Format(0.15, ("ja",), japan), Format(0.5, ("ja",), japan_roman), Format(0.15, ("zh",), china), Format(0.6, ("zh",), china_roman), Format(0.15, ("ko",), korea),
    Format(0.15, ("ar",), arabic), Format(1.5, ("hi", "ar", "id", "sw", "tl"), south), Format(1, ("en",), australia), Format(1, ("en", "fr"), canada), Format(5, (), sloppy),
]
