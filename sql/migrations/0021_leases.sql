-- Why: one worker per role; the term rises with every change of hands, and writes name the term they act under.
-- Rollback (manual): DROP FUNCTION indexer.lease_is_current(text, bigint); DROP TABLE indexer.leases;

CREATE TABLE IF NOT EXISTS indexer.leases (
    name text PRIMARY KEY,
    holder text NOT NULL,
    term bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    acquired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT leases_term_check CHECK (term > 0),
    -- Makes the term part of a key: a change of hands then waits for writers that hold FOR KEY SHARE on the
    -- row, while a renewal, which leaves the key alone, does not.
    CONSTRAINT leases_name_term_key UNIQUE (name, term)
);

CREATE OR REPLACE FUNCTION indexer.lease_is_current(lease_name text, lease_term bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM FROM indexer.leases AS l
      WHERE l.name = lease_name AND l.term = lease_term AND l.expires_at > clock_timestamp()
      FOR KEY SHARE;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION indexer.lease_is_current(text, bigint) IS
    'True while that term holds the lease; when true, the lease cannot change hands until this transaction ends. '
    'In a REPEATABLE READ transaction call it first: a renewal after the snapshot gives 40001.';
