-- Why: old partitions leave whole; what points into them lets go by its own delete rule, and the drop leaves a record.
-- Rollback (manual): DROP FUNCTION indexer.drop_partition(text); DROP TABLE indexer.dropped_partitions;

CREATE TABLE IF NOT EXISTS indexer.dropped_partitions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    partition_name text NOT NULL,
    bounds text NOT NULL,
    row_count bigint NOT NULL,
    dropped_by text NOT NULL DEFAULT session_user,
    dropped_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dropped_partitions_row_count_check CHECK (row_count >= 0)
);
COMMENT ON TABLE indexer.dropped_partitions IS
    'Partitions that retention has dropped: what is missing from a table without a row here was not taken by it.';
CREATE INDEX IF NOT EXISTS dropped_partitions_partition_name_idx ON indexer.dropped_partitions (partition_name);
CREATE OR REPLACE TRIGGER dropped_partitions_append_only BEFORE UPDATE OR DELETE ON indexer.dropped_partitions
    FOR EACH ROW EXECUTE FUNCTION indexer.refuse_change('id');
CREATE OR REPLACE TRIGGER audit_change AFTER INSERT OR UPDATE OR DELETE ON indexer.dropped_partitions
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('indexer.dropped_partitions', 'id');
CREATE OR REPLACE TRIGGER audit_truncate AFTER TRUNCATE ON indexer.dropped_partitions
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();
-- A new policy comes with the migration of its table; a changed one decides what retention may take.
CREATE OR REPLACE TRIGGER audit_change AFTER UPDATE OR DELETE ON indexer.partition_policies
    FOR EACH ROW EXECUTE FUNCTION indexer.audit_row('indexer.partition_policies', 'table_name');
CREATE OR REPLACE TRIGGER audit_truncate AFTER TRUNCATE ON indexer.partition_policies
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.audit_truncate();
CREATE OR REPLACE TRIGGER dropped_partitions_no_truncate BEFORE TRUNCATE ON indexer.dropped_partitions
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.refuse_change();

-- Postgres drops no partition that a foreign key points to, and detaches it only when no row points into it any more;
-- a row that its key must not let go (NO ACTION, RESTRICT) therefore keeps the partition.
CREATE OR REPLACE FUNCTION indexer.drop_partition(partition_name text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dropped CONSTANT regclass := to_regclass(partition_name);
    parent regclass;
    qualified text;
    bounds text;
    pointing record;
    dropped_rows bigint;
    unsealed bigint;
BEGIN
    SELECT i.inhparent, format('%I.%I', n.nspname, c.relname), pg_get_expr(c.relpartbound, c.oid)
      INTO parent, qualified, bounds
      FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN indexer.partition_policies AS p ON to_regclass(p.table_name) = i.inhparent
     WHERE i.inhrelid = dropped;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'drop_partition: % is no partition of a table with a policy', partition_name
            USING ERRCODE = 'undefined_object', SCHEMA = 'indexer', TABLE = 'partition_policies',
                  CONSTRAINT = 'partition_policies_known', HINT = 'Give schema and name of the partition.';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('gridtokenx partition ' || qualified, 0));
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', dropped);
    EXECUTE format('SELECT count(*) FROM %s', dropped) INTO dropped_rows;
    IF parent = 'public.audit_logs'::regclass THEN
        EXECUTE format('SELECT count(*) FROM %s AS a WHERE a.transaction_id >= coalesce((
                            SELECT s.to_transaction FROM indexer.audit_seals AS s WHERE s.server_id = a.server_id
                             ORDER BY s.from_transaction DESC LIMIT 1), ''0'')', dropped) INTO unsealed;
        IF unsealed > 0 THEN
            RAISE EXCEPTION 'drop_partition: % rows of % are not sealed yet', unsealed, qualified
                USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = 'public', TABLE = 'audit_logs',
                      CONSTRAINT = 'audit_logs_sealed_first', HINT = 'SELECT indexer.seal_audit_logs(), then drop it.';
        END IF;
    END IF;
    FOR pointing IN
        SELECT k.conrelid::regclass AS owner, k.confdeltype AS rule,
               (SELECT string_agg(format('o.%I = d.%I', o.attname, d.attname), ' AND ')
                  FROM unnest(k.conkey, k.confkey) AS pair (own, other)
                  JOIN pg_attribute AS o ON o.attrelid = k.conrelid AND o.attnum = pair.own
                  JOIN pg_attribute AS d ON d.attrelid = k.confrelid AND d.attnum = pair.other) AS joined,
               (SELECT string_agg(format('%I = NULL', a.attname), ', ')
                  FROM pg_attribute AS a
                 WHERE a.attrelid = k.conrelid AND a.attnum = ANY (coalesce(k.confdelsetcols, k.conkey))) AS nothing
          FROM pg_constraint AS k
         WHERE k.contype = 'f' AND k.confrelid = parent AND k.conparentid = 0 AND k.conrelid <> parent
    LOOP
        IF pointing.rule = 'n' THEN
            EXECUTE format('UPDATE %s AS o SET %s FROM %s AS d WHERE %s',
                           pointing.owner, pointing.nothing, dropped, pointing.joined);
        ELSIF pointing.rule = 'c' THEN
            EXECUTE format('DELETE FROM %s AS o USING %s AS d WHERE %s', pointing.owner, dropped, pointing.joined);
        END IF;
    END LOOP;
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, dropped);
    EXECUTE format('DROP TABLE %s', dropped);
    INSERT INTO indexer.dropped_partitions (table_name, partition_name, bounds, row_count)
    VALUES (parent::text, qualified, bounds, dropped_rows);
    RETURN dropped_rows;
END
$$;
COMMENT ON FUNCTION indexer.drop_partition(text) IS
    'Detaches and drops one partition; for the owner. What points to its rows with ON DELETE SET NULL or CASCADE '
    'follows its rule; anything else that points to them keeps the partition. Returns the number of its rows.';
REVOKE EXECUTE ON FUNCTION indexer.drop_partition(text) FROM PUBLIC;
