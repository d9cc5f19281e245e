-- 100,000 rows in every table of plans.toml, so that the planner has a reason to use an index. Only the planner looks
-- at them: no trigger or key is asked while they are made.

SET session_replication_role = replica;
SET synchronous_commit = off;
CREATE FUNCTION pg_temp.uid(kind integer, number bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE RETURN (lpad(to_hex(kind), 8, '0') || lpad(to_hex(number), 24, '0'))::uuid;
SELECT indexer.ensure_partition(t, now() - k * interval '1 month')
  FROM unnest(ARRAY['hosting.miner_telemetry', 'community.notifications', 'community.transactions', 'public.audit_logs',
                    'public.meter_readings', 'monitoring.grid_health', 'investment.energy_production',
                    'investment.weather_data']) AS t,
       generate_series(0, 1) AS k;

INSERT INTO users (id, email, username, wallet_address, role, email_verified, created_at)
SELECT pg_temp.uid(1, g), 'u' || g || '@example.org', 'u' || g, translate(lpad(g::text, 32, 'Z'), '0', 'A'),
       CASE WHEN g % 5000 = 0 THEN 'admin' ELSE 'user' END, g % 200 <> 0, now() - g * interval '5 min'
  FROM generate_series(1, 100000) AS g;
INSERT INTO meter_readings (wallet_address, "timestamp", blockchain_status, energy_generated)
SELECT translate(lpad((1 + g % 1000)::text, 32, 'Z'), '0', 'A'), now() - g * interval '10 s',
       CASE WHEN g % 500 = 0 THEN 'parked' ELSE 'pending' END, 1
  FROM generate_series(1, 100000) AS g;
INSERT INTO trading_orders (user_id, epoch_id, order_type, energy_amount, price_per_kwh, zone_id, status)
SELECT pg_temp.uid(1, 1 + g % 1000), pg_temp.uid(2, g % 400), 'buy', 1, 3, 0,
       CASE WHEN g % 100 = 0 THEN 'active' WHEN g % 100 = 1 THEN 'pending' ELSE 'expired' END
  FROM generate_series(1, 100000) AS g;
INSERT INTO blockchain.account_balances (account_id, owner, mint)
SELECT 'a' || g, 'o' || g % 1000, 'm' FROM generate_series(1, 100000) AS g;
INSERT INTO trading.trades (buyer_id, seller_id, energy_amount, price_per_unit, total_value, executed_at, settlement_status)
SELECT pg_temp.uid(1, g), pg_temp.uid(1, g + 1), 1, 3, 3, now() - g * interval '1 min', 'settled'
  FROM generate_series(1, 100000) AS g;
INSERT INTO grid.energy_production (producer_id, energy_amount, energy_source, location_json, "timestamp")
SELECT 'P' || g % 1000, 1, 'solar', jsonb_build_object('feeder', g % 500), now() - g * interval '30 s'
  FROM generate_series(1, 100000) AS g;
INSERT INTO grid.energy_consumption (consumer_id, energy_amount, consumer_type, location_json, "timestamp")
SELECT 'C' || g % 1000, 1, 'residential', jsonb_build_object('feeder', g % 500), now() - g * interval '30 s'
  FROM generate_series(1, 100000) AS g;
INSERT INTO monitoring.grid_health (grid_code, health_score, recorded_at)
SELECT 'G' || g % 100, 1, now() - g * interval '10 s' FROM generate_series(1, 100000) AS g;

INSERT INTO investment.assets (id, token_id, name, location_lat, location_lon, status)
SELECT pg_temp.uid(3, g), g, 'a', 10 + g % 1000 / 100.0, 100 + g % 997 / 100.0,
       CASE WHEN g % 100 = 0 THEN 'pending' ELSE 'active' END
  FROM generate_series(1, 100000) AS g;
INSERT INTO investment.investments (user_id, asset_id, amount_tokens)
SELECT pg_temp.uid(1, 1 + g % 20000), pg_temp.uid(3, 1 + g % 10000), 1 FROM generate_series(1, 100000) AS g;
INSERT INTO investment.energy_production ("time", asset_id, power_kw)
SELECT now() - g / 200 * interval '1 min', pg_temp.uid(3, g % 200), 1 FROM generate_series(1, 100000) AS g;
INSERT INTO investment.weather_data ("time", asset_id, temperature)
SELECT "time", asset_id, 1 FROM investment.energy_production;

INSERT INTO hosting.hosting_miners (serial_number, miner_model_id, site_id)
SELECT 'M-' || g, 1, 1 FROM generate_series(1, 100000) AS g;
INSERT INTO hosting.miner_telemetry (miner_id, hashrate, recorded_at)
SELECT 1 + g % 500, 100, now() - g * interval '10 s' FROM generate_series(1, 100000) AS g;
INSERT INTO hosting.curtailment_plans (site_id, target_power_reduction, status, scheduled_time, executed_at)
SELECT 1, 1, CASE WHEN g % 50 = 0 THEN 'pending' ELSE 'executed' END, now() - g * interval '1 min', now()
  FROM generate_series(1, 100000) AS g;

INSERT INTO community.profiles (user_id, created_at)
SELECT pg_temp.uid(1, g), now() - g * interval '5 min' FROM generate_series(1, 100000) AS g;
INSERT INTO community.wallets (user_id, address, created_at)
SELECT id, wallet_address, created_at FROM users;
INSERT INTO community.tokens (id, symbol, name, contract_address, created_at)
SELECT pg_temp.uid(4, g), 'T' || g, 't', 'c' || g, now() - g * interval '5 min' FROM generate_series(1, 100000) AS g;
INSERT INTO community.user_tokens (user_id, token_id, voting_power, created_at)
SELECT pg_temp.uid(1, 1 + g % 20000), pg_temp.uid(4, 1 + g / 20000), g, now() - g * interval '5 min'
  FROM generate_series(0, 99999) AS g;
INSERT INTO community.notifications (user_id, type, title, is_read, created_at)
SELECT pg_temp.uid(1, 1 + g % 1000), 'news', 't', g % 50 <> 0, now() - g * interval '10 s'
  FROM generate_series(1, 100000) AS g;
INSERT INTO community.transactions (user_id, type, status, amount, currency, created_at)
SELECT pg_temp.uid(1, 1 + g % 1000), CASE WHEN g % 200 = 1 THEN 'vote' ELSE 'deposit' END,
       CASE WHEN g % 200 = 0 THEN 'pending' ELSE 'confirmed' END, 1, 'GTX', now() - g * interval '25 s'
  FROM generate_series(1, 100000) AS g;
INSERT INTO community.settings (key, is_public, created_at)
SELECT 'k' || g, g % 100 = 0, now() - g * interval '5 min' FROM generate_series(1, 100000) AS g;
INSERT INTO audit_logs (user_id, action, created_at)
SELECT pg_temp.uid(1, 1 + g % 1000), CASE WHEN g % 100 = 0 THEN 'delete' ELSE 'update' END, now() - g * interval '10 s'
  FROM generate_series(1, 100000) AS g;

INSERT INTO governance.proposals (id, proposer_id, title, status, voting_start, voting_end, created_at)
SELECT pg_temp.uid(5, g), pg_temp.uid(1, 1 + g % 10000), 'p', CASE WHEN g <= 200 THEN 'active' ELSE 'passed' END,
       now() + interval '1 h' - g * interval '1 min', now() + interval '3 h' - g * interval '1 min',
       now() - g * interval '1 min'
  FROM generate_series(1, 100000) AS g;
INSERT INTO governance.votes (proposal_id, voter_id, vote_type, voting_power, created_at)
SELECT pg_temp.uid(5, 1 + g % 500), pg_temp.uid(1, g / 500), 'yes', 1, now() - g * interval '10 s'
  FROM generate_series(0, 99999) AS g;
INSERT INTO governance.comments (id, proposal_id, user_id, parent_id, content, created_at)
SELECT pg_temp.uid(6, g), pg_temp.uid(5, 1 + g % 500), pg_temp.uid(1, 1 + g % 1000),
       CASE WHEN g % 3 = 0 THEN pg_temp.uid(6, g - g % 1500 - 1) END, 'c', now() - g * interval '10 s'
  FROM generate_series(1, 100000) AS g;
SET session_replication_role = DEFAULT;
ANALYZE;
