"""What passes by itself costs few fees and no operation: a paused program, a lost right, a death."""

from __future__ import annotations

import msgspec
from solders.keypair import Keypair

from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.tx.backoff import BackoffConfig
from gridtokenx_indexer.tx.gridtokenx import instructions
from tests.support.grid_chain import LIMITS, PROGRAM
from tests.support.minting import FIRST_WINDOW, MintHouse, mint_house

SERIALS = ("sun", "wind", "roof")
QUICK = BackoffConfig(first_ms=1, max_ms=1)


async def readings_of_all(house: MintHouse) -> None:
    for serial in SERIALS:
        await house.add_meter(serial)
        await house.read(serial, FIRST_WINDOW, "5")
    await house.close_window(FIRST_WINDOW)


async def pause_program(house: MintHouse, paused: bool) -> None:
    authority: Keypair = house.following.chain.authority
    await house.following.chain.send(
        instructions.set_paused(program_id=PROGRAM, authority=authority.pubkey(), paused=paused),
        signers=[authority],
    )
    await house.settle()


async def test_a_paused_program_is_waited_for(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await readings_of_all(house)
        await pause_program(house, True)
        minter = await house.minter(retry=QUICK)
        await house.run(minter, rounds=30)
        assert set((await house.statuses()).values()) == {"queued"}
        assert await house.attempts() == []

        await pause_program(house, False)
        await house.run(minter, rounds=30)
        assert set((await house.statuses()).values()) == {"done"}
        assert await house.supply_base_units() == 15 * 10**9


async def test_what_was_parked_for_a_passing_reason_comes_back_by_itself(pool: Pool) -> None:
    async with mint_house(pool) as house:
        await readings_of_all(house)
        await house.read("sun", FIRST_WINDOW, "99", offset_s=1)
        await house.read("sun", FIRST_WINDOW, "99", offset_s=2)
        minter = await house.minter(retry=QUICK, max_attempts=3, parked_retry_s=86_400)
        await house.run(minter, rounds=40)
        assert (await house.statuses())[("sun", 0)] == "parked"
        attempts = len(await house.attempts())
        await house.run(minter, rounds=10)
        assert len(await house.attempts()) == attempts

        await pool.execute("UPDATE minting_retry_queue SET updated_at = now() - interval '2 days'")
        await house.run(minter, rounds=10)
        assert (await house.statuses())[("sun", 0)] == "parked"
        assert len(await house.attempts()) == attempts + 1

        chain = house.following.chain
        higher = msgspec.structs.replace(LIMITS, max_mint_base_units=10**12)
        await chain.send(
            instructions.set_limits(program_id=PROGRAM, authority=chain.authority.pubkey(), limits=higher),
            signers=[chain.authority],
        )
        await pool.execute("UPDATE minting_retry_queue SET updated_at = now() - interval '2 days'")
        await house.run(minter, rounds=10)
        assert set((await house.statuses()).values()) == {"done"}
        assert await pool.fetchval("SELECT bool_and(minted) FROM meter_readings")
        assert await house.supply_base_units() == (15 + 198) * 10**9
