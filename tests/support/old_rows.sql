-- On top of rule_world.sql: one old row in every table that is cut into partitions, with what points to it from
-- tables that stay. Times are in March 2020, slots in the first million, the epoch is 202003050000.

SELECT indexer.ensure_partition(p.table_name, CASE WHEN p.counts = 'epoch' THEN '202003050000'
                                                   WHEN p.kind = 'slot' THEN '5' ELSE '2020-03-05' END)
  FROM indexer.partition_policies AS p;

INSERT INTO community.notifications (user_id, type, title, created_at)
SELECT id, 'news', 'old', '2020-03-05' FROM users;
INSERT INTO community.transactions (user_id, type, amount, currency, created_at)
SELECT id, 'deposit', 1, 'GTX', '2020-03-05' FROM users;
INSERT INTO hosting.miner_telemetry (miner_id, recorded_at) VALUES (1, '2020-03-05');
SELECT hosting.roll_up_telemetry(timestamptz '2020-03-05');
INSERT INTO investment.energy_production ("time", asset_id, power_kw) SELECT '2020-03-05', id, 1 FROM investment.assets;
INSERT INTO investment.weather_data ("time", asset_id) SELECT '2020-03-05', id FROM investment.assets;
INSERT INTO monitoring.grid_health (grid_code, health_score, recorded_at) VALUES ('BKK', 1, '2020-03-05');
INSERT INTO monitoring.system_metrics (metric_name, metric_value, recorded_at) VALUES ('load', 1, '2020-03-05');
INSERT INTO monitoring.transaction_metrics (block_number, recorded_at) VALUES (1, '2020-03-05');
INSERT INTO user_activities (activity_type, created_at) VALUES ('login', '2020-03-05');

INSERT INTO meter_readings (id, meter_id, "timestamp", energy_generated, blockchain_status, mint_window, mint_signature,
                            minted) VALUES
    ('00000000-0000-0000-000f-000000000002', '00000000-0000-0000-0001-000000000001', '2020-03-05', 1, 'minted',
     indexer.window_of('2020-03-05'), 'signature', true);
-- The operation of the old window, and one of today that a late reading of then is named for.
INSERT INTO minting_retry_queue (mint_window, meter_key, reading_id, reading_timestamp, status, amount_base_units,
                                 accounted_base_units, frozen_at, destination, signature, minted_slot, done_at)
SELECT w, indexer.meter_key('SN-1'), '00000000-0000-0000-000f-000000000002', '2020-03-05', 'done', 1, 1, now(),
       'destination', 'signature', 5, now()
  FROM unnest(ARRAY[indexer.window_of('2020-03-05'), indexer.window_of(now())]) AS w;

INSERT INTO indexer.slots (slot, status, parent_slot, blockhash, previous_blockhash, block_height)
VALUES (5, 'finalized', 4, 'hash', 'before', 5);
INSERT INTO indexer.raw_transactions (slot, tx_index, payload) VALUES (5, 0, '');
INSERT INTO indexer.balance_changes VALUES (5, 0, 'account', NULL, NULL, 0, 1, NULL);
INSERT INTO indexer.supply_changes VALUES (5, 0, '0', 0, 'signature', 'mint', 'account', 'mint', 1);
INSERT INTO indexer.parked_items (slot, tx_index, instruction_path, item_ordinal, reason, detail, payload)
VALUES (5, 0, '0', 0, 'reason', 'detail', '');
INSERT INTO blockchain_transactions (slot, signature, tx_index, user_id, fee_payer, signers, program_ids, status,
                                     fee_lamports, log_truncated, recent_blockhash)
SELECT 5, 'signature', 0, id, 'payer', '{}', '{}', 'confirmed', 0, false, 'hash' FROM users WHERE username = 'ann';
INSERT INTO blockchain_events (id, slot, event_type, signature, data, program_id, tx_index, instruction_path,
                               event_ordinal, source)
VALUES (gen_random_uuid(), 5, 'TradesSettled', 'signature', '{}', 'program', 0, '0', 0, 'cpi');

INSERT INTO indexer.tx_attempts (blockhash_slot, signature, kind, signer, transaction, blockhash,
       last_valid_block_height, fee_lamports, compute_unit_limit, compute_unit_price_micro_lamports, lease_name,
       lease_term, status, closed_at)
VALUES (5, 'dead', 'mint', 'signer', '\x00', 'hash', 155, 5000, 1, 1, 'mint', 1, 'dead', now());
INSERT INTO indexer.tx_attempt_items VALUES ('mint:1', 5, 'dead', 0, false);
INSERT INTO indexer.tx_death_certificates VALUES (5, 'dead', 4, 'a', 4, 200, 'b', 200, 196);

INSERT INTO indexer.epoch_books VALUES
    (202003050000, 0, '00000000-0000-0000-0005-000000000001', '00000000-0000-0000-0000-000000000001', 1, 'buy', 1, 1, 1);
INSERT INTO indexer.trade_leaves
SELECT (jsonb_populate_record(l, '{"epoch_number": 202003050000}')).* FROM indexer.trade_leaves AS l
 WHERE l.trade_index = 0;
INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at,
                            settlement_status, epoch_number, trade_index)
SELECT buyer_id, seller_id, energy_amount, price_per_unit, total_value, '2020-03-05', 'settled', 202003050000, 0
  FROM trading.trades;
