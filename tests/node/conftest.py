"""The node under test: the one at SOLANA_RPC_URL, or a local node of the test's own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from tests.support.node import NodeClient
from tests.support.program import PROGRAM_ID, program_elf

FAST = LocalNodeConfig(port=0, slot_ms=15, finality_slots=8)
LOCAL_PATIENCE_S = 20.0
REMOTE_PATIENCE_S = 240.0


@pytest.fixture
async def client() -> AsyncIterator[NodeClient]:
    """A client of a node that carries our program."""
    url = os.environ.get("SOLANA_RPC_URL")
    async with httpx.AsyncClient(timeout=30) as http:
        if url:
            yield NodeClient(http, url, websocket_url(url), REMOTE_PATIENCE_S)
            return
        async with LocalNode(FAST) as node:
            node.install_program(PROGRAM_ID, program_elf(), Pubkey.default())
            yield NodeClient(http, node.http_url, node.ws_url, LOCAL_PATIENCE_S)


def websocket_url(http_url: str) -> str:
    """Same host, next port, as local nodes have it."""
    parts = urlsplit(http_url)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.hostname}:{(parts.port or 8899) + 1}"
