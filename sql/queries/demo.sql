-- name: add_user
-- The owner of one meter; a second start of the demo on the same database adds nothing.
INSERT INTO public.users (id, email, username, wallet_address, user_type, email_verified, kyc_status,
                          blockchain_registered)
VALUES ($1, $2, $3, $4, $5, true, 'verified', true)
ON CONFLICT DO NOTHING;

-- name: add_meter
-- A verified meter, since only verified meters mint.
INSERT INTO public.meter_registry (id, user_id, meter_serial, verification_status, meter_type, verified_at)
VALUES ($1, $2, $3, 'verified', $4, indexer.market_now())
ON CONFLICT DO NOTHING;

-- name: ensure_readings_partition
-- Other writers than the daemon name the partition that their rows need.
SELECT indexer.ensure_partition('public.meter_readings', $1::timestamptz);

-- name: add_readings
-- All readings of a window in one statement; after a lost connection it may be sent again.
INSERT INTO public.meter_readings (id, meter_id, user_id, wallet_address, "timestamp", energy_generated,
                                   energy_consumed)
SELECT r.id, r.meter_id, m.user_id, u.wallet_address, r.moment, r.generated, r.consumed
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::numeric[], $5::numeric[])
       WITH ORDINALITY AS r (id, meter_id, moment, generated, consumed, position)
  JOIN public.meter_registry AS m ON m.id = r.meter_id
  JOIN public.users AS u ON u.id = m.user_id
 WHERE NOT EXISTS (SELECT FROM public.meter_readings AS old
                    WHERE old.meter_id = r.meter_id AND old."timestamp" = r.moment)
 ORDER BY r.position;

-- name: add_orders
-- All orders of an epoch in one statement, entered in the order given; those that are there stay.
INSERT INTO public.trading_orders (id, user_id, meter_id, order_type, energy_amount, price_per_kwh, time_in_force)
SELECT o.id, m.user_id, o.meter_id, o.side, o.energy, o.price, o.time_in_force
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::numeric[], $6::text[])
       WITH ORDINALITY AS o (id, meter_id, side, energy, price, time_in_force, position)
  JOIN public.meter_registry AS m ON m.id = o.meter_id
 WHERE NOT EXISTS (SELECT FROM public.trading_orders AS old WHERE old.id = o.id)
 ORDER BY o.position;

-- name: set_market_clock
-- The market clock shows the given time now and goes on from there.
SELECT indexer.set_market_clock_offset(
           (extract(epoch FROM $1::timestamptz - clock_timestamp()) * 1000)::bigint);

-- name: unfinished_work
-- What must end before the clock may move on: readings and mint operations up to a window, orders' epochs.
SELECT (SELECT count(*) FROM public.meter_readings
         WHERE "timestamp" < indexer.window_start($1::bigint + 1)
           AND blockchain_status IN ('pending', 'queued', 'minting')) AS readings,
       (SELECT count(*) FROM public.minting_retry_queue
         WHERE mint_window <= $1 AND status IN ('queued', 'leased', 'sent')) AS mints,
       (SELECT count(*) FROM public.market_epochs
         WHERE end_time <= $2::timestamptz AND status NOT IN ('settled', 'failed')) AS epochs,
       (SELECT count(*) FROM public.trading_orders
         WHERE status = 'pending' AND entered_at < $2::timestamptz) AS orders;

-- name: unfinished_settlements
-- At the end of the day: accounts on chain that wait to be closed, and attempts that wait for their proof.
SELECT (SELECT count(*) FROM public.market_epoch_parts WHERE status IN ('pending', 'open', 'settled')) AS parts,
       (SELECT count(*) FROM indexer.tx_attempts WHERE status IN ('signed', 'sent')) AS attempts;

-- name: books
-- The result of the day, free of row ids, times, slots and signatures, so that two runs can be compared.
SELECT 'operation' AS kind, encode(meter_key, 'hex') || ' ' || mint_window AS key,
       concat_ws(' ', status, amount_base_units, carried_base_units, destination) AS value
  FROM public.minting_retry_queue
UNION ALL
SELECT 'epoch', e.epoch_number::text, concat_ws(' ', e.status, e.clearing_price, e.total_volume, e.total_orders,
       e.matched_orders, e.trade_count)
  FROM public.market_epochs AS e
 WHERE e.status IN ('cleared', 'settled', 'failed')
UNION ALL
SELECT 'result', concat_ws(' ', epoch_number, zone_id),
       concat_ws(' ', status, encode(book_hash, 'hex'), encode(result_hash, 'hex'))
  FROM public.market_epoch_zones
UNION ALL
SELECT 'root', concat_ws(' ', epoch_number, zone_id, part), encode(root, 'hex')
  FROM public.market_epoch_parts
UNION ALL
SELECT 'match', concat_ws(' ', e.epoch_number, m.zone_id, m.buy_order_id, m.sell_order_id),
       concat_ws(' ', m.trade_index, m.matched_amount, m.match_price, m.status)
  FROM public.order_matches AS m JOIN public.market_epochs AS e ON e.id = m.epoch_id
UNION ALL
SELECT 'settlement', concat_ws(' ', e.epoch_number, s.zone_id, s.trade_index),
       concat_ws(' ', s.energy_amount, s.price_per_kwh, s.total_amount, s.fee_amount, s.net_amount, s.status)
  FROM public.settlements AS s JOIN public.market_epochs AS e ON e.id = s.epoch_id
UNION ALL
SELECT 'balance', account_id, total_balance::text
  FROM blockchain.account_balances
 WHERE mint IS NOT NULL
ORDER BY 1, 2, 3;

-- name: counts
-- The figures of the report that one statement can give.
SELECT (SELECT count(*) FROM indexer.slots WHERE status <> 'skipped') AS slots_indexed,
       (SELECT coalesce(sum(slot - skipped_from + 1), 0)::bigint FROM indexer.slots WHERE status = 'skipped')
       AS slots_skipped_proved,
       (SELECT count(*) FROM public.blockchain_events) AS events,
       (SELECT count(*) FROM public.blockchain_transactions) AS transactions,
       (SELECT count(*) FROM public.blockchain_transactions WHERE status = 'failed') AS transactions_failed,
       (SELECT count(*) FROM public.meter_readings) AS readings,
       (SELECT count(*) FROM public.minting_retry_queue WHERE status = 'done') AS windows_minted,
       (SELECT coalesce(sum(amount_base_units), 0) FROM public.minting_retry_queue
         WHERE status = 'done') AS energy_minted_base_units,
       (SELECT count(*) - count(DISTINCT (data ->> 'meter_id', data ->> 'window')) FROM public.blockchain_events
         WHERE event_type = 'EnergyMinted') AS mint_duplicates,
       (SELECT count(*) FROM public.market_epochs WHERE status IN ('cleared', 'settled')) AS epochs_cleared,
       (SELECT count(*) FROM public.market_epochs WHERE trade_count > 0) AS epochs_with_trades,
       (SELECT count(*) FROM public.settlements WHERE status = 'completed') AS trades_settled,
       (SELECT count(*) FROM public.settlements WHERE status = 'failed') AS trades_failed,
       (SELECT coalesce(sum(energy_amount), 0) FROM public.settlements
         WHERE status = 'completed') AS energy_traded_kwh,
       (SELECT coalesce(sum(total_amount), 0) FROM public.settlements WHERE status = 'completed') AS payment_moved,
       (SELECT coalesce(sum(fee_amount), 0) FROM public.settlements WHERE status = 'completed') AS fees_collected,
       (SELECT count(*) FROM public.settlements WHERE status NOT IN ('completed', 'failed')) AS trades_open,
       (SELECT count(*) FROM public.minting_retry_queue
         WHERE status NOT IN ('done', 'no_surplus')) AS operations_not_done,
       (SELECT count(*) FROM indexer.parked_items) AS parked_items;

-- name: minted_per_window
-- What the queue says was minted, to be compared with the file of readings.
SELECT encode(meter_key, 'hex') AS meter_key, mint_window, amount_base_units, status
  FROM public.minting_retry_queue;
