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

-- name: queue_list
-- Mint operations for people, newest window first.
SELECT q.mint_window, indexer.window_start(q.mint_window) AS window_start, m.meter_serial,
       encode(q.meter_key, 'hex') AS meter_key, q.status, q.amount_base_units, q.attempts, q.next_retry_at,
       q.error_class, q.error_message, q.signature
  FROM public.minting_retry_queue AS q
  LEFT JOIN public.meter_registry AS m ON m.meter_key = q.meter_key
 WHERE ($1::varchar[] IS NULL OR q.status = ANY ($1))
   AND ($2::bigint IS NULL OR q.mint_window = $2)
   AND ($3::varchar IS NULL OR m.meter_serial = $3 OR encode(q.meter_key, 'hex') = $3)
 ORDER BY q.mint_window DESC, q.meter_key
 LIMIT $4;

-- name: epoch_list
-- Epochs for people, newest first.
SELECT e.epoch_number, e.status, e.clearing_price, e.total_volume, e.total_orders, e.matched_orders, e.trade_count,
       (SELECT count(*) FROM public.settlements AS s WHERE s.epoch_id = e.id AND s.status = 'completed') AS settled,
       (SELECT count(*) FROM public.settlements AS s WHERE s.epoch_id = e.id AND s.status = 'failed') AS failed,
       e.failure
  FROM public.market_epochs AS e
 WHERE ($1::varchar[] IS NULL OR e.status = ANY ($1))
 ORDER BY e.epoch_number DESC
 LIMIT $2;

-- name: epoch_show
-- One epoch by zone and part.
SELECT z.epoch_number, z.zone_id, z.status AS zone_status, z.clearing_price, z.volume, z.netted_volume, z.orders_in,
       z.trade_count, encode(z.book_hash, 'hex') AS book_hash, encode(z.result_hash, 'hex') AS result_hash,
       p.part, p.status AS part_status, p.first_index, encode(p.root, 'hex') AS root, p.deadline, p.opened_signature,
       p.failure
  FROM public.market_epoch_zones AS z
  LEFT JOIN public.market_epoch_parts AS p USING (epoch_number, zone_id)
 WHERE z.epoch_number = $1
 ORDER BY z.zone_id, p.part;

-- name: epoch_exists
-- Whether there is such an epoch, and its state.
SELECT status FROM public.market_epochs WHERE epoch_number = $1;
