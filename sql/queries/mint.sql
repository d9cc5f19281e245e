-- name: clock
-- Closed windows lie below closed_before; the program takes no window that chain time has not reached.
SELECT indexer.market_now() AS market_now,
       indexer.window_of(indexer.market_now() - interval '1 second' * $1::integer) AS closed_before,
       (SELECT indexer.window_of(c.finalized_block_time) FROM indexer.cursors AS c WHERE c.name = 'chain') AS chain_window

-- name: plan_for_the_batch
-- A generic plan does not know the batch size of judge_readings and reads whole partitions for it.
SET LOCAL plan_cache_mode = force_custom_plan

-- name: judge_readings
-- Each new reading of a closed window is queued, parked or rejected, once; queued ones get their operation. Readings of
-- days that pending_windows did not name came later: their partition may be missing.
WITH batch AS (
    SELECT r.id, r."timestamp", r.meter_id, r.energy_generated, r.energy_consumed
      FROM public.meter_readings AS r
     WHERE r.blockchain_status = 'pending' AND r."timestamp" < indexer.window_start($1)
       AND indexer.window_of(r."timestamp") / 96 * 96 = ANY ($5::bigint[])
     ORDER BY r."timestamp"
     LIMIT $2
       FOR UPDATE SKIP LOCKED
), judged AS (
    SELECT b.id, b."timestamp", m.id AS meter_id, m.meter_key,
           indexer.reading_obstacle(m.verification_status, u.wallet_address, b."timestamp", b.energy_generated,
                                    b.energy_consumed, indexer.market_now(), interval '1 second' * $3::integer,
                                    $4::numeric) AS obstacle
      FROM batch AS b
      LEFT JOIN public.meter_registry AS m ON m.id = b.meter_id
      LEFT JOIN public.users AS u ON u.id = m.user_id
), marked AS (
    UPDATE public.meter_readings AS r
       SET blockchain_status = CASE WHEN j.obstacle IS NULL THEN 'queued'
                                    WHEN j.obstacle IN ('meter_unverified', 'no_wallet') THEN 'parked'
                                    ELSE 'rejected' END,
           status_reason = j.obstacle
      FROM judged AS j
     WHERE r.id = j.id AND r."timestamp" = j."timestamp"
), opened AS (
    INSERT INTO public.minting_retry_queue (mint_window, meter_key, meter_id, reading_id, reading_timestamp)
    SELECT DISTINCT ON (indexer.window_of(j."timestamp"), j.meter_key)
           indexer.window_of(j."timestamp"), j.meter_key, j.meter_id, j.id, j."timestamp"
      FROM judged AS j
     WHERE j.obstacle IS NULL
     ORDER BY indexer.window_of(j."timestamp"), j.meter_key, j."timestamp"
        ON CONFLICT (mint_window, meter_key) DO NOTHING
)
SELECT count(*) AS judged,
       count(*) FILTER (WHERE obstacle IS NULL) AS queued,
       count(*) FILTER (WHERE obstacle IN ('meter_unverified', 'no_wallet')) AS parked
  FROM judged

-- name: pending_windows
-- Which windows the next batch will open, so that their partitions can be made first.
SELECT DISTINCT indexer.window_of(b."timestamp") / 96 * 96 AS day_start_window
  FROM (SELECT r."timestamp" FROM public.meter_readings AS r
         WHERE r.blockchain_status = 'pending' AND r."timestamp" < indexer.window_start($1)
         ORDER BY r."timestamp" LIMIT $2) AS b

-- name: ensure_queue_partition
-- In a transaction of its own, before the write.
SELECT indexer.ensure_partition('public.minting_retry_queue', $1::bigint)

-- name: open_carrying_windows
-- A late reading of a frozen window needs an open operation to be counted in: $1, the window of the market clock.
INSERT INTO public.minting_retry_queue (mint_window, meter_key, meter_id)
SELECT DISTINCT $1::bigint, frozen.meter_key, r.meter_id
  FROM public.meter_readings AS r
  JOIN public.meter_registry AS m ON m.id = r.meter_id
  JOIN public.minting_retry_queue AS frozen
    ON frozen.mint_window = indexer.window_of(r."timestamp") AND frozen.meter_key = m.meter_key
 WHERE r.blockchain_status = 'queued' AND frozen.amount_base_units IS NOT NULL
   AND NOT EXISTS (SELECT FROM public.minting_retry_queue AS open
                    WHERE open.meter_key = m.meter_key AND open.amount_base_units IS NULL
                      AND open.mint_window > frozen.mint_window)
    ON CONFLICT (mint_window, meter_key) DO NOTHING

-- name: reconsider_parked_readings
-- Their meter may have been verified, or their owner got a wallet. A batch, as are the two below.
UPDATE public.meter_readings AS r
   SET blockchain_status = 'pending', status_reason = NULL
  FROM (SELECT p.id, p."timestamp"
          FROM public.meter_readings AS p
          JOIN public.meter_registry AS m ON m.id = p.meter_id AND m.verification_status = 'verified'
          JOIN public.users AS u ON u.id = m.user_id AND u.wallet_address IS NOT NULL
         WHERE p.blockchain_status = 'parked' AND p.mint_window IS NULL
         LIMIT $1
           FOR UPDATE OF p SKIP LOCKED) AS ready
 WHERE r.id = ready.id AND r."timestamp" = ready."timestamp"

-- name: reconsider_parked_operations
-- Parked before anything was counted, for the same reasons.
UPDATE public.minting_retry_queue AS q
   SET status = 'queued', error_class = NULL, error_message = NULL, updated_at = now()
  FROM (SELECT p.mint_window, p.meter_key
          FROM public.minting_retry_queue AS p
          JOIN public.meter_registry AS m ON m.meter_key = p.meter_key AND m.verification_status = 'verified'
          JOIN public.users AS u ON u.id = m.user_id AND u.wallet_address IS NOT NULL
         WHERE p.status = 'parked' AND p.amount_base_units IS NULL AND p.error_class = 'transient'
         LIMIT $1
           FOR UPDATE OF p SKIP LOCKED) AS ready
 WHERE q.mint_window = ready.mint_window AND q.meter_key = ready.meter_key

-- name: retry_parked_operations
-- Parked after many attempts for a reason that may pass: one more attempt each, the longest parked first. What a person
-- parked or must look at has another class.
WITH again AS (
    UPDATE public.minting_retry_queue AS q
       SET status = 'queued', next_retry_at = now(), updated_at = now()
      FROM (SELECT p.mint_window, p.meter_key
              FROM public.minting_retry_queue AS p
             WHERE p.status = 'parked' AND p.error_class = 'transient' AND p.amount_base_units IS NOT NULL
               AND p.updated_at < now() - interval '1 second' * $1::integer
             ORDER BY p.updated_at
             LIMIT $2
               FOR UPDATE SKIP LOCKED) AS rested
     WHERE q.mint_window = rested.mint_window AND q.meter_key = rested.meter_key
    RETURNING q.mint_window, q.meter_key
)
UPDATE public.meter_readings AS r
   SET blockchain_status = 'minting', status_reason = NULL
  FROM again
 WHERE r.mint_window = again.mint_window AND r.meter_key = again.meter_key AND r.blockchain_status = 'parked'

-- name: due_operations
-- Operations to lease, oldest window first; locked until this transaction ends.
SELECT q.mint_window, q.meter_key, m.id AS meter_id, q.amount_base_units, q.attempts,
       m.verification_status, u.wallet_address
  FROM public.minting_retry_queue AS q
  LEFT JOIN public.meter_registry AS m ON m.meter_key = q.meter_key
  LEFT JOIN public.users AS u ON u.id = m.user_id
 WHERE q.status = 'queued' AND q.next_retry_at <= now()
   AND q.mint_window < $1::bigint AND q.mint_window <= $2::bigint
 ORDER BY q.mint_window, q.meter_key
 LIMIT $3
   FOR UPDATE OF q SKIP LOCKED

-- name: count_own_readings
-- Assigns the queued readings of each window to its operation and sums them; 1 kWh is 10^9 base units.
WITH counted AS (
    UPDATE public.meter_readings AS r
       SET mint_window = op.mint_window, blockchain_status = 'minting'
      FROM unnest($1::bigint[], $2::uuid[]) AS op(mint_window, meter_id)
     WHERE r.meter_id = op.meter_id AND r.blockchain_status = 'queued'
       AND r."timestamp" >= indexer.window_start(op.mint_window)
       AND r."timestamp" < indexer.window_start(op.mint_window + 1)
       AND r."timestamp" >= indexer.window_start($3::bigint) AND r."timestamp" < indexer.window_start($4::bigint + 1)
    RETURNING r.mint_window, r.meter_id, r.energy_generated - r.energy_consumed AS net_kwh
)
SELECT mint_window, meter_id, (sum(net_kwh) * 1000000000)::numeric(78,0) AS net_base_units
  FROM counted
 GROUP BY mint_window, meter_id

-- name: count_late_readings
-- Late readings of frozen windows go to the meter's first open window after them.
WITH late AS (
    SELECT DISTINCT ON (r.id, r."timestamp") r.id, r."timestamp", op.mint_window, frozen.mint_window AS carried_from
      FROM unnest($1::bigint[], $2::uuid[], $3::bytea[]) AS op(mint_window, meter_id, meter_key)
      JOIN public.meter_readings AS r
        ON r.meter_id = op.meter_id AND r.blockchain_status = 'queued' AND r."timestamp" < indexer.window_start(op.mint_window)
      JOIN public.minting_retry_queue AS frozen
        ON frozen.mint_window = indexer.window_of(r."timestamp") AND frozen.meter_key = op.meter_key
       AND frozen.amount_base_units IS NOT NULL
     ORDER BY r.id, r."timestamp", op.mint_window
), counted AS (
    UPDATE public.meter_readings AS r
       SET mint_window = late.mint_window, carried_from = late.carried_from, blockchain_status = 'minting'
      FROM late
     WHERE r.id = late.id AND r."timestamp" = late."timestamp" AND r.blockchain_status = 'queued'
    RETURNING r.meter_id, r.mint_window, r.carried_from, r.energy_generated - r.energy_consumed AS net_kwh
)
SELECT meter_id, mint_window, carried_from, (sum(net_kwh) * 1000000000)::numeric(78,0) AS late_base_units
  FROM counted
 GROUP BY meter_id, mint_window, carried_from

-- name: late_windows
-- What was counted in and accounted for windows that got late readings; kept here, since readings may be deleted.
SELECT frozen.mint_window, frozen.meter_key, frozen.accounted_base_units,
       coalesce(frozen.net_base_units, frozen.accounted_base_units) AS net_base_units
  FROM public.minting_retry_queue AS frozen
  JOIN unnest($1::bytea[], $2::bigint[]) AS late(meter_key, carried_from)
    ON frozen.mint_window = late.carried_from AND frozen.meter_key = late.meter_key
 ORDER BY frozen.mint_window, frozen.meter_key
   FOR UPDATE OF frozen

-- name: account_late_windows
-- The difference is carried now; the next late reading starts from here.
UPDATE public.minting_retry_queue AS q
   SET net_base_units = late.net, accounted_base_units = late.accounted, updated_at = now()
  FROM unnest($1::bigint[], $2::bytea[], $3::numeric[], $4::numeric[]) AS late(mint_window, meter_key, net, accounted)
 WHERE q.mint_window = late.mint_window AND q.meter_key = late.meter_key

-- name: take_owed
-- What these meters owe from earlier windows; the rest comes back by put_owed.
DELETE FROM indexer.mint_carries WHERE meter_key = ANY ($1::bytea[])
RETURNING meter_key, base_units

-- name: put_owed
-- The negative rest that this window could not pay.
INSERT INTO indexer.mint_carries (meter_key, base_units, from_window)
SELECT * FROM unnest($1::bytea[], $2::numeric[], $3::bigint[])

-- name: freeze_operations
-- The amount, the destination and the term that decided them; never changed afterwards.
UPDATE public.minting_retry_queue AS q
   SET status = CASE WHEN f.amount = 0 THEN 'no_surplus' ELSE 'leased' END,
       amount_base_units = f.amount, carried_base_units = f.carried, net_base_units = f.net,
       accounted_base_units = f.accounted, meter_id = f.meter_id,
       wallet_address = f.wallet, destination = f.destination, lease_term = $10::bigint,
       frozen_at = now(), updated_at = now(), error_class = NULL, error_message = NULL
  FROM unnest($1::bigint[], $2::bytea[], $3::uuid[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[],
              $8::text[], $9::text[])
    AS f(mint_window, meter_key, meter_id, amount, carried, net, accounted, wallet, destination)
 WHERE q.mint_window = f.mint_window AND q.meter_key = f.meter_key AND q.status = 'queued'

-- name: settle_empty_readings
-- Counted, with nothing to mint.
UPDATE public.meter_readings AS r
   SET blockchain_status = 'no_surplus'
  FROM unnest($1::bigint[], $2::bytea[]) AS op(mint_window, meter_key)
 WHERE r.mint_window = op.mint_window AND r.meter_key = op.meter_key AND r.blockchain_status = 'minting'

-- name: lease_frozen
-- Tried before: the amount stands, only the lease is new.
UPDATE public.minting_retry_queue AS q
   SET status = 'leased', lease_term = $3::bigint, updated_at = now()
  FROM unnest($1::bigint[], $2::bytea[]) AS op(mint_window, meter_key)
 WHERE q.mint_window = op.mint_window AND q.meter_key = op.meter_key AND q.status = 'queued'

-- name: park_operations
-- Set aside with the reason; error_class transient lets the sweep bring it back.
UPDATE public.minting_retry_queue AS q
   SET status = 'parked', error_class = op.error_class, error_message = op.message, updated_at = now()
  FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[]) AS op(mint_window, meter_key, error_class, message)
 WHERE q.mint_window = op.mint_window AND q.meter_key = op.meter_key AND q.status IN ('queued', 'leased')

-- name: leased_operations
-- Frozen operations without a live attempt, also those that a worker left behind when it died.
SELECT q.mint_window, q.meter_key, q.wallet_address, q.destination, q.amount_base_units, q.attempts, q.batch_limit
  FROM public.minting_retry_queue AS q
 WHERE q.status = 'leased'
 ORDER BY q.mint_window, q.meter_key
 LIMIT $1

-- name: lock_leased
-- Locked until the attempt is committed; what is missing in the answer was taken by another worker.
SELECT q.mint_window, q.meter_key
  FROM public.minting_retry_queue AS q
  JOIN unnest($1::bigint[], $2::bytea[]) AS op(mint_window, meter_key)
    ON q.mint_window = op.mint_window AND q.meter_key = op.meter_key
 WHERE q.status = 'leased'
 ORDER BY q.mint_window, q.meter_key
   FOR UPDATE OF q SKIP LOCKED

-- name: mark_sent
-- In the transaction that writes the attempt ahead.
UPDATE public.minting_retry_queue AS q
   SET status = 'sent', signature = op.signature, attempts = q.attempts + 1, lease_term = $4::bigint, updated_at = now()
  FROM unnest($1::bigint[], $2::bytea[], $3::text[]) AS op(mint_window, meter_key, signature)
 WHERE q.mint_window = op.mint_window AND q.meter_key = op.meter_key

-- name: operations_of
-- The rows that an ended attempt was about.
SELECT q.mint_window, q.meter_key, q.amount_base_units, q.destination, q.attempts, q.batch_limit, q.status
  FROM public.minting_retry_queue AS q
  JOIN unnest($1::bigint[], $2::bytea[]) AS op(mint_window, meter_key)
    ON q.mint_window = op.mint_window AND q.meter_key = op.meter_key
 ORDER BY q.mint_window, q.meter_key
   FOR UPDATE OF q

-- name: earlier_mints
-- Finalized mints of operations that the program skipped, whoever sent them.
SELECT e.data ->> 'meter_id' AS meter_key_hex, (e.data ->> 'window')::bigint AS mint_window,
       (e.data ->> 'amount')::numeric AS amount, e.data ->> 'destination' AS destination, e.slot, e.signature
  FROM unnest($1::text[], $2::text[]) AS op(meter_key_hex, mint_window)
  JOIN public.blockchain_events AS e
    ON e.event_type = 'EnergyMinted' AND e.data ->> 'meter_id' = op.meter_key_hex AND e.data ->> 'window' = op.mint_window
 WHERE e.program_id = $3
   AND e.slot <= (SELECT c.finalized_slot FROM indexer.cursors AS c WHERE c.name = 'chain')

-- name: finish_operations
-- Done by the finalized event; the totals outlive the rows.
WITH done AS (
    UPDATE public.minting_retry_queue AS q
       SET status = 'done', signature = op.signature, minted_slot = op.slot, done_at = now(), updated_at = now(),
           error_class = NULL, error_message = NULL
      FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bigint[]) AS op(mint_window, meter_key, signature, slot)
     WHERE q.mint_window = op.mint_window AND q.meter_key = op.meter_key AND q.status = 'sent'
    RETURNING q.mint_window, q.amount_base_units
)
INSERT INTO indexer.mint_totals AS t (day_start_window, operations, minted_base_units)
SELECT mint_window / 96 * 96, count(*), sum(amount_base_units) FROM done GROUP BY mint_window / 96 * 96
    ON CONFLICT (day_start_window) DO UPDATE
   SET operations = t.operations + excluded.operations,
       minted_base_units = t.minted_base_units + excluded.minted_base_units

-- name: finish_readings
-- Every reading that was counted in a minted amount; by key, since the meter may be gone.
UPDATE public.meter_readings AS r
   SET minted = true, blockchain_status = 'minted', mint_signature = op.signature
  FROM unnest($1::bigint[], $2::bytea[], $3::text[]) AS op(mint_window, meter_key, signature)
 WHERE r.mint_window = op.mint_window AND r.meter_key = op.meter_key AND r.blockchain_status IN ('minting', 'parked', 'review')

-- name: requeue_operations
-- Their attempt is proved over without effect.
UPDATE public.minting_retry_queue AS q
   SET status = 'queued', error_class = op.error_class, error_message = op.message, batch_limit = op.batch_limit,
       next_retry_at = now() + interval '1 millisecond' * op.pause_ms, updated_at = now()
  FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::smallint[], $6::bigint[])
    AS op(mint_window, meter_key, error_class, message, batch_limit, pause_ms)
 WHERE q.mint_window = op.mint_window AND q.meter_key = op.meter_key AND q.status = 'sent'

-- name: set_aside_operations
-- Parked, rejected or in review; nothing retries them by itself.
UPDATE public.minting_retry_queue AS q
   SET status = op.status, error_class = op.error_class, error_message = op.message, updated_at = now()
  FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::text[])
    AS op(mint_window, meter_key, status, error_class, message)
 WHERE q.mint_window = op.mint_window AND q.meter_key = op.meter_key AND q.status = 'sent'

-- name: set_aside_readings
-- Readings follow their operation.
UPDATE public.meter_readings AS r
   SET blockchain_status = op.status, status_reason = 'operation_' || op.status
  FROM unnest($1::bigint[], $2::bytea[], $3::text[]) AS op(mint_window, meter_key, status)
 WHERE r.mint_window = op.mint_window AND r.meter_key = op.meter_key AND r.blockchain_status = 'minting'

-- name: paused
-- Why minting is paused; NULL while it is not.
SELECT paused_reason FROM indexer.mint_books

-- name: lock_books
-- One bookkeeper at a time, and only up to a slot that the index has finalized.
SELECT b.checked_slot, b.minted_events, b.minted_base_units, b.burned_base_units, b.paused_reason,
       c.finalized_slot, c.anchor_slot
  FROM indexer.mint_books AS b
  JOIN indexer.cursors AS c ON c.name = 'chain'
   FOR UPDATE OF b

-- name: minted_between
-- Finalized mint events of a slot range, and those that no sent operation explains.
SELECT count(*) AS events, coalesce(sum((e.data ->> 'amount')::numeric), 0) AS minted_base_units,
       coalesce(array_agg(e.signature) FILTER (WHERE q.mint_window IS NULL), '{}') AS unexplained
  FROM public.blockchain_events AS e
  LEFT JOIN public.minting_retry_queue AS q
    ON q.mint_window = (e.data ->> 'window')::bigint AND q.meter_key = decode(e.data ->> 'meter_id', 'hex')
   AND q.signature IS NOT NULL
 WHERE e.event_type = 'EnergyMinted' AND e.program_id = $3 AND e.slot > $1 AND e.slot <= $2

-- name: burned_between
-- Burns of the energy token, whoever sent them.
SELECT coalesce(sum(amount), 0) AS burned_base_units
  FROM indexer.supply_changes
 WHERE kind = 'burn' AND mint = $3 AND slot > $1 AND slot <= $2

-- name: done_total
-- Sum of done operations, dropped partitions included.
SELECT coalesce(sum(minted_base_units), 0) AS minted_base_units, coalesce(sum(operations), 0) AS operations
  FROM indexer.mint_totals

-- name: minted_after
-- Events that were finalized after the compared slot; operations may already be done by them.
SELECT coalesce(sum((data ->> 'amount')::numeric), 0) AS minted_base_units
  FROM public.blockchain_events
 WHERE event_type = 'EnergyMinted' AND program_id = $2 AND slot > $1
   AND slot <= (SELECT c.finalized_slot FROM indexer.cursors AS c WHERE c.name = 'chain')

-- name: write_books
-- A pause is kept until a person lifts it.
UPDATE indexer.mint_books
   SET checked_slot = $1, minted_events = $2, minted_base_units = $3, burned_base_units = $4, supply_base_units = $5,
       checked_at = now(), alert = $6, paused_reason = coalesce(paused_reason, $7),
       paused_at = CASE WHEN paused_reason IS NULL AND $7::text IS NOT NULL THEN now() ELSE paused_at END

-- name: resume_minting
-- A person has looked.
UPDATE indexer.mint_books SET paused_reason = NULL, paused_at = NULL WHERE paused_reason IS NOT NULL
