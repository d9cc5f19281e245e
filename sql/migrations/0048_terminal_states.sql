-- Why: what ended stays ended, whoever writes; and a result of the chain stays tied to what was published.
-- Rollback (manual): DROP TRIGGER settlements_status_final ON public.settlements; DROP TRIGGER trades_status_final ON
--   trading.trades; DROP TRIGGER revenue_distributions_status_final ON investment.revenue_distributions;
--   DROP TRIGGER revenue_payouts_status_final ON investment.revenue_payouts; DROP TRIGGER smart_contracts_status_final
--   ON blockchain.smart_contracts; DROP INDEX public.trading_orders_closed_epoch_id_idx;
--   ALTER TABLE trading.trades DROP CONSTRAINT trades_leaf_fkey;

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

-- Leaves are never deleted, so a trade that names one keeps its proof for ever.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'trading.trades'::regclass AND conname = 'trades_leaf_fkey') THEN
        ALTER TABLE trading.trades ADD CONSTRAINT trades_leaf_fkey
            FOREIGN KEY (epoch_number, zone_id, trade_index)
            REFERENCES indexer.trade_leaves (epoch_number, zone_id, trade_index) ON DELETE RESTRICT;
    END IF;
END
$$;
