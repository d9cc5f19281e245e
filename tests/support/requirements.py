"""Which requirement is proved by which test: pure functions over ids, marks and reasons."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "requirements"
DOCUMENTS = {
    "S0": "gateway schema",
    "S1": "schema update",
    "S2": "tokenised assets",
    "S3": "mining hosting",
    "S4": "governance community",
}
"""The first part of an id to the name of its document."""
_RANGE = re.compile(r"^(S\d-[A-Z])(\d+)\.\.(\d+)$")


@dataclass(frozen=True, slots=True)
class Mark:
    """One test that claims to prove `requirement`; `skipped` when it does not run or may fail."""

    requirement: str
    test: str
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """`proved`: id to its tests; `waiting`: id to what it waits for; `errors`: contradictions."""

    texts: Mapping[str, str]
    proved: Mapping[str, Sequence[str]]
    waiting: Mapping[str, str]
    errors: Sequence[str]

    def open_by_reason(self) -> dict[str, list[str]]:
        """What open requirements wait for, with their ids."""
        groups: dict[str, list[str]] = {}
        for each, reason in self.waiting.items():
            groups.setdefault(reason, []).append(each)
        return groups

    def count(self, document: str) -> tuple[int, int]:
        """Proved and all requirements of one document."""
        ids = [each for each in self.texts if each.startswith(f"{document}-")]
        return sum(each in self.proved for each in ids), len(ids)


def read_requirements(document: str) -> dict[str, str]:
    """Id to text, in the order of the file."""
    content = tomllib.loads((FOLDER / f"{document}.toml").read_text(encoding="utf-8"))
    return dict(content["requirements"])


def all_requirements() -> dict[str, str]:
    return {each: text for document in DOCUMENTS for each, text in read_requirements(document).items()}


def shorten(ids: Sequence[str]) -> str:
    """Ids in a row as ranges: the reverse of `expand`."""
    runs: list[list[str]] = []
    for each in ids:
        if runs and expand(f"{runs[-1][0]}..{each[4:]}") == [*runs[-1], each]:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}..{run[-1][4:]}" for run in runs)


def expand(entry: str) -> list[str]:
    """`S2-H01..07` to its seven ids; any other entry to itself."""
    match = _RANGE.match(entry)
    if match is None:
        return [entry]
    stem, first, last = match.groups()
    return [f"{stem}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]


def read_waiting() -> dict[str, str]:
    """Id to what an open requirement waits for; an id listed twice keeps the first reason."""
    content = tomllib.loads((FOLDER / "open.toml").read_text(encoding="utf-8"))
    reasons: dict[str, str] = {}
    for group in content["open"]:
        for entry in group["ids"]:
            for each in expand(entry):
                reasons.setdefault(each, group["waits_for"])
    return reasons


def judge(texts: Mapping[str, str], marks: Iterable[Mark], reasons: Mapping[str, str]) -> Matrix:
    """Puts ids, tests and reasons together and names every contradiction between them."""
    proved: dict[str, list[str]] = {}
    errors: list[str] = []
    for mark in marks:
        if mark.requirement not in texts:
            errors.append(f"{mark.test} claims {mark.requirement}, which no document has")
        elif mark.skipped:
            errors.append(f"{mark.test} claims {mark.requirement} but is skipped or may fail")
        else:
            tests = proved.setdefault(mark.requirement, [])
            if mark.test not in tests:
                tests.append(mark.test)
    waiting = {each: reasons.get(each, "") for each in texts if each not in proved}
    errors += [f"{each} is open and open.toml gives no reason" for each, why in waiting.items() if not why]
    errors += [f"open.toml names {each}, which no document has" for each in reasons if each not in texts]
    errors += [f"open.toml names {each}, which is proved" for each in reasons if each in proved]
    return Matrix(texts, proved, waiting, errors)
