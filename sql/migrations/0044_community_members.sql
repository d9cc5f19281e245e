-- Why: what members show of themselves, and their wallets.
-- Rollback (manual): DROP TABLE community.wallets, community.profiles;

CREATE TABLE IF NOT EXISTS community.profiles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    bio text,
    avatar_url text,
    website text,
    twitter text,
    discord text,
    telegram text,
    preferences jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT profiles_user_id_key UNIQUE (user_id),
    CONSTRAINT profiles_preferences_check CHECK (jsonb_typeof(preferences) = 'object')
);
CREATE INDEX IF NOT EXISTS profiles_created_at_idx ON community.profiles (created_at);
CREATE INDEX IF NOT EXISTS profiles_preferences_idx ON community.profiles USING gin (preferences jsonb_path_ops);
CREATE OR REPLACE TRIGGER profiles_touch BEFORE UPDATE ON community.profiles
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

CREATE TABLE IF NOT EXISTS community.wallets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    address varchar(128) NOT NULL,
    network varchar(50) NOT NULL DEFAULT 'solana',
    type varchar(50) NOT NULL DEFAULT 'external',
    is_primary boolean NOT NULL DEFAULT false,
    is_verified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT wallets_address_key UNIQUE (address),
    CONSTRAINT wallets_address_check
        CHECK (address ~ CASE WHEN network = 'solana' THEN '^[1-9A-HJ-NP-Za-km-z]{32,44}$' ELSE '^\S+$' END)
);
CREATE INDEX IF NOT EXISTS wallets_user_id_idx ON community.wallets (user_id);
CREATE INDEX IF NOT EXISTS wallets_created_at_idx ON community.wallets (created_at);
CREATE UNIQUE INDEX IF NOT EXISTS wallets_one_primary_idx ON community.wallets (user_id) WHERE is_primary;
CREATE OR REPLACE TRIGGER wallets_touch BEFORE UPDATE ON community.wallets
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
