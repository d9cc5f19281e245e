"""`verify` on trades that the real program settled: they are the matches, and damage is noticed."""

from __future__ import annotations

import pytest

from gridtokenx_indexer.project.verify import verify
from gridtokenx_indexer.project.verify_check import VerifyCheck, VerifyConfig
from gridtokenx_indexer.store.pool import Pool
from tests.support.grid_chain import PROGRAM_ADDRESS, address
from tests.support.settling import TradeHouse, trade_house, user_id

CHECK = "settled trades = matches"


async def settle_two_trades(house: TradeHouse) -> None:
    await house.add_trader("sun", energy="2")
    await house.add_trader("home", money="100")
    await house.add_trader("shop", money="100")
    await house.order("sun", "sell", "2", "3")
    await house.order("home", "buy", "1.5", "3.4")
    await house.order("shop", "buy", "0.25", "3.2")
    process = await house.process()
    await house.end_epoch(process)
    await house.run(process)


async def checks(house: TradeHouse) -> dict[str, VerifyCheck]:
    chain = house.following.chain
    config = VerifyConfig(program=PROGRAM_ADDRESS, energy_mint=address(chain.energy_mint), wait_ms=0)
    return {check.check: check for check in await verify(house.pool, house.following.rpc, config)}


async def test_settled_trades_are_the_matches(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await settle_two_trades(house)
        found = await checks(house)
        assert found[CHECK].ok, found[CHECK].differences
        assert found[CHECK].detail == ("2 trades, energy 1750000000, payment 5263125, fees 13125 base units")
        # These tokens were minted without operations of ours, which is what that check is for.
        assert {name for name, check in found.items() if not check.ok} == {"minted events = done operations"}


UNGUARDED = "SET session_replication_role = replica; {}; RESET session_replication_role"
DAMAGE = {
    "an event twice": (
        "INSERT INTO blockchain_events (id, slot, event_type, signature, data, program_id, tx_index, "
        "instruction_path, event_ordinal, source) SELECT gen_random_uuid(), slot, event_type, signature, "
        "data, program_id, tx_index, instruction_path, event_ordinal + 1, source FROM blockchain_events "
        "WHERE event_type = 'TradesSettled'",
        "settled 2 times",
    ),
    "a lost event": (
        "DELETE FROM blockchain_events WHERE event_type = 'TradesSettled'",
        "settled in the books by",
    ),
    "another amount on chain": (
        "UPDATE blockchain_events SET data = jsonb_set(data, '{results,0,fee}', '\"1\"') "
        "WHERE event_type = 'TradesSettled'",
        "chain moved",
    ),
    "a match that is not settled": (
        UNGUARDED.format("UPDATE order_matches SET status = 'failed'"),
        "match failed",
    ),
    "a settlement of another amount": (
        UNGUARDED.format(
            "UPDATE settlements SET total_amount = total_amount + 1, net_amount = net_amount + 1"
        ),
        "settlement completed",
    ),
    "a settlement of another transaction": (
        UNGUARDED.format("UPDATE settlements SET transaction_hash = 'x'"),
        "settlement completed",
    ),
    "a missing trade": (UNGUARDED.format("DELETE FROM trading.trades"), "trade missing"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=list(DAMAGE))
async def test_damage_to_trades_is_named(pool: Pool, damage: str, message: str) -> None:
    async with trade_house(pool) as house:
        await settle_two_trades(house)
        await pool.execute(damage)
        check = (await checks(house))[CHECK]
        assert not check.ok
        assert any(message in difference for difference in check.differences), check.differences


async def test_a_deleted_user_leaves_no_difference(pool: Pool) -> None:
    async with trade_house(pool) as house:
        await settle_two_trades(house)
        await pool.execute("DELETE FROM users WHERE id = $1", user_id("home"))
        assert await pool.fetchval("SELECT count(*) FROM settlements") == 1
        check = (await checks(house))[CHECK]
        assert check.ok, check.differences
