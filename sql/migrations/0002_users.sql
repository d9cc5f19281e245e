-- Why: the one identity of a person; every other schema shows it through a view.
-- Rollback (manual): DROP TABLE public.users; DROP FUNCTION indexer.users_align_status();

CREATE TABLE IF NOT EXISTS public.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email varchar(255) NOT NULL,
    username varchar(100),
    password_hash text,
    wallet_address varchar(44),
    role varchar(20) NOT NULL DEFAULT 'user',
    user_type varchar(20),
    first_name varchar(100),
    last_name varchar(100),
    phone varchar(50),
    email_verified boolean NOT NULL DEFAULT false,
    email_verified_at timestamptz,
    blockchain_registered boolean NOT NULL DEFAULT false,
    kyc_status varchar(20) NOT NULL DEFAULT 'pending',
    is_active boolean NOT NULL DEFAULT true,
    status varchar(20) NOT NULL DEFAULT 'ACTIVE',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- A unique constraint brings its index; giving it the name that the schema asks for saves a second one.
    CONSTRAINT idx_users_email UNIQUE (email),
    CONSTRAINT idx_users_wallet UNIQUE (wallet_address),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_role_check CHECK (role IN ('user', 'moderator', 'admin')),
    CONSTRAINT users_user_type_check CHECK (user_type IN ('prosumer', 'consumer', 'corporate')),
    CONSTRAINT users_kyc_status_check CHECK (kyc_status IN ('pending', 'verified', 'rejected', 'expired')),
    CONSTRAINT users_status_check CHECK (status IN ('ACTIVE', 'SUSPENDED', 'DELETED')),
    CONSTRAINT users_status_is_active_check CHECK (is_active = (status = 'ACTIVE')),
    CONSTRAINT users_wallet_address_check CHECK (wallet_address ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'),
    CONSTRAINT users_password_hash_check CHECK (length(password_hash) >= 60)
);
COMMENT ON COLUMN public.users.wallet_address IS
    'Base58 Solana address, the only chain there is here; an Ethereum address is refused. Deviation: 44 characters, since '
    '42 (seed 002) cannot hold one.';

CREATE INDEX IF NOT EXISTS idx_users_email_verified ON public.users (email_verified);

-- Some writers know only is_active, others only status; whichever the statement changes leads the other.
CREATE OR REPLACE FUNCTION indexer.users_align_status() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT NEW.is_active AND NEW.status = 'ACTIVE' THEN
            NEW.status := 'SUSPENDED';
        ELSIF NEW.status <> 'ACTIVE' THEN
            NEW.is_active := false;
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
        NEW.is_active := NEW.status = 'ACTIVE';
    ELSIF NEW.is_active IS DISTINCT FROM OLD.is_active THEN
        NEW.status := CASE WHEN NEW.is_active THEN 'ACTIVE' ELSE 'SUSPENDED' END;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER users_align_status BEFORE INSERT OR UPDATE OF status, is_active ON public.users
    FOR EACH ROW EXECUTE FUNCTION indexer.users_align_status();
CREATE OR REPLACE TRIGGER users_touch BEFORE UPDATE ON public.users
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
