-- name: epoch_exists
-- A mistyped number must not pass for an epoch without work.
SELECT true FROM public.market_epochs WHERE epoch_number = $1

-- name: in_review
-- Trades whose outcome is in doubt, and operations held by a transaction whose end is.
SELECT concat_ws(':', 'trade', l.epoch_number, l.zone_id, l.trade_index) AS operation, l.reason, NULL AS attempt
  FROM indexer.trade_leaves AS l
 WHERE l.epoch_number = $1::bigint AND l.state = 'review'
   AND ($2::integer IS NULL OR l.zone_id = $2) AND ($3::integer IS NULL OR l.trade_index = $3)
UNION ALL
SELECT i.operation, a.review_reason, a.signature
  FROM indexer.tx_attempts AS a
  JOIN indexer.tx_attempt_items_live AS i USING (blockhash_slot, signature)
 WHERE a.status = 'review'
   AND split_part(i.operation, ':', 1) IN ('trade', 'open', 'close')
   AND split_part(i.operation, ':', 2) = $1::text
   AND ($2::integer IS NULL OR split_part(i.operation, ':', 3) = $2::text)
   AND ($3::integer IS NULL
        OR (split_part(i.operation, ':', 1) = 'trade' AND split_part(i.operation, ':', 4) = $3::text))
 ORDER BY 1

-- name: pending_again
-- The reason stays: a trade that fails at its deadline says what kept it.
UPDATE indexer.trade_leaves
   SET state = 'pending', next_retry_at = NULL
 WHERE epoch_number = $1 AND state = 'review'
   AND concat_ws(':', 'trade', epoch_number, zone_id, trade_index) = ANY ($2::text[])

-- name: judge_again
-- The resolver takes them up again; what made them uncertain may be mended by now.
UPDATE indexer.tx_attempts AS a
   SET status = 'sent', review_reason = NULL
  FROM indexer.tx_attempt_items_live AS i
 WHERE i.operation = ANY ($1::text[]) AND a.blockhash_slot = i.blockhash_slot AND a.signature = i.signature
   AND a.status = 'review'

-- name: wake_workers
-- The settler and the resolver look at once.
SELECT pg_notify('gridtokenx_epochs', ''), pg_notify('gridtokenx_attempts', '')
