"""Migration files as sqlx names and hashes them, so that its tools agree with our ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha384
from itertools import pairwise
from pathlib import Path

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.resources import resource

_VERSION = re.compile(r"[+-]?[0-9]+")
_NO_TRANSACTION = b"-- no-transaction"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file; `checksum` is the SHA-384 of its raw bytes, line ends included."""

    version: int
    description: str
    file_name: str
    content: bytes
    checksum: bytes


def shipped_directory() -> Path:
    """Where the package keeps its migrations."""
    return resource("sql/migrations")


def parse_migration(file_name: str, content: bytes) -> Migration | None:
    """One file as a migration, None when it is none; raises `StopError` for a malformed one."""
    number, underscore, words = file_name.partition("_")
    if not underscore or not file_name.endswith(".sql"):
        return None
    if not _VERSION.fullmatch(number):
        raise StopError(f"migration {file_name} has no version number", remedy="name it NNNN_words.sql")
    if content.startswith(_NO_TRANSACTION):
        raise StopError(
            f"migration {file_name} asks for no transaction",
            remedy="build large indexes outside the migrations; a half-applied migration cannot be recorded",
        )
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StopError(f"migration {file_name} is not UTF-8: {error}") from error
    while words.endswith(".sql"):
        words = words.removesuffix(".sql")
    return Migration(
        int(number), words.replace("_", " "), file_name, content, checksum=sha384(content).digest()
    )


def load_migrations(directory: Path) -> tuple[Migration, ...]:
    """All migrations of a directory by version; raises `StopError` for a bad file or a version used twice."""
    if not directory.is_dir():
        raise StopError(f"no migrations at {directory}", remedy="reinstall the package")
    files = (path for path in sorted(directory.iterdir()) if path.is_file())
    parsed = (parse_migration(path.name, path.read_bytes()) for path in files)
    migrations = sorted((m for m in parsed if m is not None), key=lambda m: m.version)
    for first, second in pairwise(migrations):
        if first.version == second.version:
            raise StopError(
                f"migrations {first.file_name} and {second.file_name} share version {first.version}",
                remedy="give one of them the next free number",
            )
    return tuple(migrations)
