-- name: time_tables
-- The tables that other applications write without creating partitions first.
SELECT table_name FROM indexer.partition_policies WHERE kind IN ('month', 'day') ORDER BY table_name;

-- name: ensure_ahead
-- From the present month of the wall clock and of the market clock, which may be years apart.
SELECT indexer.ensure_partitions_ahead($1::text, now())
     + CASE WHEN indexer.market_now() = now() THEN 0
            ELSE indexer.ensure_partitions_ahead($1::text, indexer.market_now()) END;
