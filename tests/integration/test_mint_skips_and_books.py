"""What others did on chain is found out: skipped mints, foreign mints, burns; the books stop an excess."""

from __future__ import annotations

from typing import Any

import pytest

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.domain.ids import OperationKey, Window, meter_key, mint_operation
from gridtokenx_indexer.mint.book_rules import BooksVerdict
from gridtokenx_indexer.mint.books import MintBooks, resume_minting
from gridtokenx_indexer.mint.queue import (
    list_operations,
    park_operation,
    retry_operation,
    show_operation,
)
from gridtokenx_indexer.mint.status import OperationStatus
from gridtokenx_indexer.source.answers import TokenSupply
from gridtokenx_indexer.store.notify import Wake
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.lifecycle import MAX_BLOCKHASH_AGE
from tests.support.following import FINALITY_SLOTS
from tests.support.minting import FIRST_WINDOW, MintHouse, mint_house

KWH = 10**9
SUN = mint_operation(meter_key("sun"), FIRST_WINDOW)


async def minted_behind_our_back(house: MintHouse, amount: int) -> None:
    """The minter key is used outside the service, for the very operation that the service is about to
    mint.
    """
    owner = await house.add_meter("sun")
    chain = house.following.chain
    account = await chain.open_account(owner, chain.energy_mint)
    await house.read("sun", FIRST_WINDOW, "1")
    await house.close_window(FIRST_WINDOW)
    await chain.send(chain.mint("sun", FIRST_WINDOW, amount, account), signers=[chain.minter])
    await house.settle()


async def test_a_skipped_mint_of_the_same_amount_is_done_by_the_event_of_the_first(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await minted_behind_our_back(house, KWH)
        await house.run(await house.minter())
        (operation,) = await house.operations()
        event = await pool.fetchrow(
            "SELECT slot, signature FROM blockchain_events WHERE event_type = 'EnergyMinted'"
        )
        assert event is not None
        assert (operation["status"], operation["signature"], operation["minted_slot"]) == (
            "done",
            event["signature"],
            event["slot"],
        )
        assert await house.supply_base_units() == KWH


async def test_a_skipped_mint_of_another_amount_waits_for_a_person(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await minted_behind_our_back(house, KWH + 1)
        await house.run(await house.minter())
        (operation,) = await house.operations()
        assert operation["status"] == "review"
        assert "instead of" in operation["error_message"]
        assert [row["blockchain_status"] for row in await house.readings()] == ["review"]
        assert await house.supply_base_units() == KWH + 1


async def test_a_mint_that_no_operation_explains_pauses_minting_until_a_person_resumes(pool: Pool) -> None:
    async with mint_house(pool) as house:
        owner = await house.add_meter("sun")
        chain = house.following.chain
        account = await chain.open_account(owner, chain.energy_mint)
        await chain.send(chain.mint("ghost", FIRST_WINDOW, KWH, account), signers=[chain.minter])
        await house.settle()
        minter = await house.minter()
        verdict = await minter.books.check()
        assert verdict is not None
        assert verdict.pause is not None
        assert "without a sent operation" in verdict.pause

        await house.read("sun", FIRST_WINDOW, "1")
        await house.close_window(FIRST_WINDOW)
        await house.run(minter)
        assert await house.statuses() == {("sun", 0): "queued"}
        assert await house.attempts() == []
        assert await resume_minting(pool, dry_run=True) == verdict.pause
        assert await minter.books.paused() == verdict.pause
        assert await resume_minting(pool) == verdict.pause
        assert await resume_minting(pool) is None
        await house.run(minter)
        assert await house.statuses() == {("sun", 0): "done"}


async def test_burned_energy_keeps_the_books_in_balance(pool: Pool) -> None:
    async with mint_house(pool) as house:
        owner = await house.add_meter("sun")
        chain = house.following.chain
        account = await chain.open_account(owner, chain.energy_mint)
        await house.read("sun", FIRST_WINDOW, "3")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        await house.run(minter)
        assert await minter.books.check() == BooksVerdict(None, None)
        await chain.send(chain.burn(account, owner.pubkey(), KWH), signers=[owner])
        await house.settle()
        assert await minter.books.check() == BooksVerdict(None, None)
        row = await pool.fetchrow("SELECT * FROM indexer.mint_books")
        assert row is not None
        assert (row["minted_base_units"], row["burned_base_units"], row["supply_base_units"]) == (
            3 * KWH,
            KWH,
            2 * KWH,
        )
        # Nothing new: the sums stay what they are.
        await house.settle()
        assert await minter.books.check() == BooksVerdict(None, None)


class Supply:
    """A node that claims a supply."""

    def __init__(self, base_units: int, slot: int) -> None:
        self.answer = TokenSupply(base_units, 9, slot)  # type: ignore[arg-type]

    async def get_token_supply(self, _mint: Any, _commitment: Any) -> TokenSupply:
        return self.answer


async def test_supply_above_the_events_pauses_below_alerts_and_the_future_waits(pool: Pool) -> None:
    async with mint_house(pool) as house:
        minter = await house.minter()
        final = await pool.fetchval("SELECT finalized_slot FROM indexer.cursors")

        def books(base_units: int, slot: int) -> MintBooks:
            return MintBooks(pool, Supply(base_units, slot), minter.target, Wake())

        assert await books(1, final + 1).check() is None
        assert await minter.books.paused() is None
        above = await books(1, final).check()
        assert above is not None
        assert above.pause is not None
        assert await minter.books.paused() == above.pause
        assert await resume_minting(pool) == above.pause
        await pool.execute("UPDATE indexer.mint_books SET minted_base_units = 5, checked_slot = $1", final)
        below = await books(1, final).check()
        assert below is not None
        assert below.pause is None
        assert below.alert is not None
        assert await minter.books.paused() is None


async def test_an_operator_sees_parks_and_retries_operations(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await minted_behind_our_back(house, KWH + 1)
        minter = await house.minter()
        await minter.planner.plan(minter.lease)
        with pytest.raises(UsageError, match="there is no operation"):
            await show_operation(pool, mint_operation(meter_key("sun"), Window(1)))
        assert (await park_operation(pool, SUN, "later", dry_run=True)).status is OperationStatus.QUEUED
        parked = await park_operation(pool, SUN, "later")
        assert (parked.status, parked.error_class, parked.error_message) == ("parked", "operator", "later")
        assert await minter.step() == 0
        await retry_operation(pool, SUN)
        await minter.step()
        with pytest.raises(UsageError, match="held by a live attempt"):
            await retry_operation(pool, SUN)
        with pytest.raises(UsageError, match="held by a live attempt"):
            await park_operation(pool, SUN, "no")
        await house.run(minter)
        detail = await show_operation(pool, SUN)
        assert detail.line.status is OperationStatus.REVIEW
        assert [(attempt.status, attempt.live) for attempt in detail.attempts] == [("spent", False)]
        # The bit is set: trying again can only be skipped again.
        assert (await retry_operation(pool, SUN)).status is OperationStatus.QUEUED
        await house.run(minter)
        detail = await show_operation(pool, SUN)
        assert detail.line.status is OperationStatus.REVIEW
        assert len(detail.attempts) == 2
        assert await house.supply_base_units() == KWH + 1


async def test_a_retry_by_hand_does_not_make_an_earlier_mint_unexplained(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await minted_behind_our_back(house, KWH + 1)
        minter = await house.minter()
        await house.run(minter)
        assert (await retry_operation(pool, SUN)).status is OperationStatus.QUEUED
        verdict = await minter.books.check()
        assert verdict is not None
        assert verdict.pause is None


async def test_the_list_pages_by_key_and_filters_by_status(pool: Pool) -> None:
    async with mint_house(pool) as house:
        for number in range(5):
            await house.add_meter(f"sun {number}")
            await house.read(f"sun {number}", FIRST_WINDOW + number % 2, "1" if number else "0")
        await house.close_window(FIRST_WINDOW + 1)
        await house.run(await house.minter())
        seen: list[str] = []
        while page := await list_operations(pool, limit=2, after=OperationKey(seen[-1]) if seen else None):
            seen += [line.operation for line in page]
        assert len(seen) == len(set(seen)) == 5
        idle = await list_operations(pool, statuses=[OperationStatus.NO_SURPLUS])
        assert [line.meter_serial for line in idle] == ["sun 0"]


async def test_an_attempt_in_review_is_judged_again_once_the_cause_is_mended(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        await house.read("sun", FIRST_WINDOW, "1")
        await house.close_window(FIRST_WINDOW)
        minter = await house.minter()
        minter.sink.swallow = 1
        await minter.step()
        await house.settle(MAX_BLOCKHASH_AGE + FINALITY_SLOTS + 2)
        await pool.execute(
            "CREATE TABLE lost AS SELECT * FROM indexer.slots ORDER BY slot DESC OFFSET 50 LIMIT 1"
        )
        await pool.execute("DELETE FROM indexer.slots USING lost WHERE slots.slot = lost.slot")
        assert await minter.resolver.close_some() == 1
        assert [row["status"] for row in await house.attempts()] == ["review"]
        assert await house.statuses() == {("sun", 0): "sent"}
        await pool.execute("INSERT INTO indexer.slots SELECT * FROM lost")
        assert (await retry_operation(pool, SUN)).status is OperationStatus.SENT
        await house.run(minter)
        assert [row["status"] for row in await house.attempts()] == ["dead", "spent"]
        assert await house.statuses() == {("sun", 0): "done"}
