"""What must be true of every history of attempts, whatever happened on the way."""

from __future__ import annotations

from gridtokenx_indexer.store.pool import Pool


async def assert_history(pool: Pool) -> None:
    """One effect per operation; attempts of an operation never overlap; each death has its certificate."""
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM (SELECT 1 FROM blockchain_events WHERE event_type = 'EnergyMinted' "
            "GROUP BY data ->> 'meter_id', data ->> 'window' HAVING count(*) > 1) AS twice"
        )
        == 0
    )
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM indexer.tx_attempts AS earlier "
            "JOIN indexer.tx_attempt_items AS i USING (blockhash_slot, signature) "
            "JOIN indexer.tx_attempt_items AS j ON j.operation = i.operation AND j.signature <> i.signature "
            "JOIN indexer.tx_attempts AS later ON later.signature = j.signature "
            "WHERE later.created_at > earlier.created_at "
            "AND (earlier.closed_at IS NULL OR earlier.closed_at > later.created_at)"
        )
        == 0
    )
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM indexer.tx_attempts AS a "
            "FULL JOIN indexer.tx_death_certificates AS c USING (blockhash_slot, signature) "
            "WHERE (a.status = 'dead') <> (c.signature IS NOT NULL)"
        )
        == 0
    )
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM minting_retry_queue AS q WHERE q.status = 'done' AND NOT EXISTS ("
            "SELECT FROM blockchain_events AS e "
            "WHERE e.event_type = 'EnergyMinted' AND e.signature = q.signature "
            "AND e.slot = q.minted_slot AND e.data ->> 'meter_id' = encode(q.meter_key, 'hex') "
            "AND (e.data ->> 'amount')::numeric = q.amount_base_units)"
        )
        == 0
    )
    assert await pool.fetchval(
        "SELECT (SELECT coalesce(sum(amount_base_units), 0) FROM minting_retry_queue WHERE status = 'done') "
        "= (SELECT coalesce(sum(minted_base_units), 0) FROM indexer.mint_totals)"
    )
