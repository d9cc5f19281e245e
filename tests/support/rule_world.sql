-- A small world in which every rule of the database can be broken by one statement.
-- Ids count per kind: users 1 to 3, then meter 1-1, certificate 2-1, credit 3-1, epoch 4-1, order 5-1 and so on.

SELECT indexer.ensure_partition(p.table_name, now()) FROM indexer.partition_policies AS p
 WHERE p.kind IN ('month', 'day', 'window');
SELECT indexer.ensure_partition(p.table_name, '202601010000') FROM indexer.partition_policies AS p
 WHERE p.counts = 'epoch';
SELECT indexer.ensure_partition(p.table_name, timestamptz '2026-01-01 00:00+00')
  FROM indexer.partition_policies AS p WHERE p.table_name IN ('public.meter_readings', 'public.minting_retry_queue');

INSERT INTO users (id, email, username) VALUES
    ('00000000-0000-0000-0000-000000000001', 'ann@example.org', 'ann'),
    ('00000000-0000-0000-0000-000000000002', 'bob@example.org', 'bob'),
    ('00000000-0000-0000-0000-000000000003', 'cid@example.org', 'cid');
INSERT INTO meter_registry (id, user_id, meter_serial) VALUES
    ('00000000-0000-0000-0001-000000000001', '00000000-0000-0000-0000-000000000001', 'SN-1');

-- Counted in the first window of the year, and a second meter that belongs to bob.
INSERT INTO meter_registry (id, user_id, meter_serial) VALUES
    ('00000000-0000-0000-0001-000000000002', '00000000-0000-0000-0000-000000000002', 'SN-2');
INSERT INTO meter_readings (id, meter_id, "timestamp", energy_generated, blockchain_status, mint_window) VALUES
    ('00000000-0000-0000-000f-000000000001', '00000000-0000-0000-0001-000000000001', '2026-01-01 00:00+00', 1,
     'minting', 1963584);
INSERT INTO minting_retry_queue (id, mint_window, meter_key, meter_id, destination, reading_id, reading_timestamp,
                                 amount_base_units, net_base_units, accounted_base_units, frozen_at) VALUES
    ('00000000-0000-0000-0010-000000000001', 1963584, indexer.meter_key('SN-1'),
     '00000000-0000-0000-0001-000000000001', 'destination', '00000000-0000-0000-000f-000000000001',
     '2026-01-01 00:00+00', 1000000000, 1000000000, 1000000000, now());

INSERT INTO erc_certificates (id, user_id, certificate_id, energy_amount, status) VALUES
    ('00000000-0000-0000-0002-000000000001', '00000000-0000-0000-0000-000000000001', 'ERC-1', 10, 'active'),
    ('00000000-0000-0000-0002-000000000002', '00000000-0000-0000-0000-000000000001', 'ERC-retired', 10, 'retired'),
    ('00000000-0000-0000-0002-000000000003', '00000000-0000-0000-0000-000000000001', 'ERC-revoked', 10, 'revoked'),
    ('00000000-0000-0000-0002-000000000004', '00000000-0000-0000-0000-000000000001', 'ERC-expired', 10, 'expired');
INSERT INTO grid.carbon_credits (id, credit_id, issuer, holder, energy_source, energy_amount, offset_amount,
                                 certification_body, serial_first, serial_last, status) VALUES
    ('00000000-0000-0000-0003-000000000001', 'CC-1', 'issuer', 'ann', 'solar', 10, 5, 'Verra', 100, 199, 'active'),
    ('00000000-0000-0000-0003-000000000002', 'CC-2', 'issuer', 'ann', 'solar', 10, 5, 'Verra', 200, 299, 'retired');
INSERT INTO generation_claims (meter_id, period, energy_amount, certificate_id) VALUES
    ('00000000-0000-0000-0001-000000000001', '[2026-01-01 00:00+00, 2026-01-01 01:00+00)', 1,
     '00000000-0000-0000-0002-000000000001');

INSERT INTO blockchain.registered_producers (producer_id, producer_name, producer_type, capacity_kw)
VALUES ('P-1', 'Ann', 'residential', 5);
INSERT INTO blockchain.registered_consumers (consumer_id, consumer_name, consumer_type)
VALUES ('C-1', 'Bob', 'residential');
INSERT INTO blockchain.smart_contracts (contract_address, deployer, contract_name, status)
VALUES ('destroyed1111111111111111111111111111111111', 'deployer', 'old', 'destroyed');
INSERT INTO grid.energy_storage (storage_id, storage_operator, storage_type, capacity_mwh, current_charge)
VALUES ('B-1', 'operator', 'battery', 10, 4);

INSERT INTO market_epochs (id, epoch_number, start_time, end_time) VALUES
    ('00000000-0000-0000-0004-000000000001', 202601010000, '2026-01-01 00:00+00', '2026-01-01 00:15+00');
INSERT INTO trading_orders (id, user_id, order_type, energy_amount, price_per_kwh) VALUES
    ('00000000-0000-0000-0005-000000000001', '00000000-0000-0000-0000-000000000001', 'buy', 1, 0.2),
    ('00000000-0000-0000-0005-000000000002', '00000000-0000-0000-0000-000000000002', 'sell', 1, 0.1);
INSERT INTO settlements (id, epoch_id, buyer_id, seller_id, energy_amount, price_per_kwh, total_amount, net_amount,
                         status, trade_index, transaction_hash, processed_at) VALUES
    ('00000000-0000-0000-0006-000000000001', '00000000-0000-0000-0004-000000000001',
     '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 1, 0.2, 0.2, 0.2, 'completed', 0,
     'signature', now());
INSERT INTO indexer.epoch_books VALUES
    (202601010000, 0, '00000000-0000-0000-0005-000000000001', '00000000-0000-0000-0000-000000000001', 1, 'buy',
     1000000, 200000, 200000);
INSERT INTO indexer.trade_leaves (epoch_number, zone_id, trade_index, part, match_id, settlement_id, buy_order_id,
       sell_order_id, buyer_id, seller_id, seller_energy, buyer_energy, buyer_payment, seller_payment,
       energy_base_units, payment_base_units, fee_base_units, leaf, state, signature, settled_slot)
SELECT 202601010000, 0, n, 0, '00000000-0000-0000-0011-000000000001',
       format('00000000-0000-0000-0006-00000000000%s', n + 1)::uuid, '00000000-0000-0000-0005-000000000001',
       '00000000-0000-0000-0005-000000000002', '00000000-0000-0000-0000-000000000001',
       '00000000-0000-0000-0000-000000000002', 'a', 'b', 'c', 'd', 1000000000, 200000, 0, sha256('leaf'),
       CASE n WHEN 0 THEN 'settled' ELSE 'pending' END, 'signature', 5
  FROM generate_series(0, 1) AS n;
INSERT INTO trading.trades (id, buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at,
                            settlement_status, epoch_number, trade_index) VALUES
    ('00000000-0000-0000-0007-000000000001', '00000000-0000-0000-0000-000000000001',
     '00000000-0000-0000-0000-000000000002', 1, 0.2, 0.2, now(), 'settled', 202601010000, 0);

INSERT INTO governance.proposals (id, proposer_id, title, status, voting_start, voting_end) VALUES
    ('00000000-0000-0000-0008-000000000001', '00000000-0000-0000-0000-000000000001', 'open', 'active',
     now() - interval '1 day', now() + interval '1 day'),
    ('00000000-0000-0000-0008-000000000002', '00000000-0000-0000-0000-000000000001', 'over', 'active',
     now() - interval '2 days', now() - interval '1 day'),
    ('00000000-0000-0000-0008-000000000003', '00000000-0000-0000-0000-000000000001', 'early', 'active',
     now() + interval '1 day', now() + interval '2 days'),
    ('00000000-0000-0000-0008-000000000005', '00000000-0000-0000-0000-000000000001', 'draft', 'draft', NULL, NULL);
-- Cid voted while that one was open.
INSERT INTO governance.proposals (id, proposer_id, title, status, voting_start, voting_end, total_voting_power)
VALUES ('00000000-0000-0000-0008-000000000004', '00000000-0000-0000-0000-000000000001', 'closed', 'active',
        now() - interval '3 days', now() - interval '1 day', 10);
SELECT indexer.set_market_clock_offset(-2 * 86400000);
INSERT INTO governance.votes (id, proposal_id, voter_id, vote_type, voting_power) VALUES
    ('00000000-0000-0000-0009-000000000002', '00000000-0000-0000-0008-000000000004',
     '00000000-0000-0000-0000-000000000003', 'yes', 10);
SELECT indexer.set_market_clock_offset(0);
UPDATE governance.proposals SET status = 'passed' WHERE title = 'closed';
INSERT INTO governance.votes (id, proposal_id, voter_id, vote_type, voting_power) VALUES
    ('00000000-0000-0000-0009-000000000001', '00000000-0000-0000-0008-000000000001',
     '00000000-0000-0000-0000-000000000002', 'yes', 10);
INSERT INTO governance.comments (id, proposal_id, user_id, content) VALUES
    ('00000000-0000-0000-000a-000000000001', '00000000-0000-0000-0008-000000000001',
     '00000000-0000-0000-0000-000000000002', 'first');

INSERT INTO investment.assets (id, token_id, name) VALUES ('00000000-0000-0000-000b-000000000001', 1, 'Solar field');
INSERT INTO investment.revenue_distributions (id, asset_id, period_start, period_end, total_amount, status) VALUES
    ('00000000-0000-0000-000c-000000000001', '00000000-0000-0000-000b-000000000001', '2026-01-01', '2026-01-31', 100,
     'distributed');
INSERT INTO investment.revenue_payouts (distribution_id, user_id, amount_tokens, amount, status, paid_at) VALUES
    ('00000000-0000-0000-000c-000000000001', '00000000-0000-0000-0000-000000000001', 1, 100, 'paid', now());
INSERT INTO investment.energy_production ("time", asset_id, power_kw)
VALUES (date_trunc('hour', now()), '00000000-0000-0000-000b-000000000001', 5);

INSERT INTO hosting.hosting_sites (name, capacity_mw) VALUES ('north', 5);
INSERT INTO hosting.miner_models (name, hashrate, power_consumption) VALUES ('S19', 110, 3250);
INSERT INTO hosting.hosting_miners (serial_number, miner_model_id, site_id) VALUES ('M-1', 1, 1), ('M-2', 1, 1);
INSERT INTO hosting.curtailment_plans (site_id, target_power_reduction, status, executed_at) VALUES
    (1, 1, 'executed', now()), (1, 1, 'cancelled', NULL), (1, 1, 'pending', NULL);
INSERT INTO hosting.curtailment_plan_miners (plan_id, miner_id, shutdown_order) VALUES (3, 1, 1);

INSERT INTO crm.crm_leads (name) VALUES ('lead');
INSERT INTO crm.crm_deals (lead_id, title) VALUES (1, 'deal');
INSERT INTO analytics.market_analytics (btc_price) VALUES (100000);
INSERT INTO analytics.technical_indicators (analytics_id, rsi) VALUES (1, 50);
INSERT INTO community.tokens (id, symbol, name, contract_address)
VALUES ('00000000-0000-0000-000d-000000000001', 'GTX', 'GridTokenX', 'Mint1');
INSERT INTO community.wallets (user_id, address, is_primary)
VALUES ('00000000-0000-0000-0000-000000000001', 'So11111111111111111111111111111111111111112', true);
INSERT INTO community.profiles (user_id) VALUES ('00000000-0000-0000-0000-000000000001');
INSERT INTO community.settings (key, value, is_public) VALUES ('theme', 'dark', true);
INSERT INTO community.transactions (id, user_id, type, status, amount, currency) VALUES
    ('00000000-0000-0000-000e-000000000001', '00000000-0000-0000-0000-000000000001', 'deposit', 'confirmed', 5, 'GTX');
