-- Enough rows that the planner has a reason to use an index.

INSERT INTO users (email, username, wallet_address)
SELECT 'u' || g || '@example.org', 'u' || g, translate(lpad(g::text, 32, 'Z'), '0', 'A')
  FROM generate_series(1, 100000) AS g;
INSERT INTO hosting.hosting_sites (name) VALUES ('s');
INSERT INTO hosting.miner_models (name, hashrate, power_consumption) VALUES ('m', 100, 3000);
INSERT INTO hosting.hosting_miners (serial_number, miner_model_id, site_id)
SELECT 'M-' || g, 1, 1 FROM generate_series(1, 100000) AS g;
SELECT indexer.ensure_partition(t, now() - k * interval '1 month')
  FROM unnest(ARRAY['hosting.miner_telemetry', 'community.notifications', 'investment.energy_production',
                    'investment.weather_data', 'public.meter_readings', 'monitoring.grid_health',
                    'community.transactions']) AS t,
       generate_series(0, 3) AS k;
INSERT INTO hosting.miner_telemetry (miner_id, hashrate, recorded_at)
SELECT 1 + g % 500, 100, now() - g * interval '10 s' FROM generate_series(1, 100000) AS g;
INSERT INTO hosting.curtailment_plans (site_id, target_power_reduction, status, scheduled_time, executed_at)
SELECT 1, 1, CASE WHEN g % 50 = 0 THEN 'pending' ELSE 'executed' END, now() - g * interval '1 min', now()
  FROM generate_series(1, 100000) AS g;
INSERT INTO community.notifications (user_id, type, title, is_read, created_at)
SELECT u.id, 'news', 't', g % 20 <> 0, now() - g * interval '10 s'
  FROM generate_series(1, 100000) AS g JOIN users AS u ON u.username = 'u' || (1 + g % 1000);
INSERT INTO community.transactions (user_id, type, status, amount, currency, created_at)
SELECT u.id, 'deposit', CASE WHEN g % 200 = 0 THEN 'pending' ELSE 'confirmed' END, 1, 'GTX', now() - g * interval '10 s'
  FROM generate_series(1, 100000) AS g JOIN users AS u ON u.username = 'u' || (1 + g % 1000);
INSERT INTO community.tokens (symbol, name) VALUES ('GTX', 'g');
INSERT INTO community.user_tokens (user_id, token_id, voting_power)
SELECT u.id, t.id, row_number() OVER () FROM (SELECT id FROM users LIMIT 20000) AS u, community.tokens AS t;
INSERT INTO governance.proposals (proposer_id, title, status, voting_start, voting_end)
SELECT u.id, 'p', CASE WHEN n <= 200 THEN 'active' ELSE 'draft' END, now() - interval '1 d' - n * interval '1 min', now() + interval '1 d' + n * interval '1 min'
  FROM (SELECT id, row_number() OVER () AS n FROM users LIMIT 20000) AS u;
INSERT INTO governance.votes (proposal_id, voter_id, vote_type)
SELECT p.id, u.id, 'yes' FROM (SELECT id FROM governance.proposals WHERE status = 'active' LIMIT 50) AS p,
       (SELECT id FROM users LIMIT 600) AS u;
INSERT INTO governance.comments (proposal_id, user_id, content, created_at)
SELECT p.id, u.id, 'c', now() - n * interval '1 s' FROM (SELECT id FROM governance.proposals LIMIT 50) AS p,
       (SELECT id, row_number() OVER () AS n FROM users LIMIT 1000) AS u;
INSERT INTO investment.assets (token_id, name, location_lat, location_lon, status)
SELECT g, 'a', 10 + g % 1000 / 100.0, 100 + g % 997 / 100.0, CASE WHEN g % 100 = 0 THEN 'pending' ELSE 'active' END
  FROM generate_series(1, 100000) AS g;
INSERT INTO investment.investments (user_id, asset_id, amount_tokens)
SELECT u.id, a.id, 1 FROM (SELECT id, row_number() OVER () AS n FROM users LIMIT 20000) AS u
  JOIN (SELECT id, row_number() OVER () AS n FROM investment.assets) AS a USING (n);
INSERT INTO investment.energy_production ("time", asset_id, power_kw)
SELECT now() - g * interval '10 s', a.id, 1
  FROM generate_series(1, 200) AS g, (SELECT id FROM investment.assets LIMIT 200) AS a;
INSERT INTO investment.weather_data ("time", asset_id, temperature)
SELECT "time", asset_id, 1 FROM investment.energy_production;
INSERT INTO meter_readings (meter_id, wallet_address, "timestamp", blockchain_status, energy_generated)
SELECT NULL, u.wallet_address, now() - g * interval '10 s', CASE WHEN g % 500 = 0 THEN 'parked' ELSE 'pending' END, 1
  FROM generate_series(1, 100000) AS g JOIN users AS u ON u.username = 'u' || (1 + g % 1000);
INSERT INTO trading_orders (user_id, order_type, energy_amount, price_per_kwh)
SELECT u.id, 'buy', 1, 3 FROM generate_series(1, 20000) AS g JOIN users AS u ON u.username = 'u' || (1 + g % 1000);
INSERT INTO monitoring.grid_health (grid_code, health_score, recorded_at)
SELECT 'G' || g % 100, 1, now() - g * interval '10 s' FROM generate_series(1, 50000) AS g;
INSERT INTO community.settings (key, is_public) SELECT 'k' || g, g % 100 = 0 FROM generate_series(1, 20000) AS g;
ANALYZE;
