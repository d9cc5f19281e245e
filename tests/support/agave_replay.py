"""Asking the local node what the real node was asked, on a chain of the same shape."""

from __future__ import annotations

from typing import Any

import httpx
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet import LocalNode, LocalNodeConfig
from tests.support.agave_recording import (
    NEVER_VALID,
    PROGRAM_SO,
    SKIPPED_SLOTS,
    Case,
    Step,
    block_positions,
    load,
    named_blockhash,
    recorded_genesis_blockhash,
)

VOTE_PROGRAM = "Vote111111111111111111111111111111111111111"
LAST = (1 << 32, 0)
PAYER_LAMPORTS = 500_000_000_000_000_000
CONFIG = LocalNodeConfig(port=0, slot_ms=0, confirmation_slots=0, finality_slots=33, seed="replay")


def prepared_node() -> LocalNode:
    """A node with the recorded chain's payer and program, under the same addresses."""
    keys = load("blocks")["keys"]
    node = LocalNode(CONFIG)
    node.set_account(Pubkey.from_string(keys["payer"]), PAYER_LAMPORTS)
    node.install_program(Pubkey.from_string(keys["program"]), PROGRAM_SO.read_bytes(), None)
    return node


class Replay:
    """Moves the node along the recorded timeline; the recorded blockhashes count as the newest ones."""

    def __init__(self, node: LocalNode, client: httpx.AsyncClient) -> None:
        self._node = node
        self._client = client
        self._validator = node._validator
        self._positions = block_positions()
        self._accepted = {recorded_genesis_blockhash()}
        self._validator.blockhashes.register(recorded_genesis_blockhash(), 0)

    async def ask(self, step: Step) -> Any:
        """Status, content type and decoded body of the local node's answer."""
        self.advance(step.tip_slot)
        self._accept_blockhash(step.case)
        return await send(self._client, step.case)

    def advance(self, tip_slot: int) -> None:
        while self._validator.current_slot <= tip_slot:
            if self._validator.current_slot in SKIPPED_SLOTS:
                self._node.faults.skip_slots = 1
            self._order_pending()
            self._node.produce()

    def _order_pending(self) -> None:
        """The order inside a block is the leader's choice: take the recorded one."""
        pending = self._validator._pending
        for signature in sorted(pending, key=lambda each: self._positions.get(each, LAST)):
            pending[signature] = pending.pop(signature)

    def _accept_blockhash(self, case: Case) -> None:
        blockhash = named_blockhash(case)
        if blockhash is None or any(words in case.case for words in NEVER_VALID):
            return
        if blockhash not in self._accepted:
            self._accepted.add(blockhash)
            self._validator.blockhashes.register(blockhash, self._validator.ledger.confirmed.height)


async def send(client: httpx.AsyncClient, case: Case) -> tuple[int, Any]:
    request = case.request
    if isinstance(request, dict | list):
        response = await client.post("/", json=request)
    else:
        headers = {"content-type": "application/json"}
        response = await client.post("/", content=request.encode(), headers=headers)
    if not response.content:
        return response.status_code, None
    try:
        return response.status_code, response.json()
    except ValueError:
        return response.status_code, response.text


def without_votes(response: Any) -> Any:
    """The answer without vote transactions, which the local node does not have."""
    result = response.get("result") if isinstance(response, dict) else None
    if not isinstance(result, dict) or "transactions" not in result:
        return response
    users = [each for each in result["transactions"] if not is_vote(each)]
    return {**response, "result": {**result, "transactions": users}}


def is_vote(member: dict[str, Any]) -> bool:
    logs = member["meta"].get("logMessages")
    return VOTE_PROGRAM in (str(logs) if logs is not None else str(member["transaction"]))
