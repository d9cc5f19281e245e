"""A stopped local node and the errands that need no waiting."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from solders.hash import Hash
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from tests.support.node import NodeClient

SOL = 1_000_000_000
STOPPED = LocalNodeConfig(port=0, slot_ms=0, finality_slots=6, seed="tests")


@asynccontextmanager
async def stopped_node(config: LocalNodeConfig = STOPPED) -> AsyncIterator[tuple[LocalNode, NodeClient]]:
    """A node whose slots pass only when the test says so, and a client of it."""
    async with LocalNode(config) as node, httpx.AsyncClient() as http:
        yield node, NodeClient(http, node.http_url, node.ws_url, patience_s=5)


def funded(node: LocalNode, lamports: int = 10 * SOL) -> Keypair:
    key = Keypair()
    node.set_account(key.pubkey(), lamports)
    return key


def payment(node: LocalNode, source: Keypair, target: Pubkey, lamports: int = SOL) -> Transaction:
    """A transfer under the newest blockhash."""
    blockhash = Hash.from_string(node.newest("processed").blockhash)
    params = TransferParams(from_pubkey=source.pubkey(), to_pubkey=target, lamports=lamports)
    return Transaction.new_signed_with_payer([transfer(params)], source.pubkey(), [source], blockhash)


async def send(client: NodeClient, transaction: Transaction, **config: Any) -> str:
    text = base64.b64encode(bytes(transaction)).decode()
    options = {"encoding": "base64", "preflightCommitment": "processed", **config}
    signature: str = await client.call("sendTransaction", text, options)
    return signature


def lamports(node: LocalNode, address: Pubkey) -> int:
    state = node.account(address)
    return state.lamports if state else 0
