from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "architecture.md"


def named_paths() -> list[str]:
    """Every path in backquotes; a bare file name stands for a sibling of the path before it in its row."""
    paths: list[str] = []
    for line in PAGE.read_text().splitlines():
        previous: Path | None = None
        for quoted in re.findall(r"`([^`]+)`", line):
            text = quoted.replace("…", "gridtokenx_indexer")
            if "/" in text and "*" not in text:
                previous = Path(text)
                paths.append(text)
            elif previous is not None and text.endswith((".py", ".rs", ".sql")):
                paths.append(str(previous.parent / text))
    return paths


def test_every_file_that_the_page_names_exists() -> None:
    paths = named_paths()
    assert len(paths) > 60
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []


def test_the_page_names_every_package() -> None:
    page = PAGE.read_text()
    packages = {path.parent.name for path in REPOSITORY.glob("gridtokenx_indexer/*/__init__.py")}
    assert {name for name in packages if f"…/{name}" not in page} == set()
