"""The version of the installed package."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def package_version() -> str:
    """As installed; `unknown` for a source tree that was never installed."""
    try:
        return version("gridtokenx-indexer")
    except PackageNotFoundError:
        return "unknown"
