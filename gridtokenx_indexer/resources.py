"""Files that ship with the package: SQL, the program, its IDL, the sample configuration."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def resource(relative: str) -> Path:
    """The path of a shipped file, in an installed wheel (`_data`) or in a source checkout."""
    packaged = PACKAGE / "_data" / relative
    return packaged if packaged.exists() else PACKAGE.parent / relative
