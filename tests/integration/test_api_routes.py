from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from solders.pubkey import Pubkey

from gridtokenx_indexer.api.app import ApiSources, create_app
from gridtokenx_indexer.api.reading import Reader
from gridtokenx_indexer.api.schemas import Readiness
from gridtokenx_indexer.domain.merkle import leaf_hash, verify_range
from gridtokenx_indexer.store.pool import Pool
from tests.support.api_rows import (
    ENERGY_ACCOUNT,
    EPOCH,
    PROGRAM,
    WALLET,
    energy_base_units,
    write_balance,
    write_cursor,
    write_epoch,
    write_events,
)


async def readiness() -> Readiness:
    return Readiness(ready=False, reasons=["120 slots behind"], lag_slots=120)


async def status() -> dict[str, Any]:
    return {"version": "0"}


async def metrics() -> bytes:
    return b"gridtokenx_up 1\n"


@pytest.fixture
async def client(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        ApiSources(reader=Reader(pool), readiness=readiness, status=status, metrics=metrics, version="1.2.3")
    )
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as opened:
        yield opened


async def get(client: httpx.AsyncClient, path: str, **parameters: object) -> Any:
    answer = await client.get(path, params={name: str(value) for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_empty_index_says_so(client: httpx.AsyncClient) -> None:
    body = await get(client, "/v1/events")
    assert body == {"context": {"slot": None, "finality": "confirmed"}, "data": [], "next_cursor": None}


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_follow_each_other_without_loss_or_repetition(
    client: httpx.AsyncClient, pool: Pool, order: str
) -> None:
    await write_cursor(pool, head=11, finalized=7)
    await write_events(pool, 11)
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        body = await get(client, "/v1/events", limit=4, order=order, **cursor)
        seen += [int(event["slot"]) for event in body["data"]]
        if body["next_cursor"] is None:
            break
        cursor = {"cursor": body["next_cursor"]}
    assert seen == sorted(range(1, 12), reverse=order == "desc")


async def test_events_keep_u64_exact_and_know_their_finality(client: httpx.AsyncClient, pool: Pool) -> None:
    await write_cursor(pool, head=3, finalized=2)
    await write_events(pool, 3)
    body = await get(client, "/v1/events")
    assert body["context"] == {"slot": "3", "finality": "confirmed"}
    assert [event["finality"] for event in body["data"]] == ["confirmed", "finalized", "finalized"]
    assert body["data"][0]["data"]["amount"] == "18446744073709551615"
    final = await get(client, "/v1/events", finality="finalized")
    assert final["context"] == {"slot": "2", "finality": "finalized"}
    assert [event["slot"] for event in final["data"]] == ["2", "1"]


@pytest.mark.parametrize(
    ("filters", "slots"),
    [
        ({"type": "TradesSettled"}, [4, 2]),
        ({"wallet": WALLET}, [5, 3, 1]),
        ({"program_id": WALLET}, []),
        ({"signature": f"{3:088d}"}, [3]),
        ({"from_slot": 2, "to_slot": 3}, [3, 2]),
        ({"from_time": "2016-05-12T00:04:00Z"}, [5, 4]),
        ({"to_time": "2016-05-12T00:02:00Z"}, [1]),
        ({"type": "EnergyMinted", "to_slot": 3, "finality": "finalized"}, [3, 1]),
    ],
)
async def test_filters(
    client: httpx.AsyncClient, pool: Pool, filters: dict[str, Any], slots: list[int]
) -> None:
    await write_cursor(pool, head=5, finalized=4)
    await write_events(pool, 5)
    body = await get(client, "/v1/events", **filters)
    assert [int(event["slot"]) for event in body["data"]] == slots


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("from_slot=-1", "from_slot"),
        ("from_time=yesterday", "from_time"),
        ("order=sideways", "order"),
        ("cursor=abc", None),
    ],
)
async def test_wrong_queries_are_refused_in_the_one_shape(
    client: httpx.AsyncClient, query: str, field: str | None
) -> None:
    answer = await client.get(f"/v1/events?{query}")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("field")) == (400, "bad_request", field)
    assert error["message"]


async def test_a_cursor_serves_only_its_own_query(client: httpx.AsyncClient, pool: Pool) -> None:
    await write_cursor(pool, head=5, finalized=4)
    await write_events(pool, 5)
    cursor = (await get(client, "/v1/events", limit=2))["next_cursor"]
    answer = await client.get("/v1/events", params={"type": "EnergyMinted", "cursor": cursor})
    assert answer.status_code == 400
    assert "other filters" in answer.json()["error"]["message"]


async def test_an_unchanged_answer_is_304_even_when_the_slot_moved_on(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    await write_cursor(pool, head=5, finalized=5)
    await write_events(pool, 2)
    first = await client.get("/v1/events")
    await pool.execute("UPDATE indexer.cursors SET head_slot = 6")
    again = await client.get("/v1/events", headers={"If-None-Match": f'"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = await client.get("/v1/events?limit=1", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize("amount", [2**64 - 1, 10**9, 1_160_000_000, 0])
async def test_balances_of_a_token_account_and_of_its_owner(
    client: httpx.AsyncClient, pool: Pool, amount: int
) -> None:
    await write_cursor(pool, head=5, finalized=2)
    await write_balance(pool, amount)
    for address in (ENERGY_ACCOUNT, WALLET):
        body = await get(client, f"/v1/balances/{address}")
        assert body["data"] == [
            {
                "account": ENERGY_ACCOUNT,
                "owner": WALLET,
                "mint": PROGRAM,
                "total": str(amount),
                "available": str(amount),
                "locked": "0",
                "slot": "3",
                "finality": "confirmed",
            }
        ]
    missing = await client.get("/v1/balances/nobody")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")


async def test_an_epoch_with_its_zones_and_parts(client: httpx.AsyncClient, pool: Pool) -> None:
    published = await write_epoch(pool, 3)
    body = (await get(client, f"/v1/epochs/{EPOCH}"))["data"]
    assert (body["number"], body["status"], body["clearing_price"]) == (str(EPOCH), "cleared", "3.250000")
    assert body["settlements"] == {}
    (zone,) = body["zones"]
    assert (zone["volume_kwh"], zone["trades"], zone["book_hash"]) == ("1.500000", 3, "00" * 32)
    assert zone["parts"][0]["root"] == published.hex()
    assert (await client.get("/v1/epochs/201605121215")).status_code == 404


async def test_every_trade_of_an_epoch_can_be_proved(client: httpx.AsyncClient, pool: Pool) -> None:
    published = await write_epoch(pool, 5)
    for index in range(5):
        body = (await get(client, f"/v1/epochs/{EPOCH}/trades/{index}/proof"))["data"]
        assert body["leaf"]["energy"] == str(energy_base_units(index))
        assert _leaf_of(body["leaf"]).hex() == body["leaf_hash"]
        assert verify_range(
            [bytes.fromhex(body["leaf_hash"])],
            first=body["position"],
            total=body["leaves"],
            proof=[bytes.fromhex(sibling) for sibling in body["proof"]],
            expected_root=published,
        )
    assert (await client.get(f"/v1/epochs/{EPOCH}/trades/5/proof")).status_code == 404
    assert (await client.get(f"/v1/epochs/{EPOCH}/trades/0/proof?zone=1")).status_code == 404


def _leaf_of(served: dict[str, Any]) -> bytes:
    """What anyone computes from the answer alone."""
    accounts = ("seller_energy", "buyer_energy", "buyer_payment", "seller_payment")
    return leaf_hash(
        epoch=int(served["epoch"]),
        zone=served["zone"],
        index=served["trade_index"],
        energy_base_units=int(served["energy"]),
        payment_base_units=int(served["payment"]),
        fee_base_units=int(served["fee"]),
        **{name: bytes(Pubkey.from_string(served[name])) for name in accounts},
    )


async def test_operation_endpoints(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["reasons"]) == (503, ["120 slots behind"])
    assert (await client.get("/status")).json() == {"version": "0"}
    shown = await client.get("/metrics")
    assert shown.text == "gridtokenx_up 1\n"
    assert shown.headers["content-type"].startswith("text/plain; version=0.0.4")


async def test_openapi_describes_every_route(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "1.2.3"
    assert set(document["paths"]) == {
        "/health",
        "/healthz",
        "/metrics",
        "/ready",
        "/readyz",
        "/status",
        "/v1/balances/{account}",
        "/v1/epochs/{number}",
        "/v1/epochs/{number}/trades/{index}/proof",
        "/v1/events",
    }
    page = document["components"]["schemas"]["EventPage"]
    assert set(page["properties"]) == {"context", "data", "next_cursor"}


async def test_a_lost_database_is_503_and_not_a_trace(client: httpx.AsyncClient, pool: Pool) -> None:
    await pool.close()
    answer = await client.get("/v1/events")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert (await client.get("/healthz")).status_code == 200
