-- Why: every change of a row that matters leaves a trace.
-- Rollback (manual): DROP VIEW community.audit_logs;
--   DROP FUNCTION indexer.audit_row(), indexer.audit_inserts(), indexer.audit_updates(), indexer.audit_truncate()
--   CASCADE; /* and triggers */
--   DROP FUNCTION indexer.audit_session();
--   ALTER TABLE public.audit_logs DROP COLUMN actor, DROP COLUMN resource_key, DROP COLUMN server_id;
--   DROP FUNCTION indexer.server_id();

-- Zero where the server does not tell.
CREATE OR REPLACE FUNCTION indexer.server_id() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') THEN
        RETURN (SELECT c.system_identifier FROM pg_control_system() AS c);
    END IF;
    RETURN 0;
END
$$;
COMMENT ON FUNCTION indexer.server_id() IS
    'The cluster of this server: transaction numbers mean something only together with the cluster that gave them.';

ALTER TABLE public.audit_logs
    ADD COLUMN IF NOT EXISTS actor text NOT NULL DEFAULT session_user,
    ADD COLUMN IF NOT EXISTS resource_key text,
    ADD COLUMN IF NOT EXISTS server_id bigint NOT NULL DEFAULT indexer.server_id();
COMMENT ON COLUMN public.audit_logs.actor IS 'Database role of the session.';
COMMENT ON COLUMN public.audit_logs.resource_key IS 'Key of the row where that is no uuid.';

COMMENT ON COLUMN public.audit_logs.server_id IS
    'Cluster whose counter gave transaction_id: after a restore into another one the numbers start anew.';

CREATE INDEX IF NOT EXISTS audit_logs_server_transaction_idx ON public.audit_logs (server_id, transaction_id, id);

-- The session says on whose behalf it acts in gridtokenx.user_id, client_ip and user_agent; nonsense there is no reason
-- to refuse the change, nor to lose its trace.
CREATE OR REPLACE FUNCTION indexer.audit_session(OUT user_id uuid, OUT address inet, OUT agent text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given_user CONSTANT text := lower(current_setting('gridtokenx.user_id', true));
    given_address CONSTANT text := current_setting('gridtokenx.client_ip', true);
BEGIN
    IF given_user ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        user_id := given_user::uuid;
    END IF;
    agent := nullif(current_setting('gridtokenx.user_agent', true), '');
    IF given_address <> '' THEN
        BEGIN
            address := given_address::inet;
        EXCEPTION WHEN invalid_text_representation THEN
            address := NULL;
        END;
    END IF;
END
$$;

-- The row comes from within a statement of somebody who may not write here: hence the owner's rights and a path
-- that nobody can bend. The arguments are the table and its key.
CREATE OR REPLACE FUNCTION indexer.audit_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    resource CONSTANT text := TG_ARGV[0];
    secrets text[] := ARRAY['password_hash', 'two_factor_secret', 'document_number'];
    uuid_form CONSTANT text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
    before_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    after_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    key_values text[];
    who record;
    secret text;
BEGIN
    SELECT array_agg(coalesce(after_row, before_row) ->> k.name ORDER BY k.place) INTO key_values
      FROM unnest(string_to_array(TG_ARGV[1], ',')) WITH ORDINALITY AS k (name, place);
    -- A setting that is not public may be anything, a password too.
    IF 'false' IN (before_row ->> 'is_public', after_row ->> 'is_public') THEN
        secrets := array_append(secrets, 'value');
    END IF;
    FOREACH secret IN ARRAY secrets LOOP
        IF after_row ->> secret IS NOT NULL THEN
            after_row := jsonb_set(after_row, ARRAY[secret], to_jsonb(
                CASE WHEN before_row ->> secret = after_row ->> secret THEN 'unchanged' ELSE 'changed' END));
        END IF;
        IF before_row ->> secret IS NOT NULL THEN
            before_row := jsonb_set(before_row, ARRAY[secret], '"unchanged"');
        END IF;
    END LOOP;
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(n.key, before_row -> n.key), jsonb_object_agg(n.key, n.value)
          INTO before_row, after_row
          FROM jsonb_each(after_row) AS n
         WHERE n.value IS DISTINCT FROM before_row -> n.key AND n.key <> 'updated_at';
        IF after_row IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    -- Partitions are made ahead of time; the first trace in a new database comes before that.
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, resource_key, old_values, new_values,
                                   ip_address, user_agent)
    VALUES (who.user_id, lower(TG_OP), resource, CASE WHEN key_values[1] ~ uuid_form THEN key_values[1]::uuid END,
            array_to_string(key_values, ','), before_row, after_row, who.address, who.agent);
    RETURN NULL;
END
$$;

-- The same for all rows of one UPDATE at once, several times faster for each; for tables with an id and no secrets.
-- The argument is the primary key. A row that got another key shows as two traces, the row gone and the row come.
CREATE OR REPLACE FUNCTION indexer.audit_updates() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
BEGIN
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    EXECUTE format($traces$
        INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, resource_key, old_values, new_values,
                                       ip_address, user_agent, server_id)
        SELECT $1, 'update', $2, id, id::text, c.old_values, c.new_values, $3, $4, $5
          FROM (SELECT %1$s, to_jsonb(o) AS content FROM old_rows AS o OFFSET 0) AS o
          FULL JOIN (SELECT %1$s, to_jsonb(n) AS content FROM new_rows AS n OFFSET 0) AS n USING (%1$s)
         CROSS JOIN LATERAL (
               SELECT CASE WHEN o.content IS NOT NULL THEN jsonb_object_agg(e.key, o.content -> e.key) END,
                      CASE WHEN n.content IS NOT NULL THEN jsonb_object_agg(e.key, n.content -> e.key) END
                 FROM jsonb_object_keys(coalesce(n.content, o.content)) AS e (key)
                WHERE o.content -> e.key IS DISTINCT FROM n.content -> e.key AND e.key <> 'updated_at'
               ) AS c (old_values, new_values)
         WHERE c.old_values IS NOT NULL OR c.new_values IS NOT NULL
        $traces$, (SELECT string_agg(quote_ident(k), ', ') FROM unnest(string_to_array(TG_ARGV[1], ',')) AS k))
    USING who.user_id, TG_ARGV[0], who.address, who.agent, indexer.server_id();
    RETURN NULL;
END
$$;

-- All rows of one INSERT at once; for tables with an id and no secrets.
CREATE OR REPLACE FUNCTION indexer.audit_inserts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    this_server CONSTANT bigint := indexer.server_id();
    who record;
BEGIN
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, resource_key, new_values, ip_address,
                                   user_agent, server_id)
    SELECT who.user_id, 'insert', TG_ARGV[0], n.id, n.id::text, to_jsonb(n), who.address, who.agent, this_server
      FROM new_rows AS n;
    RETURN NULL;
END
$$;

-- No row trigger sees a TRUNCATE; it takes no arguments, since new partitions get the triggers on TRUNCATE without them.
CREATE OR REPLACE FUNCTION indexer.audit_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
BEGIN
    IF to_regclass('public.audit_logs_p' || to_char(now(), 'YYYYMM')) IS NULL THEN
        PERFORM indexer.ensure_partition('public.audit_logs', now());
    END IF;
    who := indexer.audit_session();
    INSERT INTO public.audit_logs (user_id, action, resource_type, ip_address, user_agent)
    VALUES (who.user_id, 'truncate', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, who.address, who.agent);
    RETURN NULL;
END
$$;

-- Insertions of readings, orders and matches are the daily bulk and are not traced: the rows are their own record, and
-- cannot leave without a trace. The daemon's own steps through the states of the market are not traced either. Everything
-- else is: what the daemon changes besides, row by row, since it hardly ever does; what others change, at the end of
-- their statement.
CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON public.meter_readings
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.meter_readings', 'id');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.meter_readings
    FOR EACH ROW WHEN (session_user = 'gridtokenx_service' AND
        (OLD.id, OLD.meter_id, OLD.meter_key, OLD.user_id, OLD.wallet_address, OLD."timestamp", OLD.energy_generated,
         OLD.energy_consumed, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.meter_id, NEW.meter_key, NEW.user_id, NEW.wallet_address, NEW."timestamp", NEW.energy_generated,
         NEW.energy_consumed, NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('public.meter_readings', 'id');
CREATE OR REPLACE TRIGGER audit_updates AFTER UPDATE ON public.meter_readings
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (session_user <> 'gridtokenx_service')
    EXECUTE FUNCTION indexer.audit_updates('public.meter_readings', 'id,timestamp');

CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON public.trading_orders
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.trading_orders', 'id');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.trading_orders
    FOR EACH ROW WHEN (session_user = 'gridtokenx_service' AND
        (OLD.id, OLD.user_id, OLD.order_type, OLD.energy_amount, OLD.price_per_kwh, OLD.zone_id, OLD.meter_id,
         OLD.time_in_force, OLD.expires_at, OLD.seq, OLD.entered_at, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.user_id, NEW.order_type, NEW.energy_amount, NEW.price_per_kwh, NEW.zone_id, NEW.meter_id,
         NEW.time_in_force, NEW.expires_at, NEW.seq, NEW.entered_at, NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('public.trading_orders', 'id');
CREATE OR REPLACE TRIGGER audit_updates AFTER UPDATE ON public.trading_orders
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (session_user <> 'gridtokenx_service')
    EXECUTE FUNCTION indexer.audit_updates('public.trading_orders', 'id');

CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON public.order_matches
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.order_matches', 'id');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.order_matches
    FOR EACH ROW WHEN (session_user = 'gridtokenx_service' AND
        (OLD.id, OLD.epoch_id, OLD.buy_order_id, OLD.sell_order_id, OLD.matched_amount, OLD.match_price,
         OLD.match_time, OLD.settlement_id, OLD.zone_id, OLD.trade_index, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.epoch_id, NEW.buy_order_id, NEW.sell_order_id, NEW.matched_amount, NEW.match_price,
         NEW.match_time, NEW.settlement_id, NEW.zone_id, NEW.trade_index, NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('public.order_matches', 'id');
CREATE OR REPLACE TRIGGER audit_updates AFTER UPDATE ON public.order_matches
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (session_user <> 'gridtokenx_service')
    EXECUTE FUNCTION indexer.audit_updates('public.order_matches', 'id');

CREATE OR REPLACE TRIGGER audit_inserts AFTER INSERT ON public.settlements
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_inserts('public.settlements');
CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON public.settlements
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.settlements', 'id');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.settlements
    FOR EACH ROW WHEN (session_user = 'gridtokenx_service' AND
        (OLD.id, OLD.epoch_id, OLD.buyer_id, OLD.seller_id, OLD.energy_amount, OLD.price_per_kwh, OLD.total_amount,
         OLD.fee_amount, OLD.net_amount, OLD.zone_id, OLD.trade_index, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.epoch_id, NEW.buyer_id, NEW.seller_id, NEW.energy_amount, NEW.price_per_kwh, NEW.total_amount,
         NEW.fee_amount, NEW.net_amount, NEW.zone_id, NEW.trade_index, NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('public.settlements', 'id');
CREATE OR REPLACE TRIGGER audit_updates AFTER UPDATE ON public.settlements
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (session_user <> 'gridtokenx_service')
    EXECUTE FUNCTION indexer.audit_updates('public.settlements', 'id');

CREATE OR REPLACE TRIGGER audit_inserts AFTER INSERT ON trading.trades
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_inserts('trading.trades');
CREATE OR REPLACE TRIGGER audit_change AFTER UPDATE OR DELETE ON trading.trades
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('trading.trades', 'id');

CREATE OR REPLACE TRIGGER audit_enter AFTER INSERT OR DELETE ON public.market_epochs
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.market_epochs', 'id');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.market_epochs
    FOR EACH ROW WHEN (session_user <> 'gridtokenx_service' OR
        (OLD.id, OLD.epoch_number, OLD.start_time, OLD.end_time, OLD.created_at)
        IS DISTINCT FROM (NEW.id, NEW.epoch_number, NEW.start_time, NEW.end_time, NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('public.market_epochs', 'id');
CREATE OR REPLACE TRIGGER audit_enter AFTER INSERT OR DELETE ON public.market_epoch_zones
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.market_epoch_zones', 'epoch_number,zone_id');
-- To change its state is all that the daemon ever does to a published result.
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.market_epoch_zones
    FOR EACH ROW WHEN (session_user <> 'gridtokenx_service' OR OLD.status = NEW.status)
    EXECUTE FUNCTION indexer.audit_row('public.market_epoch_zones', 'epoch_number,zone_id');
CREATE OR REPLACE TRIGGER audit_enter AFTER INSERT OR DELETE ON public.market_epoch_parts
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('public.market_epoch_parts', 'epoch_number,zone_id,part');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON public.market_epoch_parts
    FOR EACH ROW WHEN (session_user <> 'gridtokenx_service' OR
        (OLD.epoch_number, OLD.zone_id, OLD.part, OLD.first_index, OLD.trade_count, OLD.price_units, OLD.root,
         OLD.created_at)
        IS DISTINCT FROM
        (NEW.epoch_number, NEW.zone_id, NEW.part, NEW.first_index, NEW.trade_count, NEW.price_units, NEW.root,
         NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('public.market_epoch_parts', 'epoch_number,zone_id,part');

-- Tallies and counts follow other rows, which leave their own traces.
CREATE OR REPLACE TRIGGER audit_enter AFTER INSERT OR DELETE ON governance.proposals
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('governance.proposals', 'id');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON governance.proposals
    FOR EACH ROW WHEN (
        (OLD.id, OLD.proposer_id, OLD.title, OLD.description, OLD.type, OLD.status, OLD.metadata, OLD.voting_start,
         OLD.voting_end, OLD.quorum_threshold, OLD.approval_threshold, OLD.total_voting_power, OLD.activated_at,
         OLD.closed_at, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.proposer_id, NEW.title, NEW.description, NEW.type, NEW.status, NEW.metadata, NEW.voting_start,
         NEW.voting_end, NEW.quorum_threshold, NEW.approval_threshold, NEW.total_voting_power, NEW.activated_at,
         NEW.closed_at, NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('governance.proposals', 'id');
CREATE OR REPLACE TRIGGER audit_enter AFTER INSERT OR DELETE ON hosting.hosting_sites
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('hosting.hosting_sites', 'id');
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON hosting.hosting_sites
    FOR EACH ROW WHEN ((OLD.id, OLD.name, OLD.location, OLD.capacity_mw, OLD.created_at)
        IS DISTINCT FROM (NEW.id, NEW.name, NEW.location, NEW.capacity_mw, NEW.created_at))
    EXECUTE FUNCTION indexer.audit_row('hosting.hosting_sites', 'id');

DO $$
DECLARE
    audited record;
BEGIN
    FOR audited IN
        SELECT * FROM (VALUES
            ('public.users', 'id'), ('public.meter_registry', 'id'), ('public.erc_certificates', 'id'),
            ('public.erc_certificate_transfers', 'id'), ('public.generation_claims', 'id'),
            ('indexer.settings', 'key'), ('indexer.market_rules', 'id'), ('indexer.fee_schedules', 'effective_from'),
            ('blockchain.smart_contracts', 'id'), ('blockchain.registered_producers', 'id'),
            ('blockchain.registered_consumers', 'id'), ('grid.locations', 'id'), ('grid.carbon_credits', 'id'),
            ('grid.energy_storage', 'id'), ('grid.storage_operations', 'id'),
            ('governance.votes', 'id'), ('governance.comments', 'id'),
            ('governance.voting_power_snapshots', 'proposal_id,user_id'),
            ('investment.user_profiles', 'user_id'), ('investment.assets', 'id'), ('investment.asset_documents', 'id'),
            ('investment.investments', 'id'), ('investment.revenue_distributions', 'id'),
            ('investment.revenue_payouts', 'distribution_id,user_id'),
            ('hosting.user_access', 'id'), ('hosting.miner_models', 'id'), ('hosting.hosting_miners', 'id'),
            ('hosting.curtailment_plans', 'id'), ('hosting.curtailment_plan_miners', 'id'),
            ('crm.crm_leads', 'id'), ('crm.crm_deals', 'id'), ('crm.crm_invoices', 'id'), ('crm.crm_activities', 'id'),
            ('community.profiles', 'id'), ('community.wallets', 'id'), ('community.tokens', 'id'),
            ('community.user_tokens', 'id'), ('community.transactions', 'id'), ('community.settings', 'id')
        ) AS list (resource, key_column)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER audit_change AFTER INSERT OR UPDATE OR DELETE ON %s '
                       'FOR EACH ROW EXECUTE FUNCTION indexer.audit_row(%L, %L)',
                       audited.resource, audited.resource, audited.key_column);
    END LOOP;
    -- Records of what happened: new ones are no change, but none is ever changed or taken away unseen.
    FOR audited IN
        SELECT * FROM (VALUES
            ('grid.energy_production', 'id'), ('grid.energy_consumption', 'id'),
            ('blockchain.contract_executions', 'id'), ('analytics.market_analytics', 'id'),
            ('analytics.technical_indicators', 'id')
        ) AS list (resource, key_column)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER audit_change AFTER UPDATE OR DELETE ON %s '
                       'FOR EACH ROW EXECUTE FUNCTION indexer.audit_row(%L, %L)',
                       audited.resource, audited.resource, audited.key_column);
    END LOOP;
    FOR audited IN
        SELECT DISTINCT t.tgrelid::regclass AS resource FROM pg_trigger AS t
         WHERE t.tgname LIKE 'audit\_%' AND t.tgparentid = 0 AND t.tgfoid IN (
               'indexer.audit_row'::regproc, 'indexer.audit_updates'::regproc, 'indexer.audit_inserts'::regproc)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER audit_truncate AFTER TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate()', audited.resource);
    END LOOP;
END
$$;

CREATE OR REPLACE VIEW community.audit_logs AS
SELECT id, user_id, action, resource_type, resource_id, old_values, new_values, ip_address, user_agent, created_at
  FROM public.audit_logs;
COMMENT ON VIEW community.audit_logs IS 'public.audit_logs in the columns of the community; nobody writes to it.';
