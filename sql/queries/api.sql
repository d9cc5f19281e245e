-- name: frontier
-- How far the index reaches: every answer says so.
SELECT head_slot, finalized_slot FROM indexer.cursors WHERE name = 'chain';

-- name: plan_for_these_filters
-- The filters are optional parameters: a plan made for all of them at once would use no index.
SET LOCAL plan_cache_mode = force_custom_plan;

-- name: events_newest_first
-- Keyset page of events, newest first; NULL parameters filter nothing.
SELECT e.id, e.slot, e.tx_index, e.signature, e.instruction_path, e.event_ordinal, e.program_id, e.event_type,
       e.data, e.block_time
  FROM public.blockchain_events AS e
 WHERE ($1::varchar IS NULL OR e.event_type = $1)
   AND ($2::varchar IS NULL OR e.program_id = $2)
   AND ($3::varchar IS NULL OR e.signature = $3)
   AND ($4::bigint IS NULL OR e.slot >= $4)
   AND ($5::bigint IS NULL OR e.slot <= $5)
   AND ($6::timestamptz IS NULL OR e.block_time >= $6)
   AND ($7::timestamptz IS NULL OR e.block_time < $7)
   AND ($8::varchar IS NULL OR EXISTS (
           SELECT FROM public.blockchain_transactions AS t
            WHERE t.slot = e.slot AND t.signature = e.signature AND $8 = ANY (t.signers)))
   AND ($9::bigint IS NULL OR (e.slot, e.id) < ($9, $10::uuid))
 ORDER BY e.slot DESC, e.id DESC
 LIMIT $11;

-- name: events_oldest_first
-- Keyset page of events in chain order; NULL parameters filter nothing.
SELECT e.id, e.slot, e.tx_index, e.signature, e.instruction_path, e.event_ordinal, e.program_id, e.event_type,
       e.data, e.block_time
  FROM public.blockchain_events AS e
 WHERE ($1::varchar IS NULL OR e.event_type = $1)
   AND ($2::varchar IS NULL OR e.program_id = $2)
   AND ($3::varchar IS NULL OR e.signature = $3)
   AND ($4::bigint IS NULL OR e.slot >= $4)
   AND ($5::bigint IS NULL OR e.slot <= $5)
   AND ($6::timestamptz IS NULL OR e.block_time >= $6)
   AND ($7::timestamptz IS NULL OR e.block_time < $7)
   AND ($8::varchar IS NULL OR EXISTS (
           SELECT FROM public.blockchain_transactions AS t
            WHERE t.slot = e.slot AND t.signature = e.signature AND $8 = ANY (t.signers)))
   AND ($9::bigint IS NULL OR (e.slot, e.id) > ($9, $10::uuid))
 ORDER BY e.slot, e.id
 LIMIT $11;

-- name: balances_of
-- The account itself and, for a wallet, every token account that it owns.
SELECT account_id, owner, mint, total_balance, available_balance, locked_balance, slot
  FROM blockchain.account_balances
 WHERE account_id = $1 OR owner = $1
 ORDER BY mint NULLS FIRST, account_id
 LIMIT 1000;

-- name: epoch
-- One epoch with how its settlements stand.
SELECT e.epoch_number, e.status, e.start_time, e.end_time, e.clearing_price, e.total_volume, e.total_orders,
       e.matched_orders,
       (SELECT coalesce(jsonb_object_agg(s.status, s.settlements), '{}')
          FROM (SELECT status, count(*) AS settlements FROM public.settlements
                 WHERE epoch_id = e.id GROUP BY status) AS s) AS settlements
  FROM public.market_epochs AS e
 WHERE e.epoch_number = $1;

-- name: epoch_zones
-- The published result of each zone.
SELECT zone_id, status, clearing_price, volume, trade_count, book_hash, result_hash
  FROM public.market_epoch_zones
 WHERE epoch_number = $1
 ORDER BY zone_id;

-- name: epoch_parts
-- The settlement accounts that carry those results on chain.
SELECT zone_id, part, status, first_index, trade_count, root, deadline
  FROM public.market_epoch_parts
 WHERE epoch_number = $1
 ORDER BY zone_id, part;

-- name: trade_leaf
-- All fields of one leaf, with the range of its part.
SELECT l.epoch_number, l.zone_id, l.trade_index, l.seller_energy, l.buyer_energy, l.buyer_payment, l.seller_payment,
       l.energy_base_units, l.payment_base_units, l.fee_base_units, l.leaf, p.part, p.first_index, p.root
  FROM indexer.trade_leaves AS l
  JOIN public.market_epoch_parts AS p USING (epoch_number, zone_id, part)
 WHERE l.epoch_number = $1 AND l.zone_id = $2 AND l.trade_index = $3;

-- name: part_leaves
-- Every leaf of the tree that the proof is taken from, in order.
SELECT leaf
  FROM indexer.trade_leaves
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3
 ORDER BY trade_index;
