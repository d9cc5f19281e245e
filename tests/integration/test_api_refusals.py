"""Whatever anybody sends gets an answer of 200 to 499 that says what is wrong; never a trace in the log."""

from __future__ import annotations

import asyncio
import base64
import json
from uuid import UUID

import httpx
import pytest

from gridtokenx_indexer.api.cursors import Keyset, decode_cursor, encode_cursor
from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.store.pool import Pool
from tests.integration.test_api_routes import client as client  # a fixture
from tests.support.api_rows import EPOCH, write_cursor, write_epoch, write_events


def crafted(slot: int) -> str:
    """The first page's own cursor with another slot."""
    raw = base64.urlsafe_b64decode(encode_cursor(Keyset(0, UUID(int=0)), "filters") + "==")
    version, digest, (_, row_id) = json.loads(raw)
    return (
        base64.urlsafe_b64encode(json.dumps([version, digest, [slot, row_id]]).encode()).decode().rstrip("=")
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/events?type=%00", "zero byte"),
        ("/v1/events?wallet=a%00b", "zero byte"),
        ("/v1/balances/%00", "zero byte"),
        ("/v1/events?type=%ff%fe", "UTF-8"),
        ("/v1/balances/%ff", "UTF-8"),
        ("/v1/events?tpye=EnergyMinted", "tpye"),
        ("/v1/events?tpye=EnergyMinted", "program_id"),
        ("/v1/balances/x?limit=1", "takes none"),
        (f"/v1/epochs/{EPOCH}?zone=0", "zone"),
        ("/v1/events?from_time=0001-01-01T00:00:00%2B14:00", "out of range"),
        ("/v1/events?to_time=9999-12-31T23:59:59-14:00", "out of range"),
        ("/v1/events?from_time=2016-05-12T00:00:00", "time zone"),
        ("/v1/events?limit=0", "limit"),
        ("/v1/events?cursor=%C3%A9", "cursor"),
    ],
)
async def test_bad_requests_are_told_what_is_wrong(client: httpx.AsyncClient, path: str, words: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == "bad_request"
    assert words in json.dumps(answer.json()["error"])


@pytest.mark.parametrize("slot", [2**63, -1, 10**30])
def test_a_crafted_cursor_is_no_cursor(slot: int) -> None:
    with pytest.raises(UsageError):
        decode_cursor(crafted(slot), "filters")
    assert decode_cursor(crafted(7), "filters").slot == 7


async def test_the_same_names_twice_do_not_break_a_request(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/events?limit=1&limit=2")).status_code in (200, 400)


async def test_proofs_of_one_part_share_its_tree(client: httpx.AsyncClient, pool: Pool) -> None:
    await write_cursor(pool, head=20, finalized=10)
    await write_epoch(pool, trades=4)
    await write_events(pool, 1)
    answers = await asyncio.gather(
        *(client.get(f"/v1/epochs/{EPOCH}/trades/{index % 4}/proof") for index in range(12))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["root"] for answer in answers}) == 1
