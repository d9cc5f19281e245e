-- Why: investors' profiles and the renewable assets in which they hold shares.
-- Rollback (manual): DROP TABLE investment.asset_documents, investment.assets, investment.user_profiles;
--   DROP FUNCTION investment.ll_to_earth(numeric, numeric);

CREATE TABLE IF NOT EXISTS investment.user_profiles (
    user_id uuid PRIMARY KEY REFERENCES public.users (id) ON DELETE CASCADE,
    full_name varchar(255),
    country_code char(2),
    phone varchar(20),
    document_type varchar(20),
    document_number varchar(50),
    verification_date timestamptz,
    CONSTRAINT user_profiles_country_code_check CHECK (country_code ~ '^[A-Z]{2}$')
);

CREATE TABLE IF NOT EXISTS investment.assets (
    id uuid PRIMARY KEY DEFAULT public.uuid_generate_v4(),
    token_id bigint NOT NULL,
    name varchar(255) NOT NULL,
    location_lat numeric(10,8),
    location_lon numeric(11,8),
    capacity_kw numeric(10,2),
    asset_type varchar(50),
    status varchar(20) DEFAULT 'pending',
    created_at timestamptz DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT assets_token_id_key UNIQUE (token_id),
    CONSTRAINT assets_location_lat_check CHECK (location_lat BETWEEN -90 AND 90),
    CONSTRAINT assets_location_lon_check CHECK (location_lon BETWEEN -180 AND 180),
    CONSTRAINT assets_capacity_kw_check CHECK (capacity_kw > 0 AND capacity_kw <> 'NaN'),
    CONSTRAINT assets_status_check CHECK (status IN ('pending', 'active', 'suspended', 'retired'))
);

-- The extension's own function calls others by bare name, which a restore with an empty search_path cannot resolve;
-- one with a path of its own survives dump and restore.
CREATE OR REPLACE FUNCTION investment.ll_to_earth(lat numeric, lon numeric) RETURNS public.earth
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp
AS $$ SELECT public.ll_to_earth(lat::double precision, lon::double precision) $$;

CREATE INDEX IF NOT EXISTS idx_assets_location ON investment.assets
    USING gist (investment.ll_to_earth(location_lat, location_lon));
CREATE INDEX IF NOT EXISTS idx_assets_status ON investment.assets (status);

CREATE TABLE IF NOT EXISTS investment.asset_documents (
    id uuid PRIMARY KEY DEFAULT public.uuid_generate_v4(),
    asset_id uuid REFERENCES investment.assets (id) ON DELETE RESTRICT,
    document_type varchar(50),
    ipfs_hash varchar(64),
    uploaded_at timestamptz DEFAULT CURRENT_TIMESTAMP,
    -- CIDv0 is 46 base58 characters; CIDv1 begins with the letter of its base: all that fit are taken.
    CONSTRAINT asset_documents_ipfs_hash_check CHECK (ipfs_hash ~ (
        '^(Qm[1-9A-HJ-NP-Za-km-z]{44}|z[1-9A-HJ-NP-Za-km-z]{45,63}|b[a-z2-7]{50,63}|B[A-Z2-7]{50,63}|k[0-9a-z]{45,63}'
        '|K[0-9A-Z]{45,63}|m[A-Za-z0-9+/]{45,63}|u[A-Za-z0-9_-]{45,63})$'))
);
COMMENT ON CONSTRAINT user_profiles_user_id_fkey ON investment.user_profiles IS
    'Deviation: CASCADE; a profile is the user''s own and goes along.';
COMMENT ON CONSTRAINT asset_documents_asset_id_fkey ON investment.asset_documents IS
    'Deviation: RESTRICT, which refuses at once what NO ACTION refuses at the end of the statement.';
CREATE INDEX IF NOT EXISTS asset_documents_asset_id_idx ON investment.asset_documents (asset_id);
