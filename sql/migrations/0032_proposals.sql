-- Why: proposals of the community; they move only forward along their life cycle, and votes alone move their tallies.
-- Rollback (manual): DROP TABLE governance.voting_power_snapshots, governance.proposals;
--   DROP FUNCTION indexer.proposals_guard(), indexer.proposals_enter();

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
COMMENT ON COLUMN governance.proposals.quorum_threshold IS 'Share of total_voting_power that must vote, abstaining included; 0 to 1.';
COMMENT ON COLUMN governance.proposals.approval_threshold IS 'Share of yes in yes and no that is needed; 0 to 1. A tie never passes.';
COMMENT ON COLUMN governance.proposals.total_voting_power IS 'All power that could vote, as snapshotted at voting_start.';
COMMENT ON COLUMN governance.proposals.yes_votes IS 'Heads; yes_power is their weight. Written by the triggers of votes alone.';

CREATE INDEX IF NOT EXISTS proposals_proposer_id_idx ON governance.proposals (proposer_id);
CREATE INDEX IF NOT EXISTS proposals_status_idx ON governance.proposals (status);
CREATE INDEX IF NOT EXISTS proposals_voting_start_idx ON governance.proposals (voting_start);
CREATE INDEX IF NOT EXISTS proposals_voting_end_idx ON governance.proposals (voting_end);
CREATE INDEX IF NOT EXISTS proposals_created_at_idx ON governance.proposals (created_at);
CREATE INDEX IF NOT EXISTS proposals_metadata_idx ON governance.proposals USING gin (metadata jsonb_path_ops);

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
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE RESTRICT,
    voting_power numeric(38,18) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (proposal_id, user_id),
    CONSTRAINT voting_power_snapshots_voting_power_check CHECK (voting_power >= 0 AND voting_power <> 'NaN')
);
COMMENT ON TABLE governance.voting_power_snapshots IS
    'Power of each member at voting_start: what is bought later does not vote.';
CREATE INDEX IF NOT EXISTS voting_power_snapshots_user_id_idx ON governance.voting_power_snapshots (user_id);
