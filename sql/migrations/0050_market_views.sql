-- Why: what applications ask about trades, certificates and balances, in one place each.
-- Rollback (manual): DROP VIEW trading.api_trades, trading.api_epochs, public.api_certificates, blockchain.api_balances,
--   blockchain.api_transactions;

CREATE OR REPLACE VIEW trading.api_trades AS
SELECT t.id, t.epoch_number, t.zone_id, t.trade_index, t.buyer_id, t.seller_id, t.energy_amount AS energy_kwh,
       t.price_per_unit AS price_per_kwh, t.total_value, t.grid_fee, t.carbon_offset, t.executed_at,
       t.settlement_status, t.signature, s.total_amount AS paid_by_buyer, s.net_amount AS received_by_seller,
       s.fee_amount AS fees, s.status AS settlement_state, s.id AS settlement_id
  FROM trading.trades AS t
  LEFT JOIN public.market_epochs AS e ON e.epoch_number = t.epoch_number
  LEFT JOIN public.settlements AS s
    ON s.epoch_id = e.id AND s.zone_id = t.zone_id AND s.trade_index = t.trade_index;
COMMENT ON VIEW trading.api_trades IS 'Trades with what the buyer paid and the seller received.';

CREATE OR REPLACE VIEW trading.api_epochs AS
SELECT e.epoch_number, e.start_time, e.end_time, e.status, e.clearing_price, e.total_volume AS volume_kwh,
       e.total_orders, e.matched_orders, e.trade_count, z.zones, z.fees, z.paid
  FROM public.market_epochs AS e
  LEFT JOIN LATERAL (
        SELECT count(*) AS zones, sum(m.total_fees) AS fees, sum(m.total_payment) AS paid
          FROM public.market_epoch_zones AS m WHERE m.epoch_number = e.epoch_number) AS z ON true;
COMMENT ON VIEW trading.api_epochs IS 'Market epochs with the sums of their zones.';

CREATE OR REPLACE VIEW public.api_certificates AS
SELECT c.id, c.certificate_id, c.certificate_type, c.energy_source, c.energy_amount AS energy_kwh,
       CASE WHEN c.status IN ('active', 'transferred')
            THEN CASE WHEN c.expiry_date <= now() THEN 0 ELSE c.energy_amount END
            ELSE 0 END AS remaining_kwh,
       c.status, c.user_id AS holder_id, c.wallet_address AS holder_wallet, c.issue_date, c.expiry_date,
       coalesce(t.transfers, 0) AS transfers, t.last_transfer_date
  FROM public.erc_certificates AS c
  LEFT JOIN LATERAL (
        SELECT count(*) AS transfers, max(x.transfer_date) AS last_transfer_date
          FROM public.erc_certificate_transfers AS x WHERE x.certificate_id = c.id) AS t ON true;
COMMENT ON VIEW public.api_certificates IS
    'Certificates with their holder and the energy that can still be retired: none once they ended or expired. The holder is '
    'the one that the certificate names; whoever records a transfer names the new one there too.';

CREATE OR REPLACE VIEW blockchain.api_balances AS
SELECT b.account_id, b.owner, b.mint, b.total_balance, b.available_balance, b.locked_balance, b.nonce, b.slot,
       s.key AS energy_source, s.value::numeric(78,0) AS energy_base_units,
       (s.value::numeric / 1000000000)::numeric(87,9) AS energy_kwh
  FROM blockchain.account_balances AS b
  LEFT JOIN LATERAL jsonb_each_text(b.energy_balances) AS s (key, value) ON true;
COMMENT ON VIEW blockchain.api_balances IS 'Balances, one row per source of energy in them; without any: one row, source NULL.';

CREATE OR REPLACE VIEW blockchain.api_transactions AS
SELECT a.signature, a.kind, a.signer, a.status AS attempt_status, a.created_at AS signed_at, a.first_sent_at, a.sends,
       a.last_send_error, coalesce(t.slot, a.spent_slot) AS slot, t.status AS chain_status, t.error, t.fee_lamports,
       t.compute_units_consumed, t.block_time, a.closed_at, a.review_reason,
       coalesce(t.slot <= (SELECT c.finalized_slot FROM indexer.cursors AS c WHERE c.name = 'chain'), false) AS finalized
  FROM indexer.tx_attempts AS a
  LEFT JOIN public.blockchain_transactions AS t ON t.signature = a.signature;
COMMENT ON VIEW blockchain.api_transactions IS
    'Life of each transaction that we signed: written, sent, landed, final, or proved dead.';
