-- Why: who changed what; append-only, so that it can be evidence.
-- Rollback (manual): DROP TABLE public.audit_logs; DROP FUNCTION indexer.audit_logs_append_only();
--   DELETE FROM indexer.partition_policies WHERE table_name = 'public.audit_logs';

CREATE TABLE IF NOT EXISTS public.audit_logs (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid,
    action varchar(100) NOT NULL,
    resource_type varchar(100),
    resource_id uuid,
    old_values jsonb,
    new_values jsonb,
    ip_address inet,
    user_agent text,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_logs_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT audit_logs_action_check CHECK (action <> '')
) PARTITION BY RANGE (created_at);
COMMENT ON COLUMN public.audit_logs.user_id IS
    'The acting user. Deviation: no foreign key, whose ON DELETE would change a row that must not change.';
COMMENT ON COLUMN public.audit_logs.transaction_id IS 'Orders rows by transaction, so that a range can be sealed.';

CREATE INDEX IF NOT EXISTS audit_logs_user_id_idx ON public.audit_logs (user_id, created_at);
CREATE INDEX IF NOT EXISTS audit_logs_action_idx ON public.audit_logs (action, created_at);
CREATE INDEX IF NOT EXISTS audit_logs_resource_idx ON public.audit_logs (resource_type, resource_id);
CREATE INDEX IF NOT EXISTS audit_logs_created_at_idx ON public.audit_logs (created_at);

CREATE OR REPLACE FUNCTION indexer.audit_logs_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_logs: % of % is refused; rows are only ever added', TG_OP,
        coalesce('row ' || (to_jsonb(OLD) ->> 'id'), TG_TABLE_NAME)
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'audit_logs', CONSTRAINT = TG_NAME,
              HINT = 'What is wrong in the trail is put right by a row of its own.';
END
$$;

CREATE OR REPLACE TRIGGER audit_logs_append_only BEFORE UPDATE OR DELETE ON public.audit_logs
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_logs_append_only();
CREATE OR REPLACE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON public.audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_logs_append_only();

INSERT INTO indexer.partition_policies (table_name, kind, ahead_months) VALUES ('public.audit_logs', 'month', 12)
    ON CONFLICT DO NOTHING;
