-- Why: proposals of the community; they move only forward along their life cycle, and votes alone move their tallies.
-- Rollback (manual): DROP TABLE governance.voting_power_snapshots, governance.proposals;
--   DROP FUNCTION indexer.proposals_guard(), indexer.proposals_enter(), indexer.voting_power_snapshots_total(),
--   indexer.proposal_outcome(integer, numeric, numeric, numeric, numeric, numeric, numeric);

CREATE TABLE IF NOT EXISTS governance.proposals (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    proposer_id uuid NOT NULL REFERENCES public.users (id) ON DELETE RESTRICT,
    title varchar(255) NOT NULL,
    description text NOT NULL DEFAULT '',
    type varchar(50) NOT NULL DEFAULT 'general',
    status varchar(20) NOT NULL DEFAULT 'draft',
    metadata jsonb NOT NULL DEFAULT '{}',
    voting_start timestamptz,
    voting_end timestamptz,
    quorum_threshold numeric(38,18) NOT NULL DEFAULT 0.4,
    approval_threshold numeric(38,18) NOT NULL DEFAULT 0.5,
    total_voting_power numeric(38,18) NOT NULL DEFAULT 0,
    total_votes integer NOT NULL DEFAULT 0,
    yes_votes integer NOT NULL DEFAULT 0,
    no_votes integer NOT NULL DEFAULT 0,
    abstain_votes integer NOT NULL DEFAULT 0,
    yes_power numeric(38,18) NOT NULL DEFAULT 0,
    no_power numeric(38,18) NOT NULL DEFAULT 0,
    abstain_power numeric(38,18) NOT NULL DEFAULT 0,
    activated_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT proposals_title_check CHECK (title <> ''),
    CONSTRAINT proposals_status_check CHECK (status IN ('draft', 'active', 'passed', 'rejected', 'expired')),
    CONSTRAINT proposals_window_check CHECK (voting_start < voting_end),
    CONSTRAINT proposals_active_window_check
        CHECK (status IN ('draft', 'expired') OR (voting_start IS NOT NULL AND voting_end IS NOT NULL)),
    CONSTRAINT proposals_quorum_threshold_check CHECK (quorum_threshold BETWEEN 0 AND 1),
    CONSTRAINT proposals_approval_threshold_check CHECK (approval_threshold BETWEEN 0 AND 1),
    CONSTRAINT proposals_tally_check CHECK (
        yes_votes >= 0 AND no_votes >= 0 AND abstain_votes >= 0 AND total_votes = yes_votes + no_votes + abstain_votes),
    CONSTRAINT proposals_power_check CHECK (
        yes_power >= 0 AND no_power >= 0 AND abstain_power >= 0 AND total_voting_power >= 0
        AND greatest(yes_power, no_power, abstain_power, total_voting_power) <> 'NaN')
);
COMMENT ON TABLE governance.proposals IS
    'Two documents draw it. Deviation: of the shorter one, proposer_id stands for proposer, type for proposal_type, '
    'voting_end for voting_deadline, the tallies for voting_results; without execution_deadline, since nothing here is '
    'executed.';
COMMENT ON COLUMN governance.proposals.status IS
    'draft, then active; after voting_end passed, rejected or expired, as the votes say. A draft that is given up: expired.';
COMMENT ON COLUMN governance.proposals.quorum_threshold IS 'Share of total_voting_power that must vote, abstaining included; 0 to 1.';
COMMENT ON COLUMN governance.proposals.approval_threshold IS 'Share of yes in yes and no that is needed; 0 to 1. A tie never passes.';
COMMENT ON COLUMN governance.proposals.total_voting_power IS
    'All power that could vote: the sum of its snapshots; a proposal without snapshots names it while it is a draft.';
COMMENT ON COLUMN governance.proposals.yes_votes IS 'Heads; yes_power is their weight. Written by the triggers of votes alone.';

CREATE INDEX IF NOT EXISTS proposals_proposer_id_idx ON governance.proposals (proposer_id);
CREATE INDEX IF NOT EXISTS proposals_status_idx ON governance.proposals (status);
CREATE INDEX IF NOT EXISTS proposals_voting_start_idx ON governance.proposals (voting_start);
CREATE INDEX IF NOT EXISTS proposals_voting_end_idx ON governance.proposals (voting_end);
CREATE INDEX IF NOT EXISTS proposals_created_at_idx ON governance.proposals (created_at);
CREATE INDEX IF NOT EXISTS proposals_metadata_idx ON governance.proposals USING gin (metadata jsonb_path_ops);

-- Products, not quotients, which would be rounded before they are compared.
CREATE OR REPLACE FUNCTION indexer.proposal_outcome(
    total_votes integer, yes_power numeric, no_power numeric, abstain_power numeric, total_voting_power numeric,
    quorum_threshold numeric, approval_threshold numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN total_votes = 0 THEN 'expired'
    WHEN total_voting_power > 0 AND yes_power + no_power + abstain_power >= quorum_threshold * total_voting_power
         AND yes_power > no_power AND yes_power >= approval_threshold * (yes_power + no_power) THEN 'passed'
    ELSE 'rejected'
END;
COMMENT ON FUNCTION indexer.proposal_outcome(integer, numeric, numeric, numeric, numeric, numeric, numeric) IS
    'How voting with these tallies ends: expired when nobody voted; passed when enough power voted (abstaining counts) '
    'and enough of yes and no is yes, more than half in any case; else rejected.';

CREATE OR REPLACE FUNCTION indexer.proposals_enter() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status NOT IN ('draft', 'active')
        OR (NEW.total_votes, NEW.yes_power, NEW.no_power, NEW.abstain_power) IS DISTINCT FROM (0, 0::numeric, 0::numeric, 0::numeric) THEN
        RAISE EXCEPTION 'proposals: proposal % comes as % with % votes; it enters as draft or active and without votes',
            NEW.id, NEW.status, NEW.total_votes
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_NAME, HINT = 'Leave the tallies out.';
    END IF;
    IF NEW.status = 'active' THEN
        NEW.activated_at := coalesce(NEW.activated_at, indexer.market_now());
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION indexer.proposals_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    -- Anybody may run a trigger of his own; who writes snapshots may not be anybody.
    by_snapshots CONSTANT boolean := pg_trigger_depth() > 1
        AND has_table_privilege('governance.voting_power_snapshots', 'INSERT');
    outcome CONSTANT text := indexer.proposal_outcome(
        OLD.total_votes, OLD.yes_power, OLD.no_power, OLD.abstain_power, OLD.total_voting_power, OLD.quorum_threshold,
        OLD.approval_threshold);
BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'active'), ('draft', 'expired'), ('active', 'passed'), ('active', 'rejected'), ('active', 'expired')) THEN
        RAISE EXCEPTION 'proposals: proposal % is % and cannot become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'status', CONSTRAINT = 'proposals_status_forward',
                  HINT = 'From draft to active, from active to passed, rejected or expired.';
    END IF;
    IF pg_trigger_depth() = 1 AND
        (OLD.total_votes, OLD.yes_votes, OLD.no_votes, OLD.abstain_votes, OLD.yes_power, OLD.no_power, OLD.abstain_power)
        IS DISTINCT FROM
        (NEW.total_votes, NEW.yes_votes, NEW.no_votes, NEW.abstain_votes, NEW.yes_power, NEW.no_power, NEW.abstain_power) THEN
        RAISE EXCEPTION 'proposals: the tallies of proposal % follow its votes', OLD.id
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'proposals_tallies_follow_votes', HINT = 'Write votes; leave the tallies out.';
    END IF;
    IF OLD.status <> 'draft' AND
        (OLD.proposer_id, OLD.type, OLD.voting_start, OLD.voting_end, OLD.quorum_threshold, OLD.approval_threshold)
        IS DISTINCT FROM
        (NEW.proposer_id, NEW.type, NEW.voting_start, NEW.voting_end, NEW.quorum_threshold, NEW.approval_threshold) THEN
        RAISE EXCEPTION 'proposals: the terms of proposal % are fixed since it is %', OLD.id, OLD.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'proposals_terms_fixed', HINT = 'Let it expire and propose anew.';
    END IF;
    IF OLD.total_voting_power <> NEW.total_voting_power AND NOT by_snapshots
        AND (OLD.status <> 'draft'
             OR EXISTS (SELECT FROM governance.voting_power_snapshots AS s WHERE s.proposal_id = OLD.id)) THEN
        RAISE EXCEPTION 'proposals: the voting power of proposal % is fixed: it is % or has snapshots', OLD.id, OLD.status
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  COLUMN = 'total_voting_power', CONSTRAINT = 'proposals_voting_power_fixed',
                  HINT = 'Write voting_power_snapshots before the first vote; it is their sum.';
    END IF;
    -- Whoever closes it only says what the votes said; a draft may be given up at any time.
    IF OLD.status = 'active' AND OLD.status <> NEW.status THEN
        IF indexer.market_now() < OLD.voting_end THEN
            RAISE EXCEPTION 'proposals: voting on proposal % goes on until %', OLD.id, OLD.voting_end
                USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      COLUMN = 'status', CONSTRAINT = 'proposals_voting_over', HINT = 'Close it afterwards.';
        ELSIF NEW.status <> outcome THEN
            RAISE EXCEPTION 'proposals: proposal % cannot become %; by its votes it is %', OLD.id, NEW.status, outcome
                USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      COLUMN = 'status', CONSTRAINT = 'proposals_outcome_of_votes',
                      HINT = 'Write the outcome that api_proposals shows.';
        END IF;
    END IF;
    IF OLD.status <> NEW.status THEN
        IF NEW.status = 'active' THEN
            NEW.activated_at := coalesce(NEW.activated_at, indexer.market_now());
        ELSE
            NEW.closed_at := coalesce(NEW.closed_at, indexer.market_now());
        END IF;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER proposals_enter BEFORE INSERT ON governance.proposals
    FOR EACH ROW EXECUTE FUNCTION indexer.proposals_enter();
CREATE OR REPLACE TRIGGER proposals_guard BEFORE UPDATE ON governance.proposals
    FOR EACH ROW EXECUTE FUNCTION indexer.proposals_guard();

CREATE TABLE IF NOT EXISTS governance.voting_power_snapshots (
    proposal_id uuid NOT NULL REFERENCES governance.proposals (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    voting_power numeric(38,18) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (proposal_id, user_id),
    CONSTRAINT voting_power_snapshots_voting_power_check CHECK (voting_power >= 0 AND voting_power <> 'NaN')
);
COMMENT ON TABLE governance.voting_power_snapshots IS
    'Power of each member at voting_start: what is bought later does not vote. Fixed from the first vote on.';
COMMENT ON COLUMN governance.voting_power_snapshots.user_id IS
    'Without a foreign key: what could vote stays counted when a member leaves, and keeps nobody from leaving.';
CREATE INDEX IF NOT EXISTS voting_power_snapshots_user_id_idx ON governance.voting_power_snapshots (user_id);

CREATE OR REPLACE FUNCTION indexer.voting_power_snapshots_total() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    changes CONSTANT text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT proposal_id, user_id FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT proposal_id, NULL::uuid FROM old_rows'
        ELSE 'SELECT proposal_id, user_id FROM new_rows UNION ALL SELECT proposal_id, NULL::uuid FROM old_rows' END;
    touched uuid[];
    stranger uuid;
    begun record;
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT c.proposal_id), (array_agg(c.user_id) FILTER (WHERE u.id IS NULL))[1]
                      FROM (%s) AS c (proposal_id, user_id) LEFT JOIN public.users AS u ON u.id = c.user_id', changes)
       INTO touched, stranger;
    IF stranger IS NOT NULL THEN
        RAISE EXCEPTION 'voting_power_snapshots: there is no user %', stranger
            USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'voting_power_snapshots_user_known', HINT = 'Only members have power.';
    END IF;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    -- As the votes do: whoever votes meanwhile waits, and then sees what was written here.
    PERFORM FROM governance.proposals AS p WHERE p.id = ANY (touched) ORDER BY p.id FOR NO KEY UPDATE;
    SELECT p.id, p.status, p.total_votes INTO begun
      FROM governance.proposals AS p
     WHERE p.id = ANY (touched) AND (p.status NOT IN ('draft', 'active') OR p.total_votes > 0)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'voting_power_snapshots: proposal % is % and has % votes; its powers are fixed',
            begun.id, begun.status, begun.total_votes
            USING ERRCODE = 'restrict_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'voting_power_snapshots_before_votes', HINT = 'Write all snapshots before the first vote.';
    END IF;
    UPDATE governance.proposals AS p
       SET total_voting_power = coalesce(
           (SELECT sum(s.voting_power) FROM governance.voting_power_snapshots AS s WHERE s.proposal_id = p.id), 0)
     WHERE p.id = ANY (touched);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER voting_power_snapshots_insert AFTER INSERT ON governance.voting_power_snapshots
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.voting_power_snapshots_total();
CREATE OR REPLACE TRIGGER voting_power_snapshots_update AFTER UPDATE ON governance.voting_power_snapshots
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION indexer.voting_power_snapshots_total();
CREATE OR REPLACE TRIGGER voting_power_snapshots_delete AFTER DELETE ON governance.voting_power_snapshots
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION indexer.voting_power_snapshots_total();
