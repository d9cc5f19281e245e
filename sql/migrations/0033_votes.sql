-- Why: one vote per member and proposal, only while voting is open; the tallies always equal a recount.
-- Rollback (manual): DROP TABLE governance.votes; DROP FUNCTION indexer.votes_tally(), indexer.votes_refuse_truncate(),
--   indexer.votes_keep_voter(), indexer.votes_require_open(uuid[]), indexer.votes_take_power();

CREATE TABLE IF NOT EXISTS governance.votes (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    proposal_id uuid NOT NULL REFERENCES governance.proposals (id) ON DELETE RESTRICT,
    voter_id uuid NOT NULL REFERENCES public.users (id) ON DELETE RESTRICT,
    vote_type varchar(10) NOT NULL,
    voting_power numeric(38,18) NOT NULL,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT votes_pkey PRIMARY KEY (proposal_id, id),
    CONSTRAINT votes_proposal_id_voter_id_key UNIQUE (proposal_id, voter_id),
    CONSTRAINT votes_vote_type_check CHECK (vote_type IN ('yes', 'no', 'abstain')),
    CONSTRAINT votes_voting_power_check CHECK (voting_power >= 0 AND voting_power <> 'NaN')
) PARTITION BY HASH (proposal_id);
COMMENT ON TABLE governance.votes IS
    'Two documents draw it. Deviation: of the shorter one, voter_id stands for voter, vote_type (yes, no, abstain) for '
    'choice (for, against, abstain); without signature, since votes are rows of members, not of wallets.';
COMMENT ON COLUMN governance.votes.voting_power IS
    'Power of the voter in the snapshots of the proposal; left out, it is taken from there. Without any snapshot: as '
    'given, else 0. Without a default, so that "left out" shows.';

CREATE TABLE IF NOT EXISTS governance.votes_h0 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE IF NOT EXISTS governance.votes_h1 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE IF NOT EXISTS governance.votes_h2 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE IF NOT EXISTS governance.votes_h3 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE IF NOT EXISTS governance.votes_h4 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE IF NOT EXISTS governance.votes_h5 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE IF NOT EXISTS governance.votes_h6 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE IF NOT EXISTS governance.votes_h7 PARTITION OF governance.votes FOR VALUES WITH (MODULUS 8, REMAINDER 7);

CREATE INDEX IF NOT EXISTS votes_voter_id_idx ON governance.votes (voter_id, created_at DESC);
CREATE INDEX IF NOT EXISTS votes_created_at_idx ON governance.votes (created_at);

-- The proposals are locked in id order before they are judged: nobody can close one between the check and the count.
CREATE OR REPLACE FUNCTION indexer.votes_require_open(proposals uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    shut record;
BEGIN
    PERFORM FROM governance.proposals AS p WHERE p.id = ANY (proposals) ORDER BY p.id FOR NO KEY UPDATE;
    SELECT p.id, p.status, p.voting_start, p.voting_end INTO shut
      FROM governance.proposals AS p
     WHERE p.id = ANY (proposals)
       -- A transaction that began before the end does not stop the clock: who has waited is too late.
       AND NOT (p.status = 'active' AND p.voting_start <= indexer.market_now()
                AND indexer.market_now() + (clock_timestamp() - now()) < p.voting_end)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'votes: voting on proposal % is not open: it is %, and voting is from % to %',
            shut.id, shut.status, shut.voting_start, shut.voting_end
            USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes',
                  CONSTRAINT = 'votes_voting_open', HINT = 'Votes count only while voting is open.';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION indexer.votes_take_power() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.voting_power := coalesce(
        (SELECT s.voting_power FROM governance.voting_power_snapshots AS s
          WHERE s.proposal_id = NEW.proposal_id AND s.user_id = NEW.voter_id), 0);
    RETURN NEW;
END
$$;

-- Differences, not a recount: one more vote must not cost a walk over all earlier ones. With the owner's rights,
-- because who votes may not write tallies.
CREATE OR REPLACE FUNCTION indexer.votes_tally() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    added CONSTANT text := 'SELECT proposal_id, vote_type, voting_power, 1 AS heads FROM new_rows';
    removed CONSTANT text :=
        'SELECT proposal_id, vote_type, -voting_power AS voting_power, -1 AS heads FROM old_rows';
    changes CONSTANT text := CASE TG_OP WHEN 'INSERT' THEN added
                                        WHEN 'DELETE' THEN removed
                                        ELSE added || ' UNION ALL ' || removed END;
    touched uuid[];
    wrong record;
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT proposal_id) FROM (%s) AS c', changes) INTO touched;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM indexer.votes_require_open(touched);
    IF TG_OP <> 'DELETE' THEN
        -- Only now, with the proposals locked, can no snapshot come in between.
        SELECT n.voter_id, n.proposal_id, n.voting_power AS given, s.voting_power AS snapshotted INTO wrong
          FROM new_rows AS n
          LEFT JOIN governance.voting_power_snapshots AS s ON s.proposal_id = n.proposal_id AND s.user_id = n.voter_id
         WHERE s.voting_power IS DISTINCT FROM n.voting_power
           AND EXISTS (SELECT FROM governance.voting_power_snapshots AS a WHERE a.proposal_id = n.proposal_id)
         LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'votes: the vote of % on proposal % carries %, but the snapshot gives %', wrong.voter_id,
                wrong.proposal_id, trim_scale(wrong.given), coalesce(trim_scale(wrong.snapshotted)::text, 'none')
                USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes', COLUMN = 'voting_power',
                      CONSTRAINT = 'votes_power_of_snapshot',
                      HINT = 'Leave voting_power out; only who has power at the start of voting votes.';
        END IF;
    END IF;
    EXECUTE format(
        'UPDATE governance.proposals AS p
            SET total_votes = p.total_votes + d.heads,
                yes_votes = p.yes_votes + d.yes_heads, no_votes = p.no_votes + d.no_heads,
                abstain_votes = p.abstain_votes + d.abstain_heads,
                yes_power = p.yes_power + d.yes_power, no_power = p.no_power + d.no_power,
                abstain_power = p.abstain_power + d.abstain_power
           FROM (SELECT proposal_id, sum(heads)::integer AS heads,
                        coalesce(sum(heads) FILTER (WHERE vote_type = ''yes''), 0)::integer AS yes_heads,
                        coalesce(sum(heads) FILTER (WHERE vote_type = ''no''), 0)::integer AS no_heads,
                        coalesce(sum(heads) FILTER (WHERE vote_type = ''abstain''), 0)::integer AS abstain_heads,
                        coalesce(sum(voting_power) FILTER (WHERE vote_type = ''yes''), 0) AS yes_power,
                        coalesce(sum(voting_power) FILTER (WHERE vote_type = ''no''), 0) AS no_power,
                        coalesce(sum(voting_power) FILTER (WHERE vote_type = ''abstain''), 0) AS abstain_power
                   FROM (%s) AS c GROUP BY proposal_id) AS d
          WHERE p.id = d.proposal_id', changes);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION indexer.votes_keep_voter() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'votes: vote % stays with its voter % and its proposal %', OLD.id, OLD.voter_id, OLD.proposal_id
        USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes', CONSTRAINT = TG_NAME,
              HINT = 'Delete it and vote anew, while voting is open.';
END
$$;

CREATE OR REPLACE FUNCTION indexer.votes_refuse_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'votes: TRUNCATE would leave the tallies without their votes'
        USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'votes', CONSTRAINT = TG_NAME,
              HINT = 'DELETE counts what it removes.';
END
$$;

CREATE OR REPLACE TRIGGER votes_keep_voter BEFORE UPDATE OF id, proposal_id, voter_id ON governance.votes
    FOR EACH ROW WHEN ((OLD.id, OLD.proposal_id, OLD.voter_id) IS DISTINCT FROM (NEW.id, NEW.proposal_id, NEW.voter_id))
    EXECUTE FUNCTION indexer.votes_keep_voter();
CREATE OR REPLACE TRIGGER votes_take_power BEFORE INSERT ON governance.votes
    FOR EACH ROW WHEN (NEW.voting_power IS NULL) EXECUTE FUNCTION indexer.votes_take_power();
CREATE OR REPLACE TRIGGER votes_touch BEFORE UPDATE ON governance.votes
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();
CREATE OR REPLACE TRIGGER votes_tally_insert AFTER INSERT ON governance.votes
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_tally();
CREATE OR REPLACE TRIGGER votes_tally_update AFTER UPDATE ON governance.votes
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_tally();
CREATE OR REPLACE TRIGGER votes_tally_delete AFTER DELETE ON governance.votes
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_tally();
CREATE OR REPLACE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate();
DO $$
BEGIN
    FOR n IN 0..7 LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER votes_no_truncate BEFORE TRUNCATE ON governance.votes_h%s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION indexer.votes_refuse_truncate()', n);
    END LOOP;
END
$$;
