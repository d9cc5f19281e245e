-- Why: what ended stays ended, whoever writes; and a result of the chain stays tied to what was published.
-- Rollback (manual): DROP TRIGGER settlements_status_final ON public.settlements; DROP TRIGGER trades_status_final ON
--   trading.trades; DROP TRIGGER revenue_distributions_status_final ON investment.revenue_distributions;
--   DROP TRIGGER revenue_payouts_status_final ON investment.revenue_payouts; DROP TRIGGER smart_contracts_status_final
--   ON blockchain.smart_contracts; DROP INDEX public.trading_orders_closed_epoch_id_idx;
--   DROP TRIGGER trades_leaf_published ON trading.trades; DROP FUNCTION indexer.trades_name_leaf();
--   DROP FUNCTION indexer.keep_ended_row(), indexer.keep_columns() CASCADE;

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

-- Neither may what a row says about its end be changed, nor the row be deleted and written anew.
CREATE OR REPLACE FUNCTION indexer.keep_ended_row() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    filled_in_once CONSTANT text[] := string_to_array(TG_ARGV[3], ',');
    row_key CONSTANT text := to_jsonb(OLD) ->> TG_ARGV[1];
    state CONSTANT text := to_jsonb(OLD) ->> TG_ARGV[0];
    before_row jsonb := to_jsonb(OLD) - string_to_array('updated_at,' || TG_ARGV[0] || ',' || TG_ARGV[2], ',');
    after_row jsonb;
    user_column text;
    changed text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        after_row := to_jsonb(NEW);
    END IF;
    -- Only the cascade of a deleted user meets a row whose user is gone.
    FOREACH user_column IN ARRAY string_to_array(TG_ARGV[4], ',') LOOP
        IF before_row ->> user_column IS NOT NULL AND after_row ->> user_column IS NULL AND NOT EXISTS (
            SELECT FROM public.users AS u WHERE u.id = (before_row ->> user_column)::uuid) THEN
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            before_row := before_row - user_column;
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '%.%: row % is % and cannot be deleted', TG_TABLE_SCHEMA, TG_TABLE_NAME, row_key, state
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'What has ended stays; write a new row.';
    END IF;
    SELECT string_agg(b.key, ', ' ORDER BY b.key) INTO changed
      FROM jsonb_each(before_row) AS b
     WHERE b.value IS DISTINCT FROM after_row -> b.key AND NOT (b.value = 'null' AND b.key = ANY (filled_in_once));
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION '%.%: row % is %; fixed since then: %', TG_TABLE_SCHEMA, TG_TABLE_NAME, row_key, state, changed
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'What has ended stays as it ended; write a new row.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION indexer.keep_ended_row() IS
    'Row trigger; arguments: the state column, the column that names the row, the columns that may still move, those that '
    'may be filled in once, those that name users who may leave. WHEN says which states are final; '
    'leaving them is the matter of a trigger of its own.';

CREATE OR REPLACE TRIGGER erc_certificates_ended_kept BEFORE UPDATE OR DELETE ON public.erc_certificates
    FOR EACH ROW WHEN (OLD.status IN ('retired', 'revoked', 'expired'))
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'certificate_id', 'metadata', 'ended_at', 'user_id');
CREATE OR REPLACE TRIGGER carbon_credits_ended_kept BEFORE UPDATE OR DELETE ON grid.carbon_credits
    FOR EACH ROW WHEN (OLD.status IN ('retired', 'cancelled', 'expired'))
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'credit_id', '', 'retired_at', '');
-- What was tried in vain is known late; the record of a deleted user goes, and leaves a copy.
CREATE OR REPLACE TRIGGER settlements_ended_kept BEFORE UPDATE OR DELETE ON public.settlements
    FOR EACH ROW WHEN (OLD.status = 'completed')
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'retry_count,error_message', '', 'buyer_id,seller_id');
-- The emission factor of a year is published after it.
CREATE OR REPLACE TRIGGER trades_ended_kept BEFORE UPDATE OR DELETE ON trading.trades
    FOR EACH ROW WHEN (OLD.settlement_status = 'settled')
    EXECUTE FUNCTION indexer.keep_ended_row('settlement_status', 'id', 'carbon_offset', '', '');
CREATE OR REPLACE TRIGGER proposals_ended_kept BEFORE UPDATE OR DELETE ON governance.proposals
    FOR EACH ROW WHEN (OLD.status IN ('passed', 'rejected', 'expired'))
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'metadata', '', '');
-- The miners of an executed plan still have to run again.
CREATE OR REPLACE TRIGGER curtailment_plans_ended_kept BEFORE UPDATE OR DELETE ON hosting.curtailment_plans
    FOR EACH ROW WHEN (OLD.status IN ('executed', 'cancelled'))
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'recovery_time', 'recovered_at', 'created_by');
CREATE OR REPLACE TRIGGER revenue_distributions_ended_kept BEFORE UPDATE OR DELETE ON investment.revenue_distributions
    FOR EACH ROW WHEN (OLD.status = 'distributed')
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', '', 'distribution_date', '');
CREATE OR REPLACE TRIGGER revenue_payouts_ended_kept BEFORE UPDATE OR DELETE ON investment.revenue_payouts
    FOR EACH ROW WHEN (OLD.status = 'paid')
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'distribution_id', '', 'transaction_hash', '');
CREATE OR REPLACE TRIGGER smart_contracts_ended_kept BEFORE UPDATE OR DELETE ON blockchain.smart_contracts
    FOR EACH ROW WHEN (OLD.status = 'destroyed')
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'contract_address', '', '', '');
CREATE OR REPLACE TRIGGER transactions_ended_kept BEFORE UPDATE OR DELETE ON community.transactions
    FOR EACH ROW WHEN (OLD.status IN ('confirmed', 'failed'))
    EXECUTE FUNCTION indexer.keep_ended_row('status', 'id', 'description,metadata', 'transaction_hash', '');

-- What was issued is the same thing until it ends.
CREATE OR REPLACE FUNCTION indexer.keep_columns() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    changed text;
BEGIN
    SELECT string_agg(c.name, ', ' ORDER BY c.name) INTO changed
      FROM unnest(string_to_array(TG_ARGV[1], ',')) AS c (name)
     WHERE to_jsonb(OLD) ->> c.name IS NOT NULL AND to_jsonb(OLD) -> c.name IS DISTINCT FROM to_jsonb(NEW) -> c.name;
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION '%.%: row % was issued so; fixed since then: %', TG_TABLE_SCHEMA, TG_TABLE_NAME,
            to_jsonb(OLD) ->> TG_ARGV[0], changed
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'End this one and issue another.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION indexer.keep_columns() IS
    'Row trigger; arguments: the column that names the row, and the columns that, once filled in, never change.';

CREATE OR REPLACE TRIGGER erc_certificates_issue_fixed
    BEFORE UPDATE OF certificate_id, certificate_type, energy_amount, energy_source, period_start, period_end,
        issue_date, issuer_wallet, issue_signature ON public.erc_certificates
    FOR EACH ROW EXECUTE FUNCTION indexer.keep_columns('certificate_id',
        'certificate_id,certificate_type,energy_amount,energy_source,period_start,period_end,issue_date,issuer_wallet,'
        'issue_signature');
CREATE OR REPLACE TRIGGER carbon_credits_issue_fixed
    BEFORE UPDATE OF credit_id, issuer, energy_source, energy_amount, offset_amount, certification_body, serial_first,
        serial_last, issued_at ON grid.carbon_credits
    FOR EACH ROW EXECUTE FUNCTION indexer.keep_columns('credit_id',
        'credit_id,issuer,energy_source,energy_amount,offset_amount,certification_body,serial_first,serial_last,'
        'issued_at');

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
