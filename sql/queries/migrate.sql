-- name: create_ledger
-- sqlx's own table, to the letter, so that its tools and our runner share one record.
CREATE TABLE IF NOT EXISTS _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
);

-- name: ledger_exists
-- Status and dry runs must not create anything.
SELECT to_regclass('_sqlx_migrations') IS NOT NULL;

-- name: holds_tables
-- What could be lost; tables of extensions cannot.
SELECT EXISTS (
    SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend AS d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'));

-- name: without_time_limits
-- A migration takes as long as its table is large, and the session is idle while a backup is made.
SELECT set_config('statement_timeout', '0', false), set_config('idle_session_timeout', '0', false);

-- name: read_ledger
-- The applied migrations.
SELECT version, description, installed_on, success, checksum, execution_time
  FROM _sqlx_migrations ORDER BY version;

-- name: record_migration
-- Written in the migration's own transaction: both happen or neither; the time follows after the commit.
INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
VALUES (%s, %s, TRUE, %s, -1);

-- name: record_time
-- Bookkeeping after the commit; a crash before it leaves -1, as with sqlx.
UPDATE _sqlx_migrations SET execution_time = %s WHERE version = %s;

-- name: database_name
-- sqlx derives its lock key from it.
SELECT current_database();

-- name: try_lock
-- Polled, because a session that waits inside pg_advisory_lock holds a snapshot that index builds wait for.
SELECT pg_try_advisory_lock(%s);

-- name: unlock
-- The connection may be a pooler's, so the lock is not left to its end.
SELECT pg_advisory_unlock(%s);
