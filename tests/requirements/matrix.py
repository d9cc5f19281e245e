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
)


class Collector:
    """Takes the requirement marks of everything that pytest would run."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            skipped = item.get_closest_marker("skip") is not None or any(
                bool(mark.args and mark.args[0]) for mark in item.iter_markers("skipif")
            )
            for mark in item.iter_markers("requirement"):
                self.marks += [Mark(str(each), item.nodeid, skipped) for each in mark.args]


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
    """One line per requirement, then the counts, then what is wrong."""
    out = []
    for each, text in matrix.texts.items():
        tests = matrix.proved.get(each)
        if tests is None:
            out.append(f"{each:9} open    {text}  <- waits for {matrix.waiting[each] or '?'}")
        else:
            more = f" (+{len(tests) - 1})" if len(tests) > 1 else ""
            out.append(f"{each:9} proved  {text}  <- {tests[0]}{more}")
    counts = {document: matrix.count(document) for document in DOCUMENTS}
    out.append("")
    out += [f"{document}: {proved} of {whole} proved" for document, (proved, whole) in counts.items()]
    out.append(f"all: {len(matrix.proved)} of {len(matrix.texts)} proved")
    out += [f"error: {error}" for error in matrix.errors]
    return out


def main() -> int:
    matrix = judge(all_requirements(), collect(), read_waiting())
    sys.stdout.write("\n".join(lines(matrix)) + "\n")
    return 1 if matrix.errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
