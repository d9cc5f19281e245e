"""Several mints share a transaction, up to its limits; one bad operation harms only itself."""

from __future__ import annotations

from collections import Counter

from gridtokenx_indexer.mint.builder import MOST_PER_TRANSACTION
from gridtokenx_indexer.store.pool import Pool
from tests.support import svm_tokens as tokens
from tests.support.grid_chain import SPL
from tests.support.mint_history import assert_history
from tests.support.minting import FIRST_WINDOW, MintHouse, mint_house
from tests.support.svm import key

METERS = 40


async def operations_per_transaction(house: MintHouse) -> list[int]:
    """Of each mint attempt, in the order in which they were signed."""
    rows = await house.pool.fetch(
        "SELECT count(*) AS operations FROM indexer.tx_attempts AS a "
        "JOIN indexer.tx_attempt_items AS i USING (blockhash_slot, signature) WHERE a.kind = 'mint' "
        "GROUP BY a.created_at, a.signature ORDER BY a.created_at, a.signature"
    )
    return [row["operations"] for row in rows]


async def test_transactions_fill_up_once_accounts_exist_and_tables_are_final(pool: Pool) -> None:
    async with mint_house(pool) as house:
        serials = [f"sun {number}" for number in range(METERS)]
        for serial in serials:
            await house.add_meter(serial)
        minter = await house.minter()
        for window in range(3):
            for serial in serials:
                await house.read(serial, FIRST_WINDOW + window, "0.5")
            await house.close_window(FIRST_WINDOW + window)
            await house.run(minter, rounds=20)
            if window == 0:
                # Later windows must not ask whether what they created exists.
                assert (
                    await pool.fetchval(
                        "SELECT count(*) FROM indexer.lookup_table_addresses WHERE final_slot IS NULL"
                    )
                    == 0
                )
        counts = await operations_per_transaction(house)
        assert sum(counts) == 3 * METERS
        assert max(counts) == MOST_PER_TRANSACTION
        # The last window: two full transactions and the rest.
        assert Counter(counts[-3:]) == Counter(
            {MOST_PER_TRANSACTION: 2, METERS - 2 * MOST_PER_TRANSACTION: 1}
        )
        assert await house.supply_base_units() == 3 * METERS * 5 * 10**8
        assert {row["status"] for row in await house.attempts()} == {"spent"}
        assert {row["status"] for row in await house.attempts("lookup_table")} == {"spent"}
        await assert_history(pool)


async def test_an_owner_who_spoils_his_account_stops_only_his_own_mint(pool: Pool) -> None:
    async with mint_house(pool) as house:
        serials = [f"sun {number}" for number in range(5)]
        owners = {serial: await house.add_meter(serial) for serial in serials}
        chain = house.following.chain
        account = await chain.open_account(owners["sun 2"], chain.energy_mint)
        # The address is now held by somebody else's token account.
        await chain.send(
            tokens.set_account_owner(SPL, account, owners["sun 2"].pubkey(), key("thief").pubkey()),
            signers=[owners["sun 2"]],
        )
        house.following.node.set_account(account, 10**9, data=b"", owner=SPL)
        for serial in serials:
            await house.read(serial, FIRST_WINDOW, "1")
        await house.close_window(FIRST_WINDOW)
        await house.run(await house.minter(max_attempts=6), rounds=30)
        statuses = await house.statuses()
        assert statuses.pop(("sun 2", 0)) in {"parked", "queued"}
        assert set(statuses.values()) == {"done"}
        counts = await operations_per_transaction(house)
        assert counts[0] == 5
        assert 1 in counts
        await assert_history(pool)


async def test_an_amount_above_the_programs_limit_waits_with_growing_pauses(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await house.add_meter("sun")
        for minute in range(2):
            await house.read("sun", FIRST_WINDOW, "99", offset_s=minute)
        await house.close_window(FIRST_WINDOW)
        await house.run(await house.minter())
        (operation,) = await house.operations()
        assert operation["status"] == "queued"
        assert operation["error_class"] == "transient"
        assert operation["error_message"] == "AmountAboveLimit (6025)"
        assert operation["attempts"] == 1
        assert operation["next_retry_at"] > operation["updated_at"]
        assert await house.supply_base_units() == 0
