-- name: status_chain
-- How far the index reaches and what it belongs to.
SELECT genesis_hash, program_id, anchor_slot, head_slot, head_block_height, finalized_slot, finalized_block_height,
       finalized_block_time, updated_at
  FROM indexer.cursors WHERE name = 'chain';

-- name: status_queue
-- Mint operations by status.
SELECT status, count(*) AS operations FROM public.minting_retry_queue GROUP BY status ORDER BY status;

-- name: status_readings
-- Readings that no operation has finished with, by status.
SELECT blockchain_status AS status, count(*) AS readings FROM public.meter_readings
 WHERE blockchain_status IN ('pending', 'queued', 'minting', 'parked', 'review')
 GROUP BY blockchain_status ORDER BY blockchain_status;

-- name: status_epochs
-- Epochs by status.
SELECT status, count(*) AS epochs FROM public.market_epochs GROUP BY status ORDER BY status;

-- name: status_settlements
-- Settlements by status.
SELECT status, count(*) AS settlements FROM public.settlements GROUP BY status ORDER BY status;

-- name: status_attempts
-- Attempts that have no proved end yet, by status.
SELECT status, count(*) AS attempts FROM indexer.tx_attempts
 WHERE status IN ('signed', 'sent', 'review') GROUP BY status ORDER BY status;

-- name: status_leases
-- Who works.
SELECT name, holder, term, expires_at > clock_timestamp() AS held FROM indexer.leases ORDER BY name;

-- name: status_facts
-- The market clock, the newest migration, what is parked and whether minting is paused.
SELECT indexer.market_now() AS market_now,
       (SELECT max(version) FROM public._sqlx_migrations) AS schema_version,
       (SELECT count(*) FROM indexer.parked_items) AS parked_items,
       (SELECT paused_reason FROM indexer.mint_books) AS mint_paused,
       (SELECT alert FROM indexer.mint_books) AS mint_alert;

-- name: status_rollups
-- How much telemetry is not yet in the half hours, and until when all of it is.
SELECT (SELECT count(*) FROM indexer.touched_half_hours) AS touched_half_hours,
       (SELECT min(h.bucket_start) FROM indexer.touched_half_hours AS h) AS oldest_half_hour,
       p.caught_up_at, floor(extract(epoch FROM now() - p.caught_up_at))::bigint AS lag_seconds
  FROM indexer.rollup_progress AS p;

-- name: cleared_epochs
-- The epochs whose result can be checked.
SELECT epoch_number FROM public.market_epochs WHERE cleared_at IS NOT NULL ORDER BY epoch_number;

-- name: raw_transactions
-- How much there is to replay.
SELECT count(*) FROM indexer.raw_transactions;

-- name: energy_mint
-- The mint whose balances are shown as energy; no row before the anchor.
SELECT energy_mint FROM indexer.cursors WHERE name = 'chain';
