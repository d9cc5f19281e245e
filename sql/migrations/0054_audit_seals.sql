-- Why: the traces are sealed, so that none can vanish or change unseen.
-- Rollback (manual): DROP TABLE indexer.audit_seal_parts, indexer.audit_seals;
--   DROP FUNCTION indexer.seal_audit_logs(), indexer.broken_audit_seals(),
--   indexer.audit_digests(bigint, xid8, xid8), indexer.audit_part_digest(text, uuid[], bytea[]),
--   indexer.audit_seal_value(bigint, bigint, xid8, xid8, bigint, bytea);

CREATE TABLE IF NOT EXISTS indexer.audit_seals (
    seal_number bigint PRIMARY KEY,
    server_id bigint NOT NULL,
    from_transaction xid8 NOT NULL,
    to_transaction xid8 NOT NULL,
    row_count bigint NOT NULL,
    previous_seal bytea NOT NULL,
    seal bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_seals_from_transaction_key UNIQUE (server_id, from_transaction),
    CONSTRAINT audit_seals_range_check CHECK (from_transaction < to_transaction),
    CONSTRAINT audit_seals_length_check CHECK (length(seal) = 32 AND length(previous_seal) = 32)
);
COMMENT ON TABLE indexer.audit_seals IS
    'Each seal covers the audit rows of the transactions of one server from from_transaction up to, not including, '
    'to_transaction, and the seal before it: no row can change or vanish without breaking it and all later seals. '
    'Numbers have no gaps. Who keeps the newest elsewhere (it is in the log) also sees when seals are cut off at the end.';
CREATE OR REPLACE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON indexer.audit_seals
    FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('seal_number');
CREATE OR REPLACE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON indexer.audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Without a key to audit_seals: the parts come first, since the seal is computed from them.
CREATE TABLE IF NOT EXISTS indexer.audit_seal_parts (
    seal_number bigint NOT NULL,
    part integer NOT NULL,
    partition_name text NOT NULL,
    row_ids uuid[] NOT NULL,
    row_digests bytea[] NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (seal_number, part),
    CONSTRAINT audit_seal_parts_rows_check CHECK (cardinality(row_ids) = cardinality(row_digests)),
    CONSTRAINT audit_seal_parts_length_check CHECK (length(digest) = 32)
);
COMMENT ON TABLE indexer.audit_seal_parts IS
    'Which rows a seal covers, each with its digest, at most 10,000 of one partition in a part: so that a broken seal '
    'names the row, and still holds when retention has dropped the partition.';
-- Digests do not compress.
ALTER TABLE indexer.audit_seal_parts ALTER COLUMN row_ids SET STORAGE EXTERNAL,
    ALTER COLUMN row_digests SET STORAGE EXTERNAL;
CREATE OR REPLACE TRIGGER audit_seal_parts_append_only BEFORE UPDATE OR DELETE ON indexer.audit_seal_parts
    FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('seal_number', 'part');
CREATE OR REPLACE TRIGGER audit_seal_parts_no_truncate BEFORE TRUNCATE ON indexer.audit_seal_parts
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- The columns are listed: one that is added later must not change what earlier seals were computed from.
CREATE OR REPLACE FUNCTION indexer.audit_digests(server bigint, from_transaction xid8, to_transaction xid8)
RETURNS TABLE (place bigint, partition_name text, row_id uuid, digest bytea)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT row_number() OVER (ORDER BY a.transaction_id, a.id), a.tableoid::regclass::text, a.id,
           sha256(convert_to(jsonb_build_array(
               a.id, a.user_id, a.actor, a.action, a.resource_type, a.resource_id, a.resource_key, a.old_values,
               a.new_values, a.ip_address, a.user_agent, a.transaction_id::text, a.created_at, a.server_id)::text, 'UTF8'))
      FROM public.audit_logs AS a
     WHERE a.server_id = $1 AND a.transaction_id >= $2 AND a.transaction_id < $3
$$;

CREATE OR REPLACE FUNCTION indexer.audit_part_digest(partition_name text, row_ids uuid[], row_digests bytea[])
RETURNS bytea LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(partition_name, 'UTF8') || string_agg(uuid_send(r.id) || r.digest, ''::bytea ORDER BY r.place))
      FROM unnest(row_ids, row_digests) WITH ORDINALITY AS r (id, digest, place)
$$;

CREATE OR REPLACE FUNCTION indexer.audit_seal_value(
    number bigint, server bigint, from_transaction xid8, to_transaction xid8, row_count bigint, previous_seal bytea)
RETURNS bytea LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(previous_seal
                  || convert_to(concat_ws(' ', number, server, from_transaction, to_transaction, row_count), 'UTF8')
                  || coalesce(string_agg(p.digest, ''::bytea ORDER BY p.part), ''::bytea))
      FROM indexer.audit_seal_parts AS p WHERE p.seal_number = number
$$;

-- Rows of a transaction that is still open, or whose commit others do not see yet, wait for the next seal. Rows with the
-- numbers of another server came with a restore: nothing is added to them any more.
CREATE OR REPLACE FUNCTION indexer.seal_audit_logs() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_server CONSTANT bigint := indexer.server_id();
    counter record;
    last_seal indexer.audit_seals;
    start_at xid8;
    horizon xid8;
    sealed_rows bigint;
    number bigint;
    made bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('gridtokenx audit seal', 0));
    FOR counter IN
        WITH RECURSIVE servers (server_id) AS (
            (SELECT a.server_id FROM public.audit_logs AS a ORDER BY a.server_id LIMIT 1)
            UNION ALL
            SELECT (SELECT a.server_id FROM public.audit_logs AS a
                     WHERE a.server_id > s.server_id ORDER BY a.server_id LIMIT 1)
              FROM servers AS s WHERE s.server_id IS NOT NULL)
        SELECT s.server_id FROM servers AS s WHERE s.server_id IS NOT NULL ORDER BY s.server_id = this_server, 1
    LOOP
        SELECT s.to_transaction INTO start_at FROM indexer.audit_seals AS s
          WHERE s.server_id = counter.server_id ORDER BY s.from_transaction DESC LIMIT 1;
        start_at := coalesce(start_at, '0'::xid8);
        IF counter.server_id = this_server THEN
            horizon := pg_snapshot_xmin(pg_current_snapshot());
        ELSE
            SELECT ((a.transaction_id::text::numeric + 1)::text)::xid8 INTO horizon FROM public.audit_logs AS a
              WHERE a.server_id = counter.server_id ORDER BY a.transaction_id DESC LIMIT 1;
        END IF;
        IF horizon < start_at AND counter.server_id = this_server THEN
            RAISE EXCEPTION 'audit_seals: transactions are sealed up to %, but this server has only reached %', start_at, horizon
                USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = 'indexer', TABLE = 'audit_seals',
                      CONSTRAINT = 'audit_seals_counter_ahead',
                      HINT = 'This server is a copy of an older state of the one that sealed: pg_resetwal can raise its counter.';
        END IF;
        CONTINUE WHEN horizon <= start_at;
        SELECT s.* INTO last_seal FROM indexer.audit_seals AS s ORDER BY s.seal_number DESC LIMIT 1;
        number := coalesce(last_seal.seal_number, 0) + 1;
        INSERT INTO indexer.audit_seal_parts (seal_number, part, partition_name, row_ids, row_digests, digest)
        SELECT number, row_number() OVER (ORDER BY p.partition_name, p.chunk), p.partition_name, p.ids, p.digests,
               indexer.audit_part_digest(p.partition_name, p.ids, p.digests)
          FROM (SELECT r.partition_name, r.chunk, array_agg(r.row_id ORDER BY r.place) AS ids,
                       array_agg(r.digest ORDER BY r.place) AS digests
                  FROM (SELECT d.*, (row_number() OVER (PARTITION BY d.partition_name ORDER BY d.place) - 1) / 10000 AS chunk
                          FROM indexer.audit_digests(counter.server_id, start_at, horizon) AS d) AS r
                 GROUP BY r.partition_name, r.chunk) AS p;
        SELECT sum(cardinality(p.row_ids)) INTO sealed_rows
          FROM indexer.audit_seal_parts AS p WHERE p.seal_number = number;
        CONTINUE WHEN sealed_rows IS NULL;
        last_seal.seal := coalesce(last_seal.seal, sha256('gridtokenx audit'));
        INSERT INTO indexer.audit_seals (seal_number, server_id, from_transaction, to_transaction, row_count, previous_seal, seal)
        VALUES (number, counter.server_id, start_at, horizon, sealed_rows, last_seal.seal, indexer.audit_seal_value(
                number, counter.server_id, start_at, horizon, sealed_rows, last_seal.seal))
        RETURNING seal_number INTO made;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION indexer.seal_audit_logs() IS 'Seals what ended since the last seal; returns its number, NULL when there is nothing new.';
REVOKE EXECUTE ON FUNCTION indexer.seal_audit_logs() FROM PUBLIC;

-- Seal by seal, so that no more than the rows of one seal are compared at a time.
CREATE OR REPLACE FUNCTION indexer.broken_audit_seals()
RETURNS TABLE (seal_number bigint, reason text, row_id uuid)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s record;
BEGIN
    FOR s IN
        SELECT a.*, coalesce(lag(a.seal_number) OVER w, 0) + 1 AS expected_number,
               coalesce(lag(a.seal) OVER w, sha256('gridtokenx audit')) AS expected_previous,
               coalesce(lag(a.to_transaction) OVER (PARTITION BY a.server_id ORDER BY a.seal_number), '0') AS expected_from
          FROM indexer.audit_seals AS a WINDOW w AS (ORDER BY a.seal_number) ORDER BY a.seal_number
    LOOP
        seal_number := s.seal_number;
        row_id := NULL;
        reason := CASE
            WHEN s.seal_number <> s.expected_number THEN format('the seal before it, %s, is gone', s.expected_number)
            WHEN s.previous_seal <> s.expected_previous THEN 'does not follow the seal before it'
            WHEN s.from_transaction <> s.expected_from THEN 'does not start where the seal before it ends'
            WHEN EXISTS (SELECT FROM indexer.audit_seal_parts AS p WHERE p.seal_number = s.seal_number
                            AND p.digest <> indexer.audit_part_digest(p.partition_name, p.row_ids, p.row_digests))
                 OR s.seal <> indexer.audit_seal_value(s.seal_number, s.server_id, s.from_transaction, s.to_transaction,
                                                       s.row_count, s.previous_seal)
                THEN 'is not the seal of its own list of rows'
            END;
        IF reason IS NOT NULL THEN
            RETURN NEXT;
        END IF;
        WITH listed AS (
            SELECT p.part, l.place, p.partition_name, l.id, l.digest
              FROM indexer.audit_seal_parts AS p
             CROSS JOIN LATERAL unnest(p.row_ids, p.row_digests) WITH ORDINALITY AS l (id, digest, place)
             WHERE p.seal_number = s.seal_number
               -- What retention took later is no longer there to be compared.
               AND NOT EXISTS (SELECT FROM indexer.dropped_partitions AS d
                                WHERE d.partition_name = p.partition_name AND d.dropped_at >= s.sealed_at))
        SELECT coalesce(l.id, f.row_id),
               format(CASE WHEN l.id IS NULL THEN 'row %s was not there when it was sealed'
                           WHEN f.row_id IS NOT NULL THEN 'row %s is different'
                           WHEN to_regclass(l.partition_name) IS NULL THEN 'row %s is gone with its partition, which nobody dropped'
                           ELSE 'row %s is gone' END, coalesce(l.id, f.row_id))
               || CASE count(*) OVER () WHEN 1 THEN '' ELSE format(', the first of %s', count(*) OVER ()) END
          INTO row_id, reason
          FROM listed AS l FULL JOIN indexer.audit_digests(s.server_id, s.from_transaction, s.to_transaction) AS f
               ON f.row_id = l.id
         WHERE l.id IS NULL OR f.row_id IS NULL OR l.digest <> f.digest
         ORDER BY l.part, l.place, f.place LIMIT 1;
        IF FOUND THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION indexer.broken_audit_seals() IS
    'Computes every seal again and names those that no longer fit, with their first row; none is the good answer.';
