-- Why: what members are told and what they pay, by month; and the settings of the community.
-- Rollback (manual): DROP TABLE community.settings, community.transactions, community.notifications;
--   DELETE FROM indexer.partition_policies WHERE table_name LIKE 'community.%';

CREATE TABLE IF NOT EXISTS community.notifications (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    type varchar(50) NOT NULL,
    title varchar(255) NOT NULL,
    message text NOT NULL DEFAULT '',
    data jsonb NOT NULL DEFAULT '{}',
    is_read boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notifications_pkey PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX IF NOT EXISTS notifications_user_id_is_read_idx ON community.notifications (user_id, is_read);
CREATE INDEX IF NOT EXISTS notifications_is_read_idx ON community.notifications (is_read);
CREATE INDEX IF NOT EXISTS notifications_created_at_idx ON community.notifications (created_at);
CREATE INDEX IF NOT EXISTS notifications_data_idx ON community.notifications USING gin (data jsonb_path_ops);
CREATE OR REPLACE TRIGGER notifications_touch BEFORE UPDATE ON community.notifications
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

CREATE TABLE IF NOT EXISTS community.transactions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE RESTRICT,
    type varchar(20) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    amount numeric(38,18) NOT NULL,
    currency varchar(20) NOT NULL,
    description text,
    metadata jsonb NOT NULL DEFAULT '{}',
    transaction_hash varchar(88),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT transactions_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT transactions_type_check CHECK (type IN ('deposit', 'withdrawal', 'transfer', 'vote')),
    CONSTRAINT transactions_status_check CHECK (status IN ('pending', 'confirmed', 'failed')),
    -- A vote may move nothing.
    CONSTRAINT transactions_amount_check CHECK (amount >= 0 AND amount <> 'NaN')
) PARTITION BY RANGE (created_at);
CREATE INDEX IF NOT EXISTS transactions_user_id_idx ON community.transactions (user_id, created_at DESC);
CREATE INDEX IF NOT EXISTS transactions_type_idx ON community.transactions (type);
CREATE INDEX IF NOT EXISTS transactions_status_idx ON community.transactions (status);
CREATE INDEX IF NOT EXISTS transactions_created_at_idx ON community.transactions (created_at);
CREATE INDEX IF NOT EXISTS transactions_hash_idx ON community.transactions (transaction_hash);
CREATE INDEX IF NOT EXISTS transactions_metadata_idx ON community.transactions USING gin (metadata jsonb_path_ops);
CREATE OR REPLACE TRIGGER transactions_touch BEFORE UPDATE ON community.transactions
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
CREATE OR REPLACE TRIGGER transactions_status_final BEFORE UPDATE OF status ON community.transactions
    FOR EACH ROW WHEN (OLD.status IN ('confirmed', 'failed') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION indexer.refuse_leaving_state('status', 'id');

CREATE TABLE IF NOT EXISTS community.settings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key varchar(100) NOT NULL,
    value text,
    type varchar(20) NOT NULL DEFAULT 'string',
    description text,
    is_public boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT settings_key_key UNIQUE (key)
);
CREATE INDEX IF NOT EXISTS settings_is_public_idx ON community.settings (is_public);
CREATE INDEX IF NOT EXISTS settings_created_at_idx ON community.settings (created_at);
CREATE OR REPLACE TRIGGER settings_touch BEFORE UPDATE ON community.settings
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

INSERT INTO indexer.partition_policies (table_name, kind, ahead_months) VALUES
    ('community.notifications', 'month', 12),
    ('community.transactions', 'month', 12)
ON CONFLICT (table_name) DO NOTHING;
