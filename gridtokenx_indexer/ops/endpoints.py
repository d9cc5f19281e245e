"""Endpoints as people name them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from gridtokenx_indexer.domain.errors import UsageError

MONIKERS = {
    "mainnet-beta": "https://api.mainnet-beta.solana.com",
    "testnet": "https://api.testnet.solana.com",
    "devnet": "https://api.devnet.solana.com",
    "localhost": "http://127.0.0.1:8899",
}
_SHORT = {name[0]: name for name in MONIKERS}


def rpc_urls(names: Sequence[str]) -> tuple[str, ...]:
    """URLs for URLs and monikers; raises `UsageError` for anything else or for nothing."""
    urls = tuple(_url(name.strip()) for name in names)
    if not urls:
        raise UsageError("no RPC endpoint is given", remedy="set SOLANA_RPC_URL or --url")
    return urls


def _url(name: str) -> str:
    known = MONIKERS.get(_SHORT.get(name, name))
    if known is not None:
        return known
    parts = urlsplit(name)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise UsageError(
            f"{name!r} is no RPC endpoint", remedy=f"give an http(s) URL or one of {', '.join(MONIKERS)}"
        )
    return name
