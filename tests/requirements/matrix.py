"""Prints each requirement with the tests that prove it: `make requirements`."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from tests.support.requirements import (
    DOCUMENTS,
    Mark,
    Matrix,
    all_requirements,
    judge,
    read_waiting,
    shorten,
)


class Collector:
    """Takes the requirement marks of everything that pytest would run."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            skipped = any(may_not_run(mark) for mark in item.iter_markers())
            for mark in item.iter_markers("requirement"):
                self.marks += [Mark(str(each), item.nodeid, skipped) for each in mark.args]


def may_not_run(mark: pytest.Mark) -> bool:
    """Whether the mark skips the test here, or forgives its failure."""
    if mark.name == "skipif":
        return bool(mark.kwargs.get("condition", mark.args and mark.args[0]))
    return mark.name in ("skip", "xfail")


def collect() -> list[Mark]:
    """The marks of the whole suite; ends the process when a test module cannot be imported."""
    collector = Collector()
    output = StringIO()
    with redirect_stdout(output):
        code = pytest.main(["--collect-only", "-q", "-p", "no:randomly", "tests"], plugins=[collector])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.stderr.write(output.getvalue())
        raise SystemExit(1)
    return collector.marks


def lines(matrix: Matrix) -> list[str]:
    """One line per requirement, then what is open and why, then the counts."""
    out = ["id        state   what is asked  <- the test that proves it, or what it waits for"]
    for each, text in matrix.texts.items():
        tests = matrix.proved.get(each)
        if tests is None:
            out.append(f"{each:9} open    {text}  <- waits for {matrix.waiting[each] or '?'}")
        else:
            more = f" (+{len(tests) - 1})" if len(tests) > 1 else ""
            out.append(f"{each:9} proved  {text}  <- {tests[0]}{more}")
    out += ["", f"{len(matrix.waiting)} open, by what they wait for:"]
    out += [
        f"  {len(ids):3} {reason or '?'}: {shorten(ids)}" for reason, ids in matrix.open_by_reason().items()
    ]
    out += ["", "proved by a test that fails without it:"]
    for document, name in DOCUMENTS.items():
        proved, whole = matrix.count(document)
        out.append(f"  {document} {name:20} {proved:3} of {whole}")
    out.append(f"  all {'':19} {len(matrix.proved):3} of {len(matrix.texts)}")
    return out


def main() -> int:
    matrix = judge(all_requirements(), collect(), read_waiting())
    sys.stdout.write("\n".join(lines(matrix)) + "\n")
    sys.stderr.write("".join(f"error: {error}\n" for error in matrix.errors))
    return 1 if matrix.errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
