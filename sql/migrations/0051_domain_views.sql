-- Why: what applications ask about hosting, sales, assets, proposals and the grid, in one place each.
-- Rollback (manual): DROP VIEW hosting.api_sites, hosting.api_miners, hosting.api_telemetry_latest,
--   hosting.api_curtailments, crm.api_pipeline, analytics.api_market, investment.api_holdings, investment.api_asset_yield,
--   governance.api_proposals, governance.api_comments, community.api_settings, community.api_token_holders, monitoring.api_grid_health,
--   monitoring.api_transaction_hours, monitoring.api_errors, monitoring.index_usage, grid.api_storage;

CREATE OR REPLACE VIEW hosting.api_telemetry_latest AS
SELECT m.id AS miner_id, m.serial_number, t.recorded_at, t.hashrate, t.temperature, t.power_consumption, t.fan_speed
  FROM hosting.hosting_miners AS m
  LEFT JOIN LATERAL (
        SELECT r.recorded_at, r.hashrate, r.temperature, r.power_consumption, r.fan_speed
          FROM hosting.miner_telemetry AS r
         WHERE r.miner_id = m.id AND r.recorded_at <= now() + interval '5 minutes'
         ORDER BY r.recorded_at DESC LIMIT 1) AS t ON true;
COMMENT ON VIEW hosting.api_telemetry_latest IS
    'The newest report of each miner; NULLs for one that never reported. Reports from more than 5 minutes ahead do not count.';

CREATE OR REPLACE VIEW hosting.api_miners AS
SELECT m.id, m.serial_number, m.status, m.site_id, s.name AS site_name, d.name AS model, d.manufacturer, m.client_id,
       m.cgminer_enabled, d.hashrate AS rated_hashrate, d.power_consumption AS rated_power_w,
       t.recorded_at AS last_seen, t.hashrate, t.temperature, t.power_consumption AS power_w,
       coalesce(t.recorded_at > now() - interval '5 minutes', false) AS online, m.warranty_expiry
  FROM hosting.hosting_miners AS m
  JOIN hosting.hosting_sites AS s ON s.id = m.site_id
  JOIN hosting.miner_models AS d ON d.id = m.miner_model_id
  LEFT JOIN hosting.api_telemetry_latest AS t ON t.miner_id = m.id;
COMMENT ON VIEW hosting.api_miners IS 'Miners with site, model and newest report; online: heard of within 5 minutes.';

CREATE OR REPLACE VIEW hosting.api_sites AS
SELECT s.id, s.name, s.location, s.capacity_mw, s.total_miners, s.active_miners,
       coalesce(p.rated_mw, 0) AS rated_mw, coalesce(p.active_mw, 0) AS active_mw,
       round(coalesce(p.active_mw, 0) / nullif(s.capacity_mw, 0), 6) AS utilisation, coalesce(p.active_hashrate, 0) AS active_hashrate
  FROM hosting.hosting_sites AS s
  LEFT JOIN LATERAL (
        SELECT sum(d.power_consumption) / 1000000 AS rated_mw,
               sum(d.power_consumption) FILTER (WHERE m.status = 'active') / 1000000 AS active_mw,
               sum(d.hashrate) FILTER (WHERE m.status = 'active') AS active_hashrate
          FROM hosting.hosting_miners AS m JOIN hosting.miner_models AS d ON d.id = m.miner_model_id
         WHERE m.site_id = s.id) AS p ON true;
COMMENT ON VIEW hosting.api_sites IS 'Sites with the rated power of their miners; utilisation: of the active ones, in shares of the capacity.';

CREATE OR REPLACE VIEW hosting.api_curtailments AS
SELECT p.id, p.site_id, s.name AS site_name, p.plan_type, p.status, p.target_power_reduction AS target_mw,
       p.scheduled_time, p.executed_at, p.recovery_time, p.recovered_at, p.power_reduced AS reduced_mw,
       count(m.id) AS planned_miners, coalesce(sum(d.power_consumption), 0) / 1000000 AS planned_mw,
       coalesce(sum(d.hashrate), 0) AS hashrate_loss,
       coalesce(sum(d.power_consumption), 0) / 1000000 >= p.target_power_reduction AS reaches_target
  FROM hosting.curtailment_plans AS p
  JOIN hosting.hosting_sites AS s ON s.id = p.site_id
  LEFT JOIN hosting.curtailment_plan_miners AS m ON m.plan_id = p.id
  LEFT JOIN hosting.hosting_miners AS h ON h.id = m.miner_id
  LEFT JOIN hosting.miner_models AS d ON d.id = h.miner_model_id
 GROUP BY p.id, s.name;
COMMENT ON VIEW hosting.api_curtailments IS 'Curtailment plans with the rated power (MW) and hash rate (TH/s) of the miners they switch off.';

CREATE OR REPLACE VIEW crm.api_pipeline AS
SELECT d.stage, count(*) AS deals, sum(d.value) AS value, round(sum(d.value * d.probability) / 100, 2) AS weighted_value,
       coalesce(sum(i.invoiced), 0) AS invoiced, coalesce(sum(i.paid), 0) AS paid
  FROM crm.crm_deals AS d
  LEFT JOIN LATERAL (
        SELECT sum(n.amount) FILTER (WHERE n.status <> 'draft') AS invoiced, sum(n.amount) FILTER (WHERE n.status = 'paid') AS paid
          FROM crm.crm_invoices AS n WHERE n.deal_id = d.id) AS i ON true
 GROUP BY d.stage;
COMMENT ON VIEW crm.api_pipeline IS 'Deals by stage: number, value, value weighted by probability, invoiced (drafts are not) and paid, in USD.';

CREATE OR REPLACE VIEW analytics.api_market AS
SELECT a.id, a.created_at, a.btc_price, a.network_hashrate, a.network_difficulty, a.block_reward, a.volume_24h,
       round(86400 * 1e15 * a.block_reward * a.btc_price / nullif(a.network_difficulty * 4294967296, 0), 6) AS hashprice_usd_per_ph_day,
       i.rsi, i.macd, i.macd_signal, i.macd_histogram, i.bb_upper, i.bb_middle, i.bb_lower, i.ema_12, i.ema_26, i.signal,
       i.version AS indicator_version
  FROM analytics.market_analytics AS a
  LEFT JOIN LATERAL (
        SELECT t.* FROM analytics.technical_indicators AS t WHERE t.analytics_id = a.id ORDER BY t.version DESC LIMIT 1) AS i ON true;
COMMENT ON VIEW analytics.api_market IS 'Market figures with the newest version of their indicators; hash price without fees.';

CREATE OR REPLACE VIEW investment.api_holdings AS
SELECT h.user_id, h.asset_id, a.name AS asset_name, a.token_id, h.tokens, h.invested,
       round(h.tokens / nullif(t.tokens, 0), 8) AS share, h.last_invested_at
  FROM (SELECT i.user_id, i.asset_id, sum(i.amount_tokens) AS tokens,
               sum(i.amount_tokens * i.purchase_price) AS invested, max(i.invested_at) AS last_invested_at
          FROM investment.investments AS i
         WHERE i.asset_id IS NOT NULL
         GROUP BY i.user_id, i.asset_id) AS h
  JOIN investment.assets AS a ON a.id = h.asset_id
 CROSS JOIN LATERAL (
        SELECT sum(o.amount_tokens) AS tokens FROM investment.investments AS o WHERE o.asset_id = h.asset_id) AS t;
COMMENT ON VIEW investment.api_holdings IS
    'Tokens of each investor in each asset, what they cost as far as a price is known, and their share of all of them. '
    'user_id NULL: of investors who are not registered.';

CREATE OR REPLACE VIEW investment.api_asset_yield AS
SELECT a.id AS asset_id, a.name, a.status, a.capacity_kw, coalesce(n.invested, 0) AS invested,
       coalesce(d.distributed, 0) AS distributed_12_months,
       round(coalesce(d.distributed, 0) / nullif(n.invested, 0), 8) AS yield
  FROM investment.assets AS a
  LEFT JOIN LATERAL (
        SELECT sum(i.amount_tokens * i.purchase_price) AS invested
          FROM investment.investments AS i WHERE i.asset_id = a.id) AS n ON true
  LEFT JOIN LATERAL (
        SELECT sum(r.total_amount) AS distributed
          FROM investment.revenue_distributions AS r
         WHERE r.asset_id = a.id AND r.status = 'distributed'
           AND r.distribution_date > now() - interval '12 months' AND r.distribution_date <= now()) AS d ON true;
COMMENT ON VIEW investment.api_asset_yield IS 'Yield of each asset: distributed within 12 months over all that was invested.';

CREATE OR REPLACE VIEW governance.api_proposals AS
SELECT q.id, q.proposer_id, q.title, q.type, q.status, q.voting_start, q.voting_end, q.total_votes, q.yes_votes,
       q.no_votes, q.abstain_votes, round(q.yes_power, 6) AS yes_power, round(q.no_power, 6) AS no_power,
       round(q.abstain_power, 6) AS abstain_power, round(q.total_voting_power, 6) AS total_voting_power,
       round(q.voted / nullif(q.total_voting_power, 0), 6) AS turnout, round(q.quorum_threshold, 6) AS quorum,
       q.total_voting_power > 0 AND q.voted >= q.quorum_threshold * q.total_voting_power AS quorum_reached,
       round(q.yes_power / nullif(q.yes_power + q.no_power, 0), 6) AS approval,
       round(q.approval_threshold, 6) AS approval_threshold,
       q.yes_power > q.no_power AND q.yes_power >= q.approval_threshold * (q.yes_power + q.no_power) AS approved,
       indexer.proposal_outcome(q.total_votes, q.yes_power, q.no_power, q.abstain_power, q.total_voting_power,
                                q.quorum_threshold, q.approval_threshold) AS outcome,
       q.created_at
  FROM (SELECT p.*, p.yes_power + p.no_power + p.abstain_power AS voted FROM governance.proposals AS p) AS q;
COMMENT ON VIEW governance.api_proposals IS
    'Proposals with turnout (abstaining counts), approval (yes of yes and no) and the outcome if voting ended now. '
    'Power is shown with 6 decimals.';

CREATE OR REPLACE VIEW governance.api_comments AS
SELECT c.id, c.proposal_id, c.user_id, c.parent_id, CASE WHEN c.is_deleted THEN '' ELSE c.content END AS content,
       c.likes, c.dislikes, c.is_deleted, c.created_at
  FROM governance.comments AS c;
COMMENT ON VIEW governance.api_comments IS 'Comments; a deleted one keeps its place and its answers, without content.';

CREATE OR REPLACE VIEW community.api_settings AS
SELECT s.key, s.value, s.type, s.description FROM community.settings AS s WHERE s.is_public;
COMMENT ON VIEW community.api_settings IS 'The settings that are public, with their values.';

CREATE OR REPLACE VIEW community.api_token_holders AS
SELECT t.id AS token_id, t.symbol, h.user_id, u.username, round(h.balance, 6) AS balance,
       round(h.staked_balance, 6) AS staked_balance, round(h.voting_power, 6) AS voting_power, h.last_updated
  FROM community.user_tokens AS h
  JOIN community.tokens AS t ON t.id = h.token_id
  JOIN public.users AS u ON u.id = h.user_id;
COMMENT ON VIEW community.api_token_holders IS 'Who holds how much of each token; 18 decimals are stored, 6 are shown.';

-- From one code to the next by the index: DISTINCT ON would read every row ever written.
CREATE OR REPLACE VIEW monitoring.api_grid_health AS
WITH RECURSIVE codes AS (
    (SELECT h.grid_code FROM monitoring.grid_health AS h ORDER BY h.grid_code LIMIT 1)
    UNION ALL
    SELECT (SELECT h.grid_code FROM monitoring.grid_health AS h WHERE h.grid_code > c.grid_code ORDER BY h.grid_code LIMIT 1)
      FROM codes AS c
     WHERE c.grid_code IS NOT NULL
)
SELECT h.grid_code, h.health_score, h.stability_index, h.congestion_level,
       h.active_connections, h.energy_flow_in, h.energy_flow_out, h.recorded_at, l.coordinates, l.capacity_mw
  FROM codes AS c
 CROSS JOIN LATERAL (
        SELECT * FROM monitoring.grid_health AS r
         WHERE r.grid_code = c.grid_code ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1) AS h
  LEFT JOIN grid.locations AS l ON l.grid_code = h.grid_code
 ORDER BY h.grid_code;
COMMENT ON VIEW monitoring.api_grid_health IS
    'The newest row of each grid code. Nodes report at different times, so the newest time of all shows only one of them.';

CREATE OR REPLACE VIEW monitoring.api_transaction_hours AS
SELECT date_trunc('hour', m.recorded_at, 'UTC') AS hour, sum(m.transaction_count) AS transactions,
       sum(m.total_gas_used) AS compute_units, sum(m.total_fees) AS fees_sol, sum(m.energy_traded) AS energy_kwh,
       round(sum(m.avg_confirmation_time * m.transaction_count) / nullif(sum(m.transaction_count), 0), 3) AS avg_confirmation_s
  FROM monitoring.transaction_metrics AS m
 GROUP BY 1;
COMMENT ON VIEW monitoring.api_transaction_hours IS 'Transaction figures by the hour (UTC); confirmation time weighted by transactions.';

CREATE OR REPLACE VIEW monitoring.api_errors AS
SELECT 'transaction' AS source, t.signature AS subject, t.error::text AS error, t.block_time AS happened_at
  FROM public.blockchain_transactions AS t WHERE t.status = 'failed'
UNION ALL
SELECT 'attempt', a.signature, coalesce(a.review_reason, a.last_send_error), coalesce(a.last_sent_at, a.created_at)
  FROM indexer.tx_attempts AS a WHERE a.review_reason IS NOT NULL OR a.last_send_error IS NOT NULL
UNION ALL
SELECT 'mint', encode(q.meter_key, 'hex') || ':' || q.mint_window, coalesce(q.error_message, q.error_class), q.updated_at
  FROM public.minting_retry_queue AS q WHERE q.status IN ('parked', 'rejected', 'review')
UNION ALL
SELECT 'settlement', s.id::text, s.error_message, s.updated_at
  FROM public.settlements AS s WHERE s.error_message IS NOT NULL
UNION ALL
SELECT 'contract', e.transaction_hash, coalesce(e.error_message, e.status), e.executed_at
  FROM blockchain.contract_executions AS e WHERE e.status <> 'success'
UNION ALL
SELECT 'epoch', m.epoch_number::text, m.failure, m.updated_at
  FROM public.market_epochs AS m WHERE m.failure IS NOT NULL;
COMMENT ON VIEW monitoring.api_errors IS 'Everything that went wrong, from wherever it is kept, with what it happened to.';

CREATE OR REPLACE VIEW monitoring.index_usage AS
SELECT s.schemaname AS schema_name, s.relname AS table_name, s.indexrelname AS index_name, s.idx_scan AS scans,
       s.idx_tup_read AS entries_read, s.idx_tup_fetch AS rows_fetched, io.idx_blks_read AS blocks_read,
       io.idx_blks_hit AS blocks_hit, pg_relation_size(s.indexrelid) AS bytes, x.indisunique AS is_unique
  FROM pg_stat_user_indexes AS s
  JOIN pg_statio_user_indexes AS io ON io.indexrelid = s.indexrelid
  JOIN pg_index AS x ON x.indexrelid = s.indexrelid;
COMMENT ON VIEW monitoring.index_usage IS
    'How often each index was used, what it read and what it weighs; one that is not unique and never scanned is a candidate to go.';

CREATE OR REPLACE VIEW grid.api_storage AS
SELECT s.storage_id, s.storage_operator, s.storage_type, s.status, s.capacity_mwh, s.current_charge,
       round(s.current_charge / s.capacity_mwh, 6) AS state_of_charge,
       coalesce(o.charged_mwh, 0) AS charged_mwh, coalesce(o.discharged_mwh, 0) AS discharged_mwh, o.last_operation_at
  FROM grid.energy_storage AS s
  LEFT JOIN LATERAL (
        SELECT sum(x.energy_amount) FILTER (WHERE x.operation_type = 'charge') AS charged_mwh,
               sum(x.energy_amount) FILTER (WHERE x.operation_type = 'discharge') AS discharged_mwh,
               max(x.executed_at) AS last_operation_at
          FROM grid.storage_operations AS x WHERE x.storage_id = s.storage_id) AS o ON true;
COMMENT ON VIEW grid.api_storage IS 'Storage systems with what went in and out of them, in MWh.';
