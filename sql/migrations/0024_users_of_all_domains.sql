-- Why: one identity for all documents: the columns that only some of them draw, and the users view of each domain.
-- Rollback (manual): DROP VIEW investment.users, hosting.users, community.users; DROP INDEX public.idx_users_role,
--   public.idx_users_created_at; ALTER TABLE public.users DROP COLUMN name, DROP COLUMN hosting_role,
--   DROP COLUMN two_factor_secret, DROP COLUMN last_login;

ALTER TABLE public.users
    ADD COLUMN IF NOT EXISTS name text,
    ADD COLUMN IF NOT EXISTS hosting_role varchar(20) NOT NULL DEFAULT 'guest'
        CONSTRAINT users_hosting_role_check CHECK (hosting_role IN ('owner', 'admin', 'user', 'client', 'guest')),
    ADD COLUMN IF NOT EXISTS two_factor_secret text,
    ADD COLUMN IF NOT EXISTS last_login timestamptz;
COMMENT ON COLUMN public.users.role IS 'Role in the community; hosting has roles of its own in hosting_role.';

CREATE INDEX IF NOT EXISTS idx_users_role ON public.users (role);
CREATE INDEX IF NOT EXISTS idx_users_created_at ON public.users (created_at);

CREATE OR REPLACE VIEW investment.users AS
SELECT id, email, wallet_address, kyc_status, created_at, updated_at FROM public.users;
ALTER VIEW investment.users ALTER COLUMN id SET DEFAULT public.uuid_generate_v4();
COMMENT ON VIEW investment.users IS 'public.users as investors see themselves; writable.';

CREATE OR REPLACE VIEW hosting.users AS
SELECT id, email, password_hash, hosting_role AS role, name, status, created_at, updated_at FROM public.users;
COMMENT ON VIEW hosting.users IS 'public.users with the role that hosting gives them; writable.';

CREATE OR REPLACE VIEW community.users AS
SELECT id, email, password_hash, first_name, last_name, username, role, is_active, email_verified, two_factor_secret,
       created_at, updated_at, last_login
  FROM public.users;
COMMENT ON VIEW community.users IS 'public.users as members of the community; writable.';
