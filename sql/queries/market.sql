-- name: market_now
-- The one clock that decides epochs.
SELECT indexer.market_now()

-- name: lease_is_current
-- Locks the term until the transaction ends; must be the first statement of a REPEATABLE READ transaction.
SELECT indexer.lease_is_current($1, $2)

-- name: last_epoch
-- Epochs are made up from here on.
SELECT max(epoch_number) FROM public.market_epochs

-- name: insert_epochs
-- An epoch that exists keeps what it has.
INSERT INTO public.market_epochs (id, epoch_number, start_time, end_time)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
    ON CONFLICT (epoch_number) DO NOTHING

-- name: activate_epochs
-- An epoch runs from its start; one that was missed runs too, so that it can be closed in order.
UPDATE public.market_epochs SET status = 'active'
 WHERE status = 'pending' AND start_time <= indexer.market_now()

-- name: next_to_clear
-- In order of time: the book of an epoch is what the one before it left.
SELECT epoch_number, status FROM public.market_epochs
 WHERE status IN ('active', 'clearing') AND end_time <= indexer.market_now()
 ORDER BY end_time
 LIMIT 1

-- name: start_clearing
-- Commits on its own, so that readers see that the book is closed while it is being cleared.
UPDATE public.market_epochs SET status = 'clearing'
 WHERE epoch_number = $1 AND status = 'active'

-- name: clearing_epoch
-- The snapshot begins here; the row is held so that two clearings of one epoch cannot both commit.
SELECT id, epoch_number, start_time, end_time FROM public.market_epochs
 WHERE epoch_number = $1 AND status = 'clearing'
   FOR UPDATE

-- name: wait_for_the_lock
-- While it waits, writers wait behind it; one that never commits must not hold up all others.
SET LOCAL lock_timeout = '10s'

-- name: lock_out_writers
-- Before the snapshot, which it does not take: what was committed while it waited is in the book.
LOCK TABLE public.trading_orders IN SHARE ROW EXCLUSIVE MODE

-- name: mark_writer
-- Tells the triggers of trading_orders who writes; ends with the transaction.
SELECT set_config('gridtokenx.writer', 'clearing', true)

-- name: rules
-- Lot, tick and band, the same that the triggers hold.
SELECT lot_kwh, price_floor, price_cap, price_tick FROM indexer.market_rules

-- name: fee_schedule
-- The newest row that applies to the epoch.
SELECT market_fee_bps, grid_fee_per_kwh, wheeling_per_kwh, loss_bps
  FROM indexer.fee_schedules
 WHERE effective_from <= $1
 ORDER BY effective_from DESC
 LIMIT 1

-- name: expire_orders
-- An order that ended by gate closure is in no book.
UPDATE public.trading_orders
   SET status = 'expired', closed_epoch_id = $1
 WHERE status IN ('pending', 'active', 'partially_filled') AND expires_at <= $2

-- name: open_book
-- What this snapshot sees. Orders that today's rules or a missing wallet would keep from settling wait outside.
SELECT o.zone_id, o.id AS order_id, o.user_id, o.order_type, o.seq,
       ((o.energy_amount - o.filled_amount) * 1000000)::bigint AS remaining_micro_kwh,
       (o.price_per_kwh * 1000000)::bigint AS limit_micro, u.wallet_address
  FROM public.trading_orders AS o
  JOIN public.users AS u ON u.id = o.user_id
 WHERE o.status IN ('pending', 'active', 'partially_filled') AND o.filled_amount < o.energy_amount
   AND o.entered_at < $1
   AND (o.expires_at IS NULL OR o.expires_at > $1)
   AND u.wallet_address IS NOT NULL AND u.is_active
   AND (o.price_per_kwh * 1000000)::bigint BETWEEN $2 AND $3
   AND mod(((o.energy_amount - o.filled_amount) * 1000000)::bigint, $4) = 0
 ORDER BY o.zone_id, o.seq

-- name: carry_or_expire
-- After the matches: what the book saw and did not fill stays open or ends, as its time in force says.
UPDATE public.trading_orders AS o
   SET epoch_id = coalesce(o.epoch_id, $2),
       status = CASE WHEN o.time_in_force = 'epoch' THEN 'expired'
                     WHEN o.status = 'pending' THEN 'active' ELSE o.status END,
       closed_epoch_id = CASE WHEN o.time_in_force = 'epoch' THEN $2 END
  FROM indexer.epoch_books AS b
 WHERE b.epoch_number = $1 AND b.zone_id = o.zone_id AND b.order_id = o.id
   AND o.status IN ('pending', 'active', 'partially_filled')
   AND (o.epoch_id IS NULL OR o.status = 'pending' OR o.time_in_force = 'epoch')

-- name: finish_clearing
-- The result becomes visible with this commit.
UPDATE public.market_epochs
   SET status = $2::text, clearing_price = $3, total_volume = $4, total_orders = $5, matched_orders = $6, trade_count = $7,
       cleared_at = indexer.market_now(),
       settled_at = CASE WHEN $2::text = 'settled' THEN indexer.market_now() END
 WHERE epoch_number = $1 AND status = 'clearing'

-- name: epoch
-- One epoch as stored.
SELECT id, epoch_number, start_time, end_time, status, clearing_price, total_volume, total_orders, matched_orders,
       trade_count, failure, cleared_at, settled_at
  FROM public.market_epochs WHERE epoch_number = $1

-- name: epochs
-- Newest first, before a given one; optionally of one status.
SELECT id, epoch_number, start_time, end_time, status, clearing_price, total_volume, total_orders, matched_orders,
       trade_count, failure, cleared_at, settled_at
  FROM public.market_epochs
 WHERE ($1::bigint IS NULL OR epoch_number < $1) AND ($2::text IS NULL OR status = $2)
 ORDER BY epoch_number DESC
 LIMIT $3

-- name: epoch_zones
-- The results of an epoch.
SELECT * FROM public.market_epoch_zones WHERE epoch_number = $1 ORDER BY zone_id

-- name: epoch_parts
-- What of an epoch went or goes on chain.
SELECT * FROM public.market_epoch_parts WHERE epoch_number = $1 ORDER BY zone_id, part

-- name: trade_states
-- How far the trades of an epoch have come.
SELECT zone_id, state, count(*) AS trades, sum(energy_base_units) AS energy_base_units
  FROM indexer.trade_leaves WHERE epoch_number = $1
 GROUP BY zone_id, state ORDER BY zone_id, state

-- name: stored_book
-- The evidence from which a clearing is computed again.
SELECT order_id, user_id, side, seq, remaining_micro_kwh, limit_micro, effective_limit_micro
  FROM indexer.epoch_books WHERE epoch_number = $1 AND zone_id = $2

-- name: stored_leaves
-- Every published field, in trade order.
SELECT trade_index, part, match_id, settlement_id, buy_order_id, sell_order_id, buyer_id, seller_id, seller_energy,
       buyer_energy, buyer_payment, seller_payment, energy_base_units, payment_base_units, fee_base_units, leaf,
       state
  FROM indexer.trade_leaves WHERE epoch_number = $1 AND zone_id = $2
 ORDER BY trade_index

-- name: part_leaf_hashes
-- The leaves of one tree, in order.
SELECT leaf FROM indexer.trade_leaves
 WHERE epoch_number = $1 AND zone_id = $2 AND part = $3
 ORDER BY trade_index

-- name: part_root
-- What the leaves of a part must add up to.
SELECT root FROM public.market_epoch_parts WHERE epoch_number = $1 AND zone_id = $2 AND part = $3

-- name: uncleared_before
-- Epochs are cleared in order of time; these stand before the given one.
SELECT epoch_number FROM public.market_epochs
 WHERE status IN ('pending', 'active', 'clearing') AND epoch_number < $1
 ORDER BY epoch_number

-- name: opening_event
-- What of a part was published on chain, as far as it is final.
SELECT e.signature, e.data
  FROM public.blockchain_events AS e
  JOIN indexer.cursors AS c ON c.name = 'chain' AND e.slot <= c.finalized_slot
 WHERE e.event_type = 'SettlementOpened' AND e.program_id = c.program_id
   AND e.data ->> 'epoch' = $1::text AND e.data ->> 'zone' = $2::text AND e.data ->> 'part' = $3::text
 ORDER BY e.slot
 LIMIT 1

-- name: insert_orders
-- In the order given: seq ranks orders of equal price.
INSERT INTO public.trading_orders (
       id, user_id, order_type, energy_amount, price_per_kwh, zone_id, meter_id, time_in_force, expires_at)
SELECT o.id, o.user_id, o.order_type, o.energy_amount, o.price_per_kwh, o.zone_id, o.meter_id, o.time_in_force,
       o.expires_at
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::numeric[], $6::integer[], $7::uuid[], $8::text[],
              $9::timestamptz[])
       WITH ORDINALITY AS o(id, user_id, order_type, energy_amount, price_per_kwh, zone_id, meter_id, time_in_force,
                            expires_at, place)
 ORDER BY o.place
RETURNING seq
