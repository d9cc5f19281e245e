"""Subscriptions and their notifications."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from solders.keypair import Keypair
from solders.system_program import TransferParams, transfer
from websockets.asyncio.client import ClientConnection, connect

from tests.support.node import CONFIRMED, SOL, NodeClient

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
SYSTEM = "11111111111111111111111111111111"


class Subscriber:
    """One connection with one request at a time."""

    def __init__(self, socket: ClientConnection, patience_s: float) -> None:
        self._socket = socket
        self._patience_s = patience_s
        self._early: list[dict[str, Any]] = []

    async def ask(self, method: str, *params: Any) -> dict[str, Any]:
        request = {"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)}
        await self._socket.send(msgspec.json.encode(request).decode())
        while True:
            message = await self._next()
            if message.get("id") == 7:
                return message
            self._early.append(message)

    async def notification(self, wanted: Callable[[Any], bool] = lambda result: True) -> dict[str, Any]:
        """The params of the next notification whose result is wanted."""
        while True:
            message = self._early.pop(0) if self._early else await self._next()
            if "params" in message and wanted(message["params"]["result"]):
                params: dict[str, Any] = message["params"]
                return params

    async def _next(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self._socket.recv(), self._patience_s)
        message: dict[str, Any] = msgspec.json.decode(text)
        return message


async def test_slots_are_told(client: NodeClient) -> None:
    async with connect(client.ws_url) as socket:
        subscriber = Subscriber(socket, client.patience_s)
        number = (await subscriber.ask("slotSubscribe"))["result"]
        first = await subscriber.notification()
        second = await subscriber.notification()
        assert first["subscription"] == second["subscription"] == number
        assert second["result"]["slot"] > first["result"]["slot"]
        assert second["result"]["parent"] < second["result"]["slot"]
        assert (await subscriber.ask("slotUnsubscribe", number))["result"] is True
        assert (await subscriber.ask("slotUnsubscribe", number))["error"]["code"] == -32602


async def test_roots_are_told(client: NodeClient) -> None:
    async with connect(client.ws_url) as socket:
        subscriber = Subscriber(socket, client.patience_s)
        await subscriber.ask("rootSubscribe")
        first = (await subscriber.notification())["result"]
        assert (await subscriber.notification(lambda root: root > first))["result"] > first


async def test_a_transfer_is_told_to_everybody_concerned(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    params = TransferParams(from_pubkey=alice.pubkey(), to_pubkey=bob.pubkey(), lamports=SOL)
    transaction = await client.signed([transfer(params)], alice)
    signature = str(transaction.signatures[0])
    address = str(bob.pubkey())
    base64 = {"encoding": "base64", **CONFIRMED}
    filters = {"filters": [{"dataSize": 0}], **base64}
    requests: dict[str, tuple[Any, ...]] = {
        "signatureSubscribe": (signature, CONFIRMED),
        "accountSubscribe": (address, base64),
        "programSubscribe": (SYSTEM, filters),
        "logsSubscribe": ({"mentions": [address]}, CONFIRMED),
    }
    sockets = {method: await connect(client.ws_url) for method in requests}
    try:
        subscribers = {method: Subscriber(each, client.patience_s) for method, each in sockets.items()}
        for method, arguments in requests.items():
            assert "result" in await subscribers[method].ask(method, *arguments)
        await client.submit(transaction)
        signed = await subscribers["signatureSubscribe"].notification()
        assert signed["result"]["value"] == {"err": None}
        account = await subscribers["accountSubscribe"].notification()
        assert account["result"]["value"]["lamports"] == SOL
        assert account["result"]["context"]["slot"] == signed["result"]["context"]["slot"]
        program = await subscribers["programSubscribe"].notification(
            lambda result: result["value"]["pubkey"] == address
        )
        assert program["result"]["value"]["account"]["lamports"] == SOL
        logs = await subscribers["logsSubscribe"].notification()
        assert logs["result"]["value"]["signature"] == signature
        assert logs["result"]["value"]["logs"][-1] == f"Program {SYSTEM} success"
    finally:
        for each in sockets.values():
            await each.close()


async def test_a_signature_is_told_once(client: NodeClient) -> None:
    alice, bob = await client.funded(), Keypair()
    params = TransferParams(from_pubkey=alice.pubkey(), to_pubkey=bob.pubkey(), lamports=SOL)
    landed = await client.sent([transfer(params)], alice)
    async with connect(client.ws_url) as socket:
        subscriber = Subscriber(socket, client.patience_s)
        signature = landed["transaction"]["signatures"][0]
        number = (await subscriber.ask("signatureSubscribe", signature, CONFIRMED))["result"]
        assert (await subscriber.notification())["subscription"] == number
        answer = await subscriber.ask("signatureUnsubscribe", number)
        assert answer["error"]["message"] == "Invalid subscription id."


async def test_http_methods_are_unknown_here(client: NodeClient) -> None:
    async with connect(client.ws_url) as socket:
        subscriber = Subscriber(socket, client.patience_s)
        assert (await subscriber.ask("getSlot"))["error"]["code"] == -32601
