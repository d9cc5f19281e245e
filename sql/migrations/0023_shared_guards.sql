-- Why: a rule that many tables share: a state that ends stays ended.
-- Rollback (manual): DROP FUNCTION indexer.refuse_leaving_state();

CREATE OR REPLACE FUNCTION indexer.refuse_leaving_state() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    before_row CONSTANT jsonb := to_jsonb(OLD);
    after_row CONSTANT jsonb := to_jsonb(NEW);
BEGIN
    RAISE EXCEPTION '%.%: row % is % and stays so; it cannot become %', TG_TABLE_SCHEMA, TG_TABLE_NAME,
        before_row ->> TG_ARGV[1], before_row ->> TG_ARGV[0], after_row ->> TG_ARGV[0]
        USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
              COLUMN = TG_ARGV[0], CONSTRAINT = TG_NAME, HINT = 'What has ended stays ended; write a new row.';
END
$$;
COMMENT ON FUNCTION indexer.refuse_leaving_state() IS
    'Row trigger with two arguments, the state column and the column that names the row; WHEN says which states are final.';
