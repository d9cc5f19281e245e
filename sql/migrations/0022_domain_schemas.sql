-- Why: one schema per domain, since several documents give the same name to different tables.
-- Rollback (manual): DROP SCHEMA grid, monitoring, governance, investment, hosting, crm, analytics, community CASCADE;
--   DROP EXTENSION IF EXISTS earthdistance, cube, pg_trgm;

CREATE SCHEMA IF NOT EXISTS grid;
CREATE SCHEMA IF NOT EXISTS monitoring;
CREATE SCHEMA IF NOT EXISTS governance;
CREATE SCHEMA IF NOT EXISTS investment;
CREATE SCHEMA IF NOT EXISTS hosting;
CREATE SCHEMA IF NOT EXISTS crm;
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE SCHEMA IF NOT EXISTS community;

COMMENT ON SCHEMA grid IS 'Production, consumption, storage and carbon credits of the energy grid.';
COMMENT ON SCHEMA monitoring IS 'Metrics of the system, of transactions and of the grid over time.';
COMMENT ON SCHEMA governance IS 'Proposals, votes and their discussion.';
COMMENT ON SCHEMA investment IS 'Shares in renewable assets, their production and their revenue.';
COMMENT ON SCHEMA hosting IS 'Hosted miners, their telemetry and the curtailment of their power.';
COMMENT ON SCHEMA crm IS 'Leads, deals, invoices.';
COMMENT ON SCHEMA analytics IS 'The bitcoin market and its indicators.';
COMMENT ON SCHEMA community IS 'Members, their wallets, tokens and messages.';

CREATE EXTENSION IF NOT EXISTS cube WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS earthdistance WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- Nothing depends on it; it needs a library that only the server's own configuration can load, and its parameters tell.
DO $$
BEGIN
    IF current_setting('pg_stat_statements.max', true) IS NOT NULL THEN
        CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;
    END IF;
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
    RAISE NOTICE 'pg_stat_statements cannot be installed: %', SQLERRM;
END
$$;
