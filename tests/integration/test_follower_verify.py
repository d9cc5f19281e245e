"""`verify` on a real index: it holds, and it finds each kind of damage."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import Slot, meter_key
from gridtokenx_indexer.project.verify import verify
from gridtokenx_indexer.project.verify_check import VerifyCheck, VerifyConfig
from gridtokenx_indexer.store.pool import Pool
from tests.support.following import FINALITY_SLOTS, Following, following
from tests.support.grid_chain import PROGRAM_ADDRESS, address
from tests.support.svm import key

WINDOW = 1_463_011_200 // 900 - 1
AMOUNT = 5_000_000_000
JUMP = 300_000_000

BOOK_OPERATION = """
INSERT INTO minting_retry_queue (mint_window, meter_key, amount_base_units, accounted_base_units, frozen_at,
    destination, status, signature, minted_slot, done_at)
SELECT (data ->> 'window')::bigint, decode(data ->> 'meter_id', 'hex'), (data ->> 'amount')::numeric,
       (data ->> 'amount')::numeric, now(), data ->> 'destination', 'done', signature, slot, now()
  FROM blockchain_events WHERE event_type = 'EnergyMinted'
"""


async def a_day(setting: Following) -> None:
    """Mints, a transfer and a burn, skipped slots between, all final, and the operation booked."""
    chain, node = setting.chain, setting.node
    alice = await chain.open_account(key("alice"), chain.energy_mint)
    bob = await chain.open_account(key("bob"), chain.energy_mint)
    await chain.send(chain.mint("meter-1", WINDOW, AMOUNT, alice), signers=[chain.minter])
    node.faults.skip_slots = 2
    node.produce(2)
    await chain.send(chain.transfer(alice, bob, key("alice").pubkey(), 1_000_000), signers=[key("alice")])
    await chain.send(chain.burn(bob, key("bob").pubkey(), 400_000), signers=[key("bob")])
    node.produce(FINALITY_SLOTS + 1)
    await setting.follow()
    await setting.pool.execute(
        "SELECT indexer.ensure_partition('public.minting_retry_queue', $1::bigint)", WINDOW
    )
    await setting.pool.execute(BOOK_OPERATION)


async def checks(setting: Following, **asked: Slot) -> list[VerifyCheck]:
    config = VerifyConfig(program=PROGRAM_ADDRESS, energy_mint=address(setting.chain.energy_mint), wait_ms=0)
    return await verify(setting.pool, setting.rpc, config, **asked)


def failed(found: Sequence[VerifyCheck]) -> dict[str, tuple[str, ...]]:
    return {check.check: check.differences for check in found if not check.ok}


async def test_an_undisturbed_index_holds_in_every_check(pool: Pool) -> None:
    async with following(pool) as setting:
        await a_day(setting)
        found = await checks(setting)
        assert failed(found) == {}
        details = {check.check: check.detail for check in found}
        assert "burned 400000" in details["minted = token supply + burned"]
        assert details["skipped slots are proved"] == "2 skipped"
        assert len(found) == 14


async def test_hundreds_of_millions_of_skipped_slots_are_one_proof(pool: Pool) -> None:
    """As after a restart of the cluster at a far slot: linked, counted and proved."""
    async with following(pool) as setting:
        await a_day(setting)
        before = await pool.fetchval("SELECT count(*) FROM indexer.slots")
        partitions = "SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'"
        parts = await pool.fetchval(partitions)
        setting.node._validator._next_slot += JUMP
        setting.node.produce(FINALITY_SLOTS + 2)
        await setting.follow()
        assert await pool.fetchval("SELECT count(*) FROM indexer.slots") < before + 30
        assert await pool.fetchval(partitions) < parts + 20
        found = await checks(setting)
        assert failed(found) == {}
        details = {check.check: check.detail for check in found}
        assert details["skipped slots are proved"] == f"{JUMP + 2} skipped"
        stretch = await pool.fetchrow("SELECT * FROM indexer.slots WHERE skipped_from < slot")
        assert stretch is not None
        assert stretch["slot"] - stretch["skipped_from"] + 1 == JUMP
        middle = Slot(stretch["slot"] - JUMP // 2)
        for first, last in ((middle, Slot(middle + 10)), (Slot(middle - JUMP), middle), (middle, None)):
            bounds = {"from_slot": max(first, await anchor(pool))} | ({"to_slot": last} if last else {})
            assert failed(await checks(setting, **bounds)) == {}
        move = "UPDATE indexer.slots SET skipped_from = skipped_from + $1 WHERE skipped_from < slot"
        await pool.execute(move, 1)
        lost = stretch["skipped_from"]
        assert failed(await checks(setting)) == {
            "every slot has a row": (f"slots {lost} to {lost} have no row",)
        }
        await pool.execute(move, -2)
        assert set(failed(await checks(setting))) == {"skipped slots are proved"}


async def anchor(pool: Pool) -> Slot:
    return Slot(await pool.fetchval("SELECT anchor_slot FROM indexer.cursors"))


ANCHOR = "(SELECT anchor_slot FROM indexer.cursors)"
DAMAGE = {
    "a lost slot": ("DELETE FROM indexer.slots WHERE status = 'skipped'", {"every slot has a row"}),
    "a changed hash": (
        f"UPDATE indexer.slots SET previous_blockhash = 'x' WHERE slot = {ANCHOR} + 3",
        {"blocks are linked"},
    ),
    "a skip proved by nothing": (
        "UPDATE indexer.slots SET proved_by = proved_by + 1 WHERE status = 'skipped'",
        {"skipped slots are proved"},
    ),
    "a mark that contradicts the cursor": (
        f"UPDATE indexer.slots SET status = 'confirmed' WHERE slot = {ANCHOR}",
        {"finality marks agree"},
    ),
    "a lost event": (
        "DELETE FROM blockchain_events WHERE event_type = 'EnergyMinted'",
        {
            "minted events = mint instructions",
            "minted = token supply + burned",
            "minted events = done operations",
        },
    ),
    "a transaction without raw bytes": (
        "DELETE FROM indexer.raw_transactions WHERE slot = (SELECT min(slot) FROM indexer.supply_changes)",
        {"facts stand on blocks"},
    ),
    "a changed balance": (
        "UPDATE blockchain.account_balances SET total_balance = total_balance + 1, "
        "available_balance = available_balance + 1 WHERE mint IS NULL",
        {"balances = indexed changes"},
    ),
    "an energy balance that is not shown as one": (
        "UPDATE blockchain.account_balances SET energy_balances = '{}' WHERE energy_balances <> '{}'",
        {"balances = indexed changes"},
    ),
    "a changed fact": (
        "UPDATE indexer.balance_changes SET after_amount = after_amount + 1 WHERE mint IS NOT NULL "
        "AND slot = (SELECT max(slot) FROM indexer.supply_changes)",
        {"balances = indexed changes", "balances = accounts on chain", "sum of balances = token supply"},
    ),
    "a hidden burn": (
        "DELETE FROM indexer.supply_changes WHERE kind = 'burn'",
        {"minted = token supply + burned"},
    ),
    "an unexplained balance": (
        "INSERT INTO indexer.parked_items (slot, tx_index, instruction_path, item_ordinal, reason, detail, "
        f"payload) VALUES ({ANCHOR}, 0, '', 0, 'supply_mismatch', 'seen', '')",
        {"balance changes are explained"},
    ),
}


@pytest.mark.parametrize(("damage", "noticed_by"), DAMAGE.values(), ids=list(DAMAGE))
async def test_damage_is_noticed(pool: Pool, damage: str, noticed_by: set[str]) -> None:
    async with following(pool) as setting:
        await a_day(setting)
        await pool.execute(damage)
        assert set(failed(await checks(setting))) == noticed_by


async def test_an_operation_without_its_event_is_named(pool: Pool) -> None:
    async with following(pool) as setting:
        await a_day(setting)
        await pool.execute(
            "INSERT INTO minting_retry_queue (mint_window, meter_key, amount_base_units, "
            "accounted_base_units, frozen_at, destination, status, signature, minted_slot, done_at) "
            "VALUES ($1, $2, 7, 7, now(), 'd', 'done', 's', 3, now())",
            WINDOW,
            meter_key("meter-2"),
        )
        found = failed(await checks(setting))
        assert list(found) == ["minted events = done operations"]
        (difference,) = found["minted events = done operations"]
        assert meter_key("meter-2").hex() in difference
        assert "without a mint event" in difference


async def test_a_part_of_the_range_can_be_asked_for(pool: Pool) -> None:
    async with following(pool) as setting:
        await a_day(setting)
        anchor = setting.chain.initialize_slot
        found = await checks(setting, from_slot=Slot(anchor + 1), to_slot=Slot(anchor + 4))
        assert failed(found) == {}
        assert found[0].detail.startswith(f"slots {anchor + 1} to {anchor + 4}: 4 rows")
        with pytest.raises(UsageError, match="not all covered"):
            await checks(setting, from_slot=Slot(anchor - 1))


async def test_a_moving_chain_is_no_difference(pool: Pool) -> None:
    async with following(pool) as setting:
        await a_day(setting)
        chain = setting.chain
        alice = await chain.open_account(key("alice"), chain.energy_mint)
        await chain.send(chain.burn(alice, key("alice").pubkey(), 1_000), signers=[key("alice")])
        await setting.follow()
        assert failed(await checks(setting)) == {}, "the burn is indexed and not yet final"
