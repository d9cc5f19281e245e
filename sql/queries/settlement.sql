-- name: chain_time
-- Chain time as far as it is final, and the program that the index follows.
SELECT finalized_block_time, finalized_slot, program_id FROM indexer.cursors WHERE name = 'chain'

-- name: parts_to_open
-- The first unopened part of each zone, unless its opening is on its way: one in flight, in order.
SELECT f.epoch_number, f.zone_id, f.part, f.first_index, f.trade_count, f.price_units, f.root
  FROM (SELECT DISTINCT ON (p.zone_id) p.*
          FROM public.market_epoch_parts AS p
         WHERE p.status = 'pending'
         ORDER BY p.zone_id, p.epoch_number, p.part) AS f
 WHERE (f.next_retry_at IS NULL OR f.next_retry_at <= now())
   AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                    WHERE i.operation = concat_ws(':', 'open', f.epoch_number, f.zone_id, f.part))
 ORDER BY f.zone_id

-- name: start_opening
-- The deadline is fixed with the first opening that is written: every later one must say the same.
UPDATE public.market_epoch_parts
   SET deadline = coalesce(deadline, $4), payer = $5
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3 AND status = 'pending'
RETURNING deadline

-- name: parts_to_settle
-- Open parts with trades left. An opening seen in a block is enough to go on; finality decides what counts.
SELECT p.epoch_number, p.zone_id, p.part, p.first_index, p.trade_count
  FROM public.market_epoch_parts AS p
  JOIN indexer.cursors AS c ON c.name = 'chain' AND p.deadline > c.finalized_block_time
 WHERE (p.status = 'open'
        OR (p.status = 'pending'
            AND EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                          JOIN public.blockchain_transactions AS t
                            ON t.signature = i.signature AND t.slot > i.blockhash_slot AND t.status = 'confirmed'
                         WHERE i.operation = concat_ws(':', 'open', p.epoch_number, p.zone_id, p.part))))
   AND EXISTS (SELECT FROM indexer.trade_leaves AS l
                WHERE l.epoch_number = p.epoch_number AND l.zone_id = p.zone_id AND l.part = p.part
                  AND l.state = 'pending')
 ORDER BY p.epoch_number, p.zone_id, p.part

-- name: lock_part
-- Planning and giving up exclude each other.
SELECT part FROM public.market_epoch_parts
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3 AND status IN ('pending', 'open')
   FOR NO KEY UPDATE

-- name: due_trades
-- What may be sent now: not settled, not on its way, not in its pause.
SELECT l.trade_index, l.seller_energy, l.buyer_energy, l.buyer_payment, l.seller_payment,
       l.energy_base_units, l.payment_base_units, l.fee_base_units, l.batch_limit
  FROM indexer.trade_leaves AS l
 WHERE l.epoch_number = $1 AND l.zone_id = $2 AND l.part = $3 AND l.state = 'pending'
   AND (l.next_retry_at IS NULL OR l.next_retry_at <= now())
   AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                    WHERE i.operation = concat_ws(':', 'trade', l.epoch_number, l.zone_id, l.trade_index))
 ORDER BY l.trade_index
 LIMIT $4

-- name: batches_in_flight
-- How many transactions of trades are on their way, by zone.
SELECT (context ->> 'zone')::integer AS zone_id, count(*) AS batches
  FROM indexer.tx_attempts
 WHERE status IN ('signed', 'sent') AND lease_name = $1 AND kind = $2
 GROUP BY 1

-- name: mark_processing
-- A trade is on its way for the first time.
UPDATE public.settlements AS s
   SET status = 'processing'
  FROM indexer.trade_leaves AS l
 WHERE l.epoch_number = $1 AND l.zone_id = $2 AND l.trade_index = ANY ($3::integer[])
   AND s.id = l.settlement_id AND s.status = 'pending'

-- name: lock_parts
-- Whoever ends trades of a part waits for the other, so that the last of them sees that it is the last.
SELECT p.epoch_number, p.zone_id, p.part, p.status, p.first_index, p.trade_count, p.price_units, p.root, p.deadline,
       p.attempts, p.close_attempts
  FROM public.market_epoch_parts AS p
  JOIN unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, part)
 USING (epoch_number, zone_id, part)
 ORDER BY p.epoch_number, p.zone_id, p.part
   FOR NO KEY UPDATE OF p

-- name: published_trades
-- The trades of closed attempts as they were published.
SELECT l.epoch_number, l.zone_id, l.trade_index, l.energy_base_units, l.payment_base_units, l.fee_base_units,
       l.tries, l.batch_limit
  FROM indexer.trade_leaves AS l
  JOIN unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, trade_index)
 USING (epoch_number, zone_id, trade_index)

-- name: settled_events
-- Finalized executions of any trade of an (epoch, zone), for those that were skipped.
SELECT e.slot, e.signature, e.data
  FROM public.blockchain_events AS e
  JOIN indexer.cursors AS c ON c.name = 'chain' AND e.slot <= c.finalized_slot
 WHERE e.event_type = 'TradesSettled' AND e.program_id = c.program_id
   AND e.data ->> 'epoch' = $1::text AND e.data ->> 'zone' = $2::text
 ORDER BY e.slot

-- name: part_events
-- The finalized opening or closing of a part, whoever sent it.
SELECT e.slot, e.signature, e.data
  FROM public.blockchain_events AS e
  JOIN indexer.cursors AS c ON c.name = 'chain' AND e.slot <= c.finalized_slot
 WHERE e.event_type = $4 AND e.program_id = c.program_id
   AND e.data ->> 'epoch' = $1::text AND e.data ->> 'zone' = $2::text AND e.data ->> 'part' = $3::text
 ORDER BY e.slot
 LIMIT 1

-- name: settle_leaves
-- Only a pending trade can become settled; what is settled stays so.
UPDATE indexer.trade_leaves AS l
   SET state = 'settled', signature = k.signature, settled_slot = k.slot, reason = NULL, next_retry_at = NULL
  FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[], $5::bigint[])
       AS k(epoch_number, zone_id, trade_index, signature, slot)
 WHERE l.epoch_number = k.epoch_number AND l.zone_id = k.zone_id AND l.trade_index = k.trade_index
   AND l.state = 'pending'

-- name: complete_settlements
-- The seed's words for a settled trade; its time is the block's.
UPDATE public.settlements AS s
   SET status = 'completed', transaction_hash = l.signature, error_message = NULL, retry_count = l.tries,
       processed_at = coalesce(b.block_time, e.end_time)
  FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, trade_index)
  JOIN indexer.trade_leaves AS l USING (epoch_number, zone_id, trade_index)
  JOIN public.market_epochs AS e USING (epoch_number)
  LEFT JOIN indexer.slots AS b ON b.slot = l.settled_slot
 WHERE s.id = l.settlement_id AND l.state = 'settled'

-- name: settle_matches
-- Its trigger settles orders of which this was the last open match.
UPDATE public.order_matches AS m
   SET status = 'settled'
  FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, trade_index)
  JOIN indexer.trade_leaves AS l USING (epoch_number, zone_id, trade_index)
 WHERE m.id = l.match_id AND m.status = 'pending' AND l.state = 'settled'

-- name: insert_trades
-- One row per trade that happened on chain.
INSERT INTO trading.trades (id, buy_order_id, sell_order_id, buyer_id, seller_id, energy_amount, price_per_unit,
       total_value, grid_fee, executed_at, settlement_status, epoch_number, zone_id, trade_index, signature)
SELECT k.id, l.buy_order_id, l.sell_order_id, l.buyer_id, l.seller_id, l.energy_base_units / 1000000000,
       p.price_units / 1000000.0, (l.payment_base_units - l.fee_base_units) / 1000000,
       trunc(l.energy_base_units / 1000000000 * z.grid_fee_per_kwh, 6), coalesce(b.block_time, e.end_time), 'settled',
       l.epoch_number, l.zone_id, l.trade_index, l.signature
  FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::uuid[]) AS k(epoch_number, zone_id, trade_index, id)
  JOIN indexer.trade_leaves AS l USING (epoch_number, zone_id, trade_index)
  JOIN public.market_epoch_parts AS p USING (epoch_number, zone_id, part)
  JOIN public.market_epoch_zones AS z USING (epoch_number, zone_id)
  JOIN public.market_epochs AS e USING (epoch_number)
  LEFT JOIN indexer.slots AS b ON b.slot = l.settled_slot
 WHERE l.state = 'settled'
    ON CONFLICT (id) DO NOTHING

-- name: retry_leaves
-- Tried in vain: again after its pause.
UPDATE indexer.trade_leaves AS l
   SET tries = k.tries, batch_limit = k.batch_limit, reason = coalesce(k.reason, l.reason),
       next_retry_at = CASE WHEN k.pause_ms > 0 THEN now() + interval '1 millisecond' * k.pause_ms END
  FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::text[], $7::integer[])
       AS k(epoch_number, zone_id, trade_index, tries, batch_limit, reason, pause_ms)
 WHERE l.epoch_number = k.epoch_number AND l.zone_id = k.zone_id AND l.trade_index = k.trade_index
   AND l.state = 'pending'

-- name: note_retries
-- The reason shows in the seed's table too.
UPDATE public.settlements AS s
   SET retry_count = l.tries, error_message = l.reason
  FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, trade_index)
  JOIN indexer.trade_leaves AS l USING (epoch_number, zone_id, trade_index)
 WHERE s.id = l.settlement_id AND s.status IN ('pending', 'processing')

-- name: end_leaves
-- Out of the work: failed for good, or for a person to look at.
UPDATE indexer.trade_leaves AS l
   SET state = k.state, reason = k.reason, next_retry_at = NULL
  FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[], $5::text[])
       AS k(epoch_number, zone_id, trade_index, state, reason)
 WHERE l.epoch_number = k.epoch_number AND l.zone_id = k.zone_id AND l.trade_index = k.trade_index
   AND l.state = 'pending'

-- name: overdue_parts
-- Parts whose deadline a finalized block time has passed while something of them is still open.
SELECT p.epoch_number, p.zone_id, p.part, p.status
  FROM public.market_epoch_parts AS p
  JOIN indexer.cursors AS c ON c.name = 'chain' AND p.deadline < c.finalized_block_time
 WHERE p.status IN ('pending', 'open')
   AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                    WHERE i.operation = concat_ws(':', 'open', p.epoch_number, p.zone_id, p.part))
 ORDER BY p.epoch_number, p.zone_id, p.part

-- name: overdue_trades
-- What no live attempt holds.
SELECT l.trade_index
  FROM indexer.trade_leaves AS l
 WHERE l.epoch_number = $1 AND l.zone_id = $2 AND l.part = $3 AND l.state = 'pending'
   AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                    WHERE i.operation = concat_ws(':', 'trade', l.epoch_number, l.zone_id, l.trade_index))

-- name: fail_overdue_trades
-- Past the deadline and held by no live attempt: nothing can settle it any more.
UPDATE indexer.trade_leaves AS l
   SET state = 'failed', next_retry_at = NULL,
       reason = concat_ws('; last: ', 'not settled by the deadline', l.reason)
 WHERE l.epoch_number = $1 AND l.zone_id = $2 AND l.part = $3 AND l.state = 'pending'
   AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                    WHERE i.operation = concat_ws(':', 'trade', l.epoch_number, l.zone_id, l.trade_index))
RETURNING l.trade_index

-- name: fail_part_trades
-- Its part will never be open: none of its trades can settle.
UPDATE indexer.trade_leaves AS l
   SET state = 'failed', next_retry_at = NULL, reason = $4
 WHERE l.epoch_number = $1 AND l.zone_id = $2 AND l.part = $3 AND l.state = 'pending'
RETURNING l.trade_index

-- name: fail_settlements
-- The seed's words for a trade that ended without settling.
UPDATE public.settlements AS s
   SET status = 'failed', retry_count = l.tries, error_message = l.reason
  FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, trade_index)
  JOIN indexer.trade_leaves AS l USING (epoch_number, zone_id, trade_index)
 WHERE s.id = l.settlement_id AND l.state = 'failed' AND s.status IN ('pending', 'processing')

-- name: fail_matches
-- The match goes with its settlement.
UPDATE public.order_matches AS m
   SET status = 'failed'
  FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, trade_index)
  JOIN indexer.trade_leaves AS l USING (epoch_number, zone_id, trade_index)
 WHERE m.id = l.match_id AND m.status = 'pending' AND l.state = 'failed'

-- name: part_opened
-- Trades may have settled before the opening itself was resolved: then the part does not go back.
UPDATE public.market_epoch_parts
   SET status = CASE WHEN status = 'pending' THEN 'open' ELSE status END,
       opened_signature = $4, opened_slot = $5, next_retry_at = NULL, failure = NULL
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3

-- name: part_open_again
-- Not open yet: the same arguments again, after a pause.
UPDATE public.market_epoch_parts
   SET attempts = attempts + 1, failure = $4,
       next_retry_at = CASE WHEN $5::integer > 0 THEN now() + interval '1 millisecond' * $5::integer END
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3

-- name: part_failed
-- Never opened and never will be.
UPDATE public.market_epoch_parts
   SET status = 'failed', failure = $4, next_retry_at = NULL
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3 AND status IN ('pending', 'open')

-- name: finish_parts
-- Every trade of it has ended.
UPDATE public.market_epoch_parts AS p
   SET status = 'settled'
  FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS k(epoch_number, zone_id, part)
 WHERE p.epoch_number = k.epoch_number AND p.zone_id = k.zone_id AND p.part = k.part
   AND p.status IN ('pending', 'open')
   AND NOT EXISTS (SELECT FROM indexer.trade_leaves AS l
                    WHERE l.epoch_number = p.epoch_number AND l.zone_id = p.zone_id AND l.part = p.part
                      AND l.state IN ('pending', 'review'))

-- name: lock_epochs
-- The zones and parts of an epoch may end in different transactions; the last one must see the others.
SELECT epoch_number FROM public.market_epochs
 WHERE epoch_number = ANY ($1::bigint[]) AND status = 'cleared'
 ORDER BY epoch_number
   FOR NO KEY UPDATE

-- name: finish_zones
-- A zone is settled when all its parts have ended and something moved, failed when nothing did.
UPDATE public.market_epoch_zones AS z
   SET status = CASE WHEN EXISTS (SELECT FROM indexer.trade_leaves AS l
                                   WHERE l.epoch_number = z.epoch_number AND l.zone_id = z.zone_id
                                     AND l.state = 'settled')
                     THEN 'settled' ELSE 'failed' END
 WHERE z.epoch_number = ANY ($1::bigint[]) AND z.status = 'cleared'
   AND NOT EXISTS (SELECT FROM public.market_epoch_parts AS p
                    WHERE p.epoch_number = z.epoch_number AND p.zone_id = z.zone_id
                      AND p.status IN ('pending', 'open'))

-- name: finish_epochs
-- An epoch ends with its last zone.
UPDATE public.market_epochs AS e
   SET status = CASE WHEN EXISTS (SELECT FROM public.market_epoch_zones AS z
                                   WHERE z.epoch_number = e.epoch_number AND z.status = 'settled' AND z.trade_count > 0)
                     THEN 'settled' ELSE 'failed' END,
       settled_at = indexer.market_now(),
       failure = CASE WHEN EXISTS (SELECT FROM public.market_epoch_zones AS z
                                    WHERE z.epoch_number = e.epoch_number AND z.status = 'settled'
                                      AND z.trade_count > 0)
                      THEN NULL ELSE 'none of its trades settled' END
 WHERE e.epoch_number = ANY ($1::bigint[]) AND e.status = 'cleared'
   AND NOT EXISTS (SELECT FROM public.market_epoch_zones AS z
                    WHERE z.epoch_number = e.epoch_number AND z.status = 'cleared')
RETURNING e.epoch_number, e.status

-- name: parts_to_close
-- All bits set, or past the deadline: the account may go, its rent comes back.
SELECT p.epoch_number, p.zone_id, p.part, p.payer
  FROM public.market_epoch_parts AS p
  JOIN indexer.cursors AS c ON c.name = 'chain'
 WHERE p.status = 'settled' AND p.opened_slot IS NOT NULL AND p.payer IS NOT NULL
   AND (p.next_retry_at IS NULL OR p.next_retry_at <= now())
   AND (p.deadline < c.finalized_block_time
        OR NOT EXISTS (SELECT FROM indexer.trade_leaves AS l
                        WHERE l.epoch_number = p.epoch_number AND l.zone_id = p.zone_id AND l.part = p.part
                          AND l.state <> 'settled'))
   AND NOT EXISTS (SELECT FROM indexer.tx_attempt_items_live AS i
                    WHERE i.operation = concat_ws(':', 'close', p.epoch_number, p.zone_id, p.part))
 ORDER BY p.epoch_number, p.zone_id, p.part
 LIMIT $1

-- name: part_closed
-- Its account is gone.
UPDATE public.market_epoch_parts
   SET status = 'closed', closed_signature = $4, closed_slot = $5, next_retry_at = NULL, failure = NULL
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3 AND status = 'settled'

-- name: part_close_again
-- Rent is not urgent: growing pauses.
UPDATE public.market_epoch_parts
   SET close_attempts = close_attempts + 1, failure = $4, next_retry_at = now() + interval '1 millisecond' * $5::integer
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3 AND status = 'settled'

-- name: new_traders
-- Wallets behind orders not looked at yet, in the order in which they came.
SELECT o.seq, u.wallet_address
  FROM public.trading_orders AS o
  JOIN public.users AS u ON u.id = o.user_id
 WHERE o.seq > $1 AND o.status IN ('pending', 'active', 'partially_filled') AND u.wallet_address IS NOT NULL
 ORDER BY o.seq
 LIMIT $2
