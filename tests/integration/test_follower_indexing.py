"""The follower against a real SVM and a real Postgres: what one look at the node leaves in the tables."""

from __future__ import annotations

from decimal import Decimal

from gridtokenx_indexer.store.pool import Pool
from tests.support.following import Following, following
from tests.support.svm import key

WINDOW = 1_463_011_200 // 900 - 1


async def minted(setting: Following, amount: int) -> None:
    alice = await setting.chain.open_account(key("alice"), setting.chain.energy_mint)
    chain = setting.chain
    await chain.send(chain.mint("meter-1", WINDOW, amount, alice), signers=[chain.minter])


async def test_the_index_is_anchored_at_initialize(pool: Pool) -> None:
    async with following(pool) as setting:
        await setting.follow()
        cursor = await pool.fetchrow("SELECT * FROM indexer.cursors WHERE name = 'chain'")
        assert cursor is not None
        assert cursor["anchor_slot"] == setting.chain.initialize_slot
        assert cursor["genesis_hash"] == setting.node.genesis_hash
        assert cursor["head_slot"] == setting.node.confirmed_slot
        assert cursor["finalized_slot"] == setting.node.finalized_slot
        events = await pool.fetch("SELECT event_type, source, slot FROM blockchain_events")
        assert [tuple(row) for row in events] == [("Initialized", "cpi", setting.chain.initialize_slot)]


async def test_a_mint_becomes_an_event_a_balance_and_a_supply_change(pool: Pool) -> None:
    async with following(pool) as setting:
        await minted(setting, 2_500_000_000)
        setting.node.produce(1)
        await setting.follow()
        event = await pool.fetchrow("SELECT * FROM blockchain_events WHERE event_type = 'EnergyMinted'")
        assert event is not None
        assert event["data"]["amount"] == "2500000000"
        assert event["data"]["window"] == WINDOW
        assert event["instruction_path"] == "1"
        balances = await pool.fetch(
            "SELECT * FROM blockchain.account_balances WHERE owner = $1", str(key("alice").pubkey())
        )
        assert [row["total_balance"] for row in balances] == [Decimal(2_500_000_000)]
        assert balances[0]["energy_balances"] == {str(setting.chain.energy_mint): "2500000000"}
        assert balances[0]["nonce"] == 2
        supply = await pool.fetch("SELECT kind, amount FROM indexer.supply_changes")
        assert [tuple(row) for row in supply] == [("mint", Decimal(2_500_000_000))]
        assert await pool.fetchval("SELECT count(*) FROM indexer.parked_items") == 0


async def test_a_transaction_belongs_to_the_user_whose_wallet_paid(pool: Pool) -> None:
    async with following(pool) as setting:
        payer = str(setting.chain.payer.pubkey())
        await pool.execute("INSERT INTO users (email, wallet_address) VALUES ('p@example.org', $1)", payer)
        await setting.follow()
        owners = (
            "SELECT DISTINCT u.wallet_address FROM blockchain_transactions AS t "
            "LEFT JOIN users AS u ON u.id = t.user_id"
        )
        assert [row[0] for row in await pool.fetch(owners)] == [payer]
        await pool.execute("DELETE FROM users")
        assert [row[0] for row in await pool.fetch(owners)] == [None]


async def test_partitions_are_there_before_the_rows(pool: Pool) -> None:
    await pool.execute(
        "UPDATE indexer.partition_policies SET step = 4 WHERE table_name IN "
        "('indexer.slots', 'public.blockchain_events', 'indexer.raw_transactions')"
    )
    async with following(pool) as setting:
        await minted(setting, 1_000)
        setting.node.faults.skip_slots = 9
        setting.node.produce(12)
        await setting.follow()
        kept = await pool.fetch(
            "SELECT tableoid::regclass::text AS part, min(slot) AS first, count(*) AS rows "
            "FROM indexer.slots GROUP BY 1 ORDER BY 2"
        )
        assert len(kept) >= 5
        assert all(row["part"] == f"indexer.slots_p{row['first'] // 4 * 4}" for row in kept)
        assert all(row["rows"] == 4 for row in kept[1:-1])
