"""The websocket against the recorded transcripts of a real node."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect

from gridtokenx_indexer.localnet import LocalNode
from tests.support.agave_recording import load, timeline
from tests.support.agave_replay import Replay, prepared_node
from tests.support.shapes import differences

DEADLINE_S = 10.0
BUFFERED_S = 0.01
"""Enough for a message that has arrived already."""
LAST_SLOT = 105
ACTIONS = ("sendTransaction", "simulateTransaction", "requestAirdrop")
BINARY_FRAME = "binary frame of bytes 00 01"
TRANSCRIPTS: dict[str, list[dict[str, Any]]] = {
    each["case"]: each["transcript"] for each in load("websocket")
}
CONVERSATIONS = [case for case in TRANSCRIPTS if case.startswith("errors:")]
AFTERWARDS = [
    case for case in TRANSCRIPTS if "already confirmed" in case or "of a finalized signature" in case
]
VERSION_1 = "signatureSubscribe of a v1 transaction before the send, confirmed"
DURING = [case for case in TRANSCRIPTS if case not in {*CONVERSATIONS, *AFTERWARDS, VERSION_1}]
UNSTABLE = ("block", "vote", "slotsUpdates")
"""Real nodes offer these only behind flags; the local node does not."""


def is_unstable(message: Any) -> bool:
    return isinstance(message, dict) and str(message.get("method")).startswith(UNSTABLE)


def is_notification(message: Any) -> bool:
    return isinstance(message, dict) and "params" in message and "id" not in message


class Conversation:
    """One connection; answers come back in the order of the requests, notifications are kept apart."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids: dict[int, int] = {}
        self.notifications: list[dict[str, Any]] = []

    async def ask(self, sent: Any, recorded: Any) -> list[str]:
        """Send a recorded message; returns what differs in the answer."""
        await self._socket.send(self._encoded(sent))
        if recorded is None:
            return []
        answer = await self._answer()
        if isinstance(sent, dict) and str(sent["method"]).endswith("Subscribe") and "result" in recorded:
            self._ids[recorded["result"]] = answer.get("result")
        return list(differences(recorded, answer))

    async def _answer(self) -> Any:
        while True:
            message = msgspec.json.decode(await asyncio.wait_for(self._socket.recv(), DEADLINE_S))
            if not is_notification(message):
                return message
            self.notifications.append(message)

    async def drain(self) -> None:
        """Everything the server sent before it answers a ping."""
        await (await self._socket.ping())
        while True:
            try:
                message = await asyncio.wait_for(self._socket.recv(), BUFFERED_S)
            except TimeoutError:
                return
            self.notifications.append(msgspec.json.decode(message))

    def _encoded(self, sent: Any) -> str | bytes:
        if sent == BINARY_FRAME:
            return b"\x00\x01"
        if isinstance(sent, str):
            return sent
        if isinstance(sent, dict) and str(sent["method"]).endswith("Unsubscribe"):
            sent = {**sent, "params": [self._ids.get(each, each) for each in sent["params"]]}
        return msgspec.json.encode(sent).decode()


def exchanges(transcript: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """Sent messages with their answers, None where the real node said nothing."""
    found: list[tuple[Any, Any]] = []
    for entry in transcript:
        if "sent" in entry:
            found.append((entry["sent"], None))
        elif not is_notification(entry["received"]) and found:
            found[-1] = (found[-1][0], entry["received"])
    return [(sent, answer) for sent, answer in found if not is_unstable(sent)]


def recorded_notifications(case: str) -> list[Any]:
    received = [each["received"] for each in TRANSCRIPTS[case] if "received" in each]
    return [each for each in received if is_notification(each) and not is_unstable(each)]


@pytest.fixture
async def node() -> AsyncIterator[LocalNode]:
    async with prepared_node() as running:
        yield running


@pytest.mark.parametrize("case", CONVERSATIONS)
async def test_refuses_in_the_recorded_words(node: LocalNode, case: str) -> None:
    wrong: list[str] = []
    async with connect(node.ws_url) as socket:
        conversation = Conversation(socket)
        for sent, recorded in exchanges(TRANSCRIPTS[case]):
            wrong.extend(f"{sent}: {line}" for line in await conversation.ask(sent, recorded))
    assert wrong == []


async def run_timeline(node: LocalNode) -> None:
    async with httpx.AsyncClient(base_url=node.http_url) as client:
        replay = Replay(node, client)
        for step in timeline():
            if step.tip_slot <= LAST_SLOT and step.case.case.startswith(ACTIONS):
                await replay.ask(step)
        replay.advance(LAST_SLOT)


async def test_notifies_like_the_recorded_node(node: LocalNode) -> None:
    """Every recorded subscription at once, over the replayed chain."""
    wrong: dict[str, list[str]] = {}
    async with AsyncExitStack() as stack:
        conversations: dict[str, Conversation] = {}
        for case in DURING:
            conversation = Conversation(await stack.enter_async_context(connect(node.ws_url, max_queue=None)))
            conversations[case] = conversation
            for sent, recorded in exchanges(TRANSCRIPTS[case]):
                if "Unsubscribe" not in str(sent):
                    wrong.setdefault(case, []).extend(await conversation.ask(sent, recorded))
        await run_timeline(node)
        for case, conversation in conversations.items():
            await conversation.drain()
            wrong[case].extend(_notification_differences(case, conversation.notifications))
            for sent, recorded in exchanges(TRANSCRIPTS[case]):
                if "Unsubscribe" in str(sent):
                    wrong[case].extend(await conversation.ask(sent, recorded))
    assert {case: lines for case, lines in wrong.items() if lines} == {}


async def test_tells_at_once_what_is_already_known(node: LocalNode) -> None:
    wrong: dict[str, list[str]] = {}
    await run_timeline(node)
    for case in AFTERWARDS:
        transcript = msgspec.json.decode(msgspec.json.encode(TRANSCRIPTS[case]))
        stand_in = node._validator.ledger.block(48)
        assert stand_in is not None
        async with connect(node.ws_url) as socket:
            conversation = Conversation(socket)
            subscribe, unsubscribe = exchanges(transcript)
            subscribe[0]["params"][0] = stand_in.transactions[-1].wire.signature
            lines = await conversation.ask(*subscribe)
            await conversation.drain()
            lines += _notification_differences(case, conversation.notifications)
            wrong[case] = lines + await conversation.ask(*unsubscribe)
    assert {case: lines for case, lines in wrong.items() if lines} == {}


def _notification_differences(case: str, ours: list[dict[str, Any]]) -> list[str]:
    """Every kind of notification has come, and the first of each looks as recorded."""
    lines: list[str] = []
    for method in dict.fromkeys(each["method"] for each in recorded_notifications(case)):
        recorded = next(each for each in recorded_notifications(case) if each["method"] == method)
        mine = next((each for each in ours if each["method"] == method), None)
        if mine is None:
            lines.append(f"no {method}")
        else:
            lines.extend(differences(recorded, mine, method))
    if not recorded_notifications(case) and ours:
        lines.append(f"{len(ours)} notifications instead of none")
    return lines
