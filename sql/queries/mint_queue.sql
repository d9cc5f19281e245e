-- name: list
-- A page of operations behind (window, meter).
SELECT q.mint_window, q.meter_key, indexer.window_start(q.mint_window) AS window_start, m.meter_serial, q.status,
       q.amount_base_units, q.carried_base_units, q.attempts, q.next_retry_at, q.error_class, q.error_message, q.signature
  FROM public.minting_retry_queue AS q
  LEFT JOIN public.meter_registry AS m ON m.meter_key = q.meter_key
 WHERE q.status = ANY ($1::text[]) AND (q.mint_window, q.meter_key) > ($2::bigint, $3::bytea)
 ORDER BY q.mint_window, q.meter_key
 LIMIT $4

-- name: show
-- One operation.
SELECT q.mint_window, q.meter_key, indexer.window_start(q.mint_window) AS window_start, m.meter_serial, q.status,
       q.amount_base_units, q.carried_base_units, q.attempts, q.next_retry_at, q.error_class, q.error_message, q.signature
  FROM public.minting_retry_queue AS q
  LEFT JOIN public.meter_registry AS m ON m.meter_key = q.meter_key
 WHERE q.mint_window = $1 AND q.meter_key = $2

-- name: attempts_of
-- Its whole history, with the proof of each death.
SELECT a.signature, a.status, i.live, a.blockhash_slot, a.last_valid_block_height, a.sends, a.last_send_error,
       a.spent_slot, a.spent_error, a.review_reason, c.from_slot || '-' || c.to_slot AS certificate_slots
  FROM indexer.tx_attempt_items AS i
  JOIN indexer.tx_attempts AS a ON a.blockhash_slot = i.blockhash_slot AND a.signature = i.signature
  LEFT JOIN indexer.tx_death_certificates AS c ON c.blockhash_slot = a.blockhash_slot AND c.signature = a.signature
 WHERE i.operation = $1
 ORDER BY a.created_at, a.signature

-- name: lock
-- The row, and whether an attempt that may still land holds it.
SELECT q.status, EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i WHERE i.operation = $3) AS held
  FROM public.minting_retry_queue AS q
 WHERE q.mint_window = $1 AND q.meter_key = $2
   FOR UPDATE OF q

-- name: retry
-- With a clean slate, alone in its transaction until it succeeds.
WITH again AS (
    UPDATE public.minting_retry_queue AS q
       SET status = 'queued', attempts = 0, batch_limit = 1, next_retry_at = now(), error_class = NULL,
           error_message = NULL, updated_at = now()
     WHERE q.mint_window = $1 AND q.meter_key = $2
    RETURNING q.mint_window, q.meter_key
)
UPDATE public.meter_readings AS r
   SET blockchain_status = 'minting', status_reason = NULL
  FROM again
 WHERE r.mint_window = again.mint_window AND r.meter_key = again.meter_key
   AND r.blockchain_status IN ('parked', 'rejected', 'review')

-- name: park
-- Out of the queue by hand.
UPDATE public.minting_retry_queue AS q
   SET status = 'parked', error_class = 'operator', error_message = $3, updated_at = now()
 WHERE q.mint_window = $1 AND q.meter_key = $2

-- name: judge_again
-- The resolver takes it up again; what made it uncertain may be mended by now.
UPDATE indexer.tx_attempts AS a
   SET status = 'sent', review_reason = NULL
  FROM indexer.tx_attempt_items_live AS i
 WHERE i.operation = $1 AND a.blockhash_slot = i.blockhash_slot AND a.signature = i.signature AND a.status = 'review'
RETURNING true

-- name: in_review
-- Whether judge_again would find one.
SELECT EXISTS (SELECT FROM indexer.tx_attempts AS a
                 JOIN indexer.tx_attempt_items_live AS i ON i.blockhash_slot = a.blockhash_slot AND i.signature = a.signature
                WHERE i.operation = $1 AND a.status = 'review')

-- name: started
-- What is parked again after this moment is not taken up a second time.
SELECT now();

-- name: parked
-- What a retry of all would take up, in its order. What a person has parked is taken up only by that word.
SELECT q.mint_window, q.meter_key, indexer.window_start(q.mint_window) AS window_start, m.meter_serial, q.status,
       q.amount_base_units, q.carried_base_units, q.attempts, q.next_retry_at, q.error_class, q.error_message, q.signature
  FROM public.minting_retry_queue AS q
  LEFT JOIN public.meter_registry AS m ON m.meter_key = q.meter_key
 WHERE q.status = 'parked'
   AND CASE WHEN $1::text IS NULL THEN q.error_class IS DISTINCT FROM 'operator'
            ELSE q.error_class = $1 OR $1 = ANY (regexp_split_to_array(q.error_message, '[^[:alnum:]_]+')) END
   AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                    WHERE i.operation = 'mint:' || encode(q.meter_key, 'hex') || ':' || q.mint_window)
 ORDER BY q.mint_window, q.meter_key
 LIMIT $2

-- name: retry_parked
-- Those parked before $3. What only had bad luck goes in full batches again, anything else alone until it succeeds.
WITH chosen AS (
    SELECT q.mint_window, q.meter_key
      FROM public.minting_retry_queue AS q
     WHERE q.status = 'parked' AND q.updated_at <= $3::timestamptz
       AND CASE WHEN $1::text IS NULL THEN q.error_class IS DISTINCT FROM 'operator'
                ELSE q.error_class = $1 OR $1 = ANY (regexp_split_to_array(q.error_message, '[^[:alnum:]_]+')) END
       AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                        WHERE i.operation = 'mint:' || encode(q.meter_key, 'hex') || ':' || q.mint_window)
     ORDER BY q.mint_window, q.meter_key
     LIMIT $2
       FOR UPDATE OF q SKIP LOCKED
), again AS (
    UPDATE public.minting_retry_queue AS q
       SET status = 'queued', attempts = 0, next_retry_at = now(),
           batch_limit = CASE WHEN q.error_class IN ('transient', 'expired', 'batch') THEN NULL ELSE 1 END,
           error_class = NULL, error_message = NULL, updated_at = now()
      FROM chosen
     WHERE q.mint_window = chosen.mint_window AND q.meter_key = chosen.meter_key
    RETURNING q.mint_window, q.meter_key
), readings AS (
    UPDATE public.meter_readings AS r
       SET blockchain_status = 'minting', status_reason = NULL
      FROM again
     WHERE r.mint_window = again.mint_window AND r.meter_key = again.meter_key AND r.blockchain_status = 'parked'
)
SELECT count(*) FROM again
