"""The JSON-RPC client against scripted HTTP answers: endpoint choice, retries, error mapping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from gridtokenx_indexer.domain.errors import ParkError, RetryableError, UsageError
from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.endpoints import EndpointPool, parse_urls
from gridtokenx_indexer.source.errors import (
    BlockCleanedUpError,
    BlockNotAvailableError,
    EndpointError,
    RpcRequestError,
    SlotSkippedError,
    TransactionRefusedError,
    UnsupportedVersionError,
)
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.source.websocket import websocket_urls

A, B = "http://a.test:1/secret-key", "http://b.test:2"
Answer = Callable[[httpx.Request], httpx.Response]


def result(value: Any) -> Answer:
    return lambda _: httpx.Response(200, json={"jsonrpc": "2.0", "result": value, "id": 1})


def error(code: int, message: str = "no", data: Any = None) -> Answer:
    body = {"jsonrpc": "2.0", "error": {"code": code, "message": message, "data": data}, "id": 1}
    return lambda _: httpx.Response(200, json=body)


def status(code: int, headers: dict[str, str] | None = None) -> Answer:
    return lambda _: httpx.Response(code, headers=headers)


def broken(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def slow(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow")


def client(script: dict[str, list[Answer]], urls: tuple[str, ...] = (A,)) -> RpcClient:
    """Each host answers its list in turn and the last answer for ever."""

    def handle(request: httpx.Request) -> httpx.Response:
        answers = script[request.url.host]
        return (answers.pop(0) if len(answers) > 1 else answers[0])(request)

    config = RpcConfig(urls=urls, attempts=3, backoff_ms=0, quarantine_ms=60_000)
    return RpcClient(config, http_transport=httpx.MockTransport(handle))


async def slot(rpc: RpcClient) -> int:
    async with rpc:
        return await rpc.get_slot(Commitment.CONFIRMED)


@pytest.mark.parametrize(
    "trouble", [broken, slow, status(500), status(429), error(-32005), error(-32603), result("x")]
)
async def test_trouble_with_an_endpoint_moves_the_call_to_the_next(trouble: Answer) -> None:
    rpc = client({"a.test": [trouble], "b.test": [result(7)]}, (A, B))
    assert await slot(rpc) == 7
    assert rpc.counters["b.test:2", "getSlot", "ok"] == 1
    assert sum(count for (label, _, _), count in rpc.counters.items() if label == "a.test:1") == 1


async def test_labels_hide_what_may_be_a_key() -> None:
    rpc = client({"a.test": [result(7)]})
    await slot(rpc)
    assert "secret" not in str(rpc.counters)


async def test_a_lone_endpoint_is_tried_again() -> None:
    assert await slot(client({"a.test": [broken, status(503), result(7)]})) == 7


async def test_it_gives_up_as_retryable_after_the_configured_attempts() -> None:
    rpc = client({"a.test": [broken]})
    with pytest.raises(EndpointError, match=r"a\.test:1: ConnectError") as caught:
        await slot(rpc)
    assert isinstance(caught.value, RetryableError)
    assert rpc.counters["a.test:1", "getSlot", "network"] == 3


async def test_a_pause_that_the_endpoint_asks_for_is_kept() -> None:
    rpc = client({"a.test": [status(429, {"Retry-After": "30"}), result(7)]})
    with pytest.raises(EndpointError) as caught:
        await slot(rpc)
    assert 29_000 < (caught.value.retry_after_ms or 0) <= 30_000
    assert rpc.counters == {("a.test:1", "getSlot", "http_429"): 1}


async def test_a_pinned_view_keeps_to_its_endpoint() -> None:
    rpc = client({"a.test": [result(1), broken], "b.test": [result(2)]}, (A, B))
    async with rpc:
        pinned = rpc.pinned()
        assert await pinned.get_slot(Commitment.FINALIZED) == 1
        with pytest.raises(EndpointError):
            await pinned.get_slot(Commitment.FINALIZED)
        assert await rpc.pinned().get_slot(Commitment.FINALIZED) == 2
        assert pinned.second_opinion() is not None
        assert rpc.second_opinion() is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-32004, BlockNotAvailableError),
        (-32014, BlockNotAvailableError),
        (-32007, SlotSkippedError),
        (-32009, SlotSkippedError),
        (-32001, BlockCleanedUpError),
        (-32015, UnsupportedVersionError),
        (-32602, RpcRequestError),
        (-32020, RpcRequestError),
        (-32601, RpcRequestError),
        (-32016, EndpointError),
        (-32429, EndpointError),
        (12345, EndpointError),
    ],
)
async def test_codes_become_what_the_caller_must_do(code: int, kind: type[Exception]) -> None:
    async with client({"a.test": [error(code, "the node's words")]}) as rpc:
        with pytest.raises(kind, match="the node's words") as caught:
            await rpc.get_block(Slot(5), Commitment.CONFIRMED)
        assert isinstance(caught.value, RetryableError | ParkError)


async def test_an_answer_about_a_block_is_no_fault_of_the_endpoint() -> None:
    rpc = client({"a.test": [error(-32004)], "b.test": [result(7)]}, (A, B))
    async with rpc:
        with pytest.raises(BlockNotAvailableError):
            await rpc.get_block(Slot(5), Commitment.CONFIRMED)
        with pytest.raises(BlockNotAvailableError):
            await rpc.get_block(Slot(5), Commitment.CONFIRMED)
    assert rpc.counters == {("a.test:1", "getBlock", "error_-32004"): 2}


async def test_a_null_block_is_a_fault_and_not_an_absence() -> None:
    async with client({"a.test": [result(None)]}) as rpc:
        with pytest.raises(EndpointError, match="null for slot 5"):
            await rpc.get_block(Slot(5), Commitment.FINALIZED)


async def test_a_refused_transaction_tells_why() -> None:
    data = {"err": {"InstructionError": [0, {"Custom": 1}]}, "logs": ["one"], "unitsConsumed": 3}
    async with client({"a.test": [error(-32002, "simulation failed", data)]}) as rpc:
        with pytest.raises(TransactionRefusedError) as caught:
            await rpc.send_transaction(b"\x01")
    assert caught.value.transaction_error == {"InstructionError": [0, {"Custom": 1}]}
    assert caught.value.logs == ("one",)


@pytest.mark.parametrize("data", [None, "text", {"err": 5}, {"numSlotsBehind": 1}])
async def test_a_refusal_without_the_usual_data_is_still_a_refusal(data: Any) -> None:
    async with client({"a.test": [error(-32002, "no", data)]}) as rpc:
        with pytest.raises(TransactionRefusedError):
            await rpc.send_transaction(b"\x01")


async def test_requests_ask_for_what_the_index_needs() -> None:
    seen: list[Any] = []

    def record(request: httpx.Request) -> httpx.Response:
        seen.append(msgspec.json.decode(request.content))
        return error(-32004)(request)

    async with client({"a.test": [record]}) as rpc:
        with pytest.raises(BlockNotAvailableError):
            await rpc.get_block(Slot(5), Commitment.FINALIZED)
    assert seen[0]["params"] == [
        5,
        {
            "encoding": "json",
            "transactionDetails": "full",
            "rewards": False,
            "commitment": "finalized",
            "maxSupportedTransactionVersion": 1,
        },
    ]


async def test_accounts_come_with_the_slot_of_the_bank() -> None:
    value = {
        "lamports": 5,
        "owner": "o",
        "data": ["AQI=", "base64"],
        "executable": False,
        "rentEpoch": 2**64 - 1,
    }
    answer = result({"context": {"slot": 9, "apiVersion": "x"}, "value": [value, None]})
    async with client({"a.test": [answer]}) as rpc:
        found = await rpc.get_multiple_accounts([Address("x"), Address("y")], Commitment.FINALIZED)
    assert found.context_slot == 9
    assert found.accounts[0] is not None
    assert found.accounts[0].data == b"\x01\x02"
    assert found.accounts[1] is None


def test_the_quarantine_grows_and_ends_with_a_success() -> None:
    pool = EndpointPool(RpcConfig(urls=(A, B), quarantine_ms=100, quarantine_max_ms=300))
    first, second = pool.endpoints
    for now, rests_until in ((0, 100), (100, 300), (300, 600), (600, 900)):
        pool.failed(first, now, None)
        assert first.resting_until_ms == rests_until
        assert pool.choose(now) is second
    assert pool.choose(900) is first
    pool.succeeded(first)
    pool.failed(first, 1_000, None)
    assert first.resting_until_ms == 1_100
    pool.failed(second, 1_000, 5_000)
    assert pool.choose(1_050) is first


@pytest.mark.parametrize("text", ["", " , ", "ws://x", "localhost:8899", "http://"])
def test_what_is_no_list_of_endpoints_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_urls(text)


def test_a_list_of_endpoints_is_split() -> None:
    assert parse_urls(f" {A} ,{B},") == (A, B)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8899", "ws://127.0.0.1:8900"),
        ("https://rpc.example/key?x=1", "wss://rpc.example/key?x=1"),
        ("http://[::1]:8899/", "ws://[::1]:8900/"),
    ],
)
def test_the_websocket_is_found_by_habit(url: str, expected: str) -> None:
    assert websocket_urls(RpcConfig(urls=(url,))) == (expected,)
    assert websocket_urls(RpcConfig(urls=(url,), ws_urls=("ws://y",))) == ("ws://y",)
