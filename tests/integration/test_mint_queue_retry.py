"""Operators put parked mints back: one, or all that failed for a reason."""

from __future__ import annotations

from typing import Any

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import MeterKey, Window, mint_operation
from gridtokenx_indexer.mint.queue import list_parked, retry_operation, retry_parked
from gridtokenx_indexer.store.pool import Pool
from tests.support.cli import run_cli

FIRST = Window(1_994_000)
METER = MeterKey(bytes(16))
OPERATION = """
INSERT INTO minting_retry_queue (mint_window, meter_key, status, error_class, error_message, attempts,
                                 batch_limit, amount_base_units, accounted_base_units, frozen_at, destination,
                                 signature, minted_slot, done_at)
SELECT $1, $2, s, $4, $5, 12, 1, (s <> 'no_surplus')::integer, 0, now(), 'destination',
       CASE s WHEN 'done' THEN 'x' END, CASE s WHEN 'done' THEN 5 END, CASE s WHEN 'done' THEN now() END
  FROM (VALUES ($3::text)) AS given (s)
"""
ATTEMPT = (
    "INSERT INTO indexer.tx_attempts (blockhash_slot, signature, kind, signer, transaction, blockhash,"
    " last_valid_block_height, fee_lamports, compute_unit_limit, compute_unit_price_micro_lamports,"
    " lease_name, lease_term, status, review_reason) VALUES (5, $1, 'mint', 's', 'x', 'h', 1, 5000, 1, 1,"
    " 'minter', 1, $2::text, CASE $2::text WHEN 'review' THEN 'outside coverage' END)"
)
ITEM = (
    "INSERT INTO indexer.tx_attempt_items (operation, blockhash_slot, signature, ordinal, live)"
    " VALUES ($1, 5, $2, 0, true)"
)
STATES = "SELECT mint_window - $1, status, attempts, batch_limit FROM minting_retry_queue ORDER BY 1"


@pytest.fixture(autouse=True)
async def partitions(pool: Pool) -> None:
    await pool.execute("SELECT indexer.ensure_partition('minting_retry_queue', $1::bigint)", FIRST)
    await pool.execute(
        "SELECT indexer.ensure_partition(t, 5::bigint) FROM unnest(ARRAY['indexer.tx_attempts',"
        " 'indexer.tx_attempt_items_closed']) AS t"
    )


async def add(
    pool: Pool, number: int, status: str, error_class: str | None = None, message: str = ""
) -> None:
    await pool.execute(OPERATION, FIRST + number, METER, status, error_class, message or None)


async def hold(pool: Pool, number: int, status: str = "sent") -> None:
    """A transaction that may still land holds the operation."""
    await pool.execute(ATTEMPT, f"sig{number}", status)
    await pool.execute(ITEM, mint_operation(METER, Window(FIRST + number)), f"sig{number}")


async def states(pool: Pool) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await pool.fetch(STATES, FIRST)]


async def all_kinds(pool: Pool) -> None:
    await add(pool, 0, "parked", "transient", "BlockhashNotFound")
    await add(pool, 1, "parked", "unknown", "InvalidDestination (6029)")
    await add(pool, 2, "parked", "operator", "asked for by the owner")
    await add(pool, 3, "rejected", "permanent", "AmountTooHigh (6010)")
    await add(pool, 4, "parked", "transient", "held")
    await hold(pool, 4)
    await add(pool, 5, "done")


async def test_all_parked_are_queued_again_with_the_rules_of_one(pool: Pool) -> None:
    await all_kinds(pool)
    assert [line.window - FIRST for line in await list_parked(pool, limit=10)] == [0, 1]
    assert await retry_parked(pool, limit=10) == 2
    assert await states(pool) == [
        (0, "queued", 0, None),
        (1, "queued", 0, 1),
        (2, "parked", 12, 1),
        (3, "rejected", 12, 1),
        (4, "parked", 12, 1),
        (5, "done", 12, 1),
    ]
    assert await retry_parked(pool, limit=10) == 0


@pytest.mark.parametrize(
    ("error", "windows"),
    [
        ("transient", [0]),
        ("6029", [1]),
        ("InvalidDestination", [1]),
        ("602", []),
        ("operator", [2]),
        ("permanent", []),
    ],
)
async def test_errors_choose_among_them(pool: Pool, error: str, windows: list[int]) -> None:
    await all_kinds(pool)
    assert [line.window - FIRST for line in await list_parked(pool, error=error, limit=10)] == windows
    assert await retry_parked(pool, error=error, limit=10) == len(windows)


async def test_a_limit_takes_the_oldest_windows(pool: Pool) -> None:
    for number in range(5):
        await add(pool, number, "parked", "transient")
    assert [line.window - FIRST for line in await list_parked(pool, limit=2)] == [0, 1]
    assert await retry_parked(pool, limit=2) == 2
    assert [row[1] for row in await states(pool)] == ["queued"] * 2 + ["parked"] * 3


async def test_readings_go_with_their_operation(pool: Pool) -> None:
    await pool.execute("SELECT indexer.ensure_partition('meter_readings', indexer.window_start($1))", FIRST)
    await pool.execute("INSERT INTO users (email) VALUES ('a@example.org')")
    await pool.execute("INSERT INTO meter_registry (user_id, meter_serial) SELECT id, 'sun' FROM users")
    meter = await pool.fetchval("SELECT meter_key FROM meter_registry")
    await pool.execute(OPERATION, FIRST, meter, "parked", "transient", None)
    await pool.execute(
        "INSERT INTO meter_readings (meter_id, timestamp, energy_generated, blockchain_status, mint_window)"
        " SELECT id, indexer.window_start($1), 1, 'parked', $1 FROM meter_registry",
        FIRST,
    )
    assert await retry_parked(pool, limit=1) == 1
    assert await pool.fetchval("SELECT blockchain_status FROM meter_readings") == "minting"


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("done", "is done: there is nothing to retry; it is minted"),
        ("no_surplus", "is no_surplus: there is nothing to retry; there was nothing to mint"),
        ("leased", "is leased; wait until the index knows how its transaction ended; retry takes"),
    ],
)
async def test_what_cannot_be_retried_says_why_and_what_to_do(pool: Pool, status: str, message: str) -> None:
    await add(pool, 0, status)
    with pytest.raises(UsageError) as refused:
        await retry_operation(pool, mint_operation(METER, FIRST))
    assert message in str(refused.value)


async def test_a_dry_run_says_what_the_real_one_does_with_an_attempt_in_review(pool: Pool) -> None:
    await add(pool, 0, "sent")
    await hold(pool, 0, "review")
    operation = mint_operation(METER, FIRST)
    assert (await retry_operation(pool, operation, dry_run=True)).status == "sent"
    assert await pool.fetchval("SELECT status FROM indexer.tx_attempts") == "review"
    assert (await retry_operation(pool, operation)).status == "sent"
    assert await pool.fetchval("SELECT status FROM indexer.tx_attempts") == "sent"


async def test_the_command_lists_before_it_acts(pool: Pool, database_url: str) -> None:
    await all_kinds(pool)
    environment = {"DATABASE_URL": database_url}
    retry = ("queue", "retry", "--all-parked")
    dry = await run_cli(*retry, "--dry-run", environment=environment)
    assert dry.code == 0
    assert mint_operation(METER, FIRST) in dry.stdout
    assert dry.stdout.splitlines()[-1] == "2 operations would be queued again"
    one = await run_cli(*retry, "--error", "6029", "--limit", "5", environment=environment)
    assert one.stdout.strip() == "1 operations are queued again"
    rest = await run_cli(*retry, "--json", environment=environment)
    assert '"queued_again": 1' in rest.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name one of queue list, or give --all-parked"),
        (("mint:00:1", "--all-parked"), "--all-parked takes no operation"),
        (("mint:00:1", "--limit", "3"), "give --all-parked"),
        (("mint:00:1", "--error", "x"), "give --all-parked"),
    ],
)
async def test_wrong_calls_are_refused(arguments: tuple[str, ...], words: str) -> None:
    outcome = await run_cli("queue", "retry", *arguments)
    assert outcome.code == 2
    assert words in outcome.stderr
