-- Why: what ended stays ended, whoever writes; and a result of the chain stays tied to what was published.
-- Rollback (manual): DROP TRIGGER settlements_status_final ON public.settlements; DROP TRIGGER trades_status_final ON
--   trading.trades; DROP TRIGGER revenue_distributions_status_final ON investment.revenue_distributions;
--   DROP TRIGGER revenue_payouts_status_final ON investment.revenue_payouts; DROP TRIGGER smart_contracts_status_final
--   ON blockchain.smart_contracts; DROP INDEX public.trading_orders_closed_epoch_id_idx;
--   DROP TRIGGER trades_leaf_published ON trading.trades; DROP FUNCTION indexer.trades_name_leaf();

CREATE OR REPLACE TRIGGER settlements_status_final BEFORE UPDATE OF status ON public.settlements
    FOR EACH ROW WHEN (OLD.status = 'completed' AND NEW.status <> OLD.status)
    EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'id');
CREATE OR REPLACE TRIGGER trades_status_final BEFORE UPDATE OF settlement_status ON trading.trades
    FOR EACH ROW WHEN (OLD.settlement_status = 'settled' AND NEW.settlement_status <> OLD.settlement_status)
    EXECUTE FUNCTION indexer.refuse_leaving_state('settlement_status', 'id');
CREATE OR REPLACE TRIGGER revenue_distributions_status_final BEFORE UPDATE OF status ON investment.revenue_distributions
    FOR EACH ROW WHEN (OLD.status = 'distributed' AND NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'id');
CREATE OR REPLACE TRIGGER revenue_payouts_status_final BEFORE UPDATE OF status ON investment.revenue_payouts
    FOR EACH ROW WHEN (OLD.status = 'paid' AND NEW.status <> OLD.status)
    EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'distribution_id');
CREATE OR REPLACE TRIGGER smart_contracts_status_final BEFORE UPDATE OF status ON blockchain.smart_contracts
    FOR EACH ROW WHEN (OLD.status = 'destroyed' AND NEW.status <> OLD.status)
    EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'contract_address');

CREATE INDEX IF NOT EXISTS trading_orders_closed_epoch_id_idx ON public.trading_orders (closed_epoch_id)
    WHERE closed_epoch_id IS NOT NULL;

-- A foreign key to the leaf would keep its partition for ever, while leaves leave by partition and trades stay: so the
-- leaf is asked for when the trade is written, and not afterwards.
CREATE OR REPLACE FUNCTION indexer.trades_name_leaf() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.epoch_number, OLD.zone_id, OLD.trade_index) IS NOT DISTINCT FROM
                            (NEW.epoch_number, NEW.zone_id, NEW.trade_index) THEN
        RETURN NEW;
    END IF;
    PERFORM FROM indexer.trade_leaves AS l
      WHERE l.epoch_number = NEW.epoch_number AND l.zone_id = NEW.zone_id AND l.trade_index = NEW.trade_index;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'trades: trade % names trade % of epoch %, zone %, which was never published', NEW.id,
            NEW.trade_index, NEW.epoch_number, NEW.zone_id
            USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'trade_index', CONSTRAINT = TG_NAME,
                  HINT = 'Publish its leaf in indexer.trade_leaves first.';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER trades_leaf_published
    BEFORE INSERT OR UPDATE OF epoch_number, zone_id, trade_index ON trading.trades
    FOR EACH ROW WHEN (NEW.epoch_number IS NOT NULL AND NEW.trade_index IS NOT NULL)
    EXECUTE FUNCTION indexer.trades_name_leaf();
