"""Settings as this process gets them: file found and read, environment and flags merged over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.settings.catalog import CATALOG
from gridtokenx_indexer.ops.settings.merge import Settings, merge

SEARCHED = (Path("config.toml"), Path("/etc/gridtokenx/config.toml"))


def load_settings(
    *,
    config: Path | None,
    environment: Mapping[str, str],
    flags: Mapping[str, tuple[str, object]] | None = None,
) -> Settings:
    """`config` (or `$GRIDTOKENX_CONFIG`) must exist when given; otherwise the first of `SEARCHED`, if any."""
    path = config or _from_environment(environment)
    if path is None:
        path = next((candidate for candidate in SEARCHED if candidate.is_file()), None)
    file: dict[str, Any] = read_file(path) if path else {}
    return merge(CATALOG, file=file, file_name=str(path), environment=environment, flags=flags)


def read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"configuration file {path} cannot be read ({error.strerror})", remedy="check --config"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}", remedy="correct that line") from error


def _from_environment(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("GRIDTOKENX_CONFIG")
    return Path(named) if named else None
