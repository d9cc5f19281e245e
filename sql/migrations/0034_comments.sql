-- Why: the discussion of a proposal; an answer never leaves it.
-- Rollback (manual): DROP TABLE governance.comments; DROP FUNCTION indexer.comments_keep_place();

CREATE TABLE IF NOT EXISTS governance.comments (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    proposal_id uuid NOT NULL REFERENCES governance.proposals (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    parent_id uuid,
    content text NOT NULL,
    likes integer NOT NULL DEFAULT 0,
    dislikes integer NOT NULL DEFAULT 0,
    is_deleted boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT comments_pkey PRIMARY KEY (proposal_id, id),
    -- A deleted parent leaves its answers standing on their own.
    CONSTRAINT comments_parent_fkey FOREIGN KEY (proposal_id, parent_id)
        REFERENCES governance.comments (proposal_id, id) ON DELETE SET NULL (parent_id),
    CONSTRAINT comments_content_check CHECK (content <> ''),
    CONSTRAINT comments_parent_check CHECK (parent_id <> id),
    CONSTRAINT comments_likes_check CHECK (likes >= 0),
    CONSTRAINT comments_dislikes_check CHECK (dislikes >= 0)
) PARTITION BY HASH (proposal_id);
COMMENT ON COLUMN governance.comments.is_deleted IS 'The usual way to delete: governance.api_comments, which readers use, shows no content; answers stay.';

CREATE TABLE IF NOT EXISTS governance.comments_h0 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE IF NOT EXISTS governance.comments_h1 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE IF NOT EXISTS governance.comments_h2 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE IF NOT EXISTS governance.comments_h3 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE IF NOT EXISTS governance.comments_h4 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE IF NOT EXISTS governance.comments_h5 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE IF NOT EXISTS governance.comments_h6 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE IF NOT EXISTS governance.comments_h7 PARTITION OF governance.comments FOR VALUES WITH (MODULUS 8, REMAINDER 7);

CREATE INDEX IF NOT EXISTS comments_proposal_created_idx ON governance.comments (proposal_id, created_at);
CREATE INDEX IF NOT EXISTS comments_user_id_idx ON governance.comments (user_id);
CREATE INDEX IF NOT EXISTS comments_parent_id_idx ON governance.comments (parent_id, proposal_id);
CREATE INDEX IF NOT EXISTS comments_created_at_idx ON governance.comments (created_at);
CREATE OR REPLACE TRIGGER comments_touch BEFORE UPDATE ON governance.comments
    FOR EACH ROW EXECUTE FUNCTION indexer.touch_updated_at();

-- With a reply goes what it answers: moved elsewhere, under another comment or another name it would say something else.
CREATE OR REPLACE FUNCTION indexer.comments_keep_place() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Of a deleted comment the answers stand on their own.
    IF (OLD.id, OLD.proposal_id, OLD.user_id) IS NOT DISTINCT FROM (NEW.id, NEW.proposal_id, NEW.user_id)
        AND NEW.parent_id IS NULL AND NOT EXISTS (
            SELECT FROM governance.comments AS c WHERE c.proposal_id = OLD.proposal_id AND c.id = OLD.parent_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'comments: comment % stays where % wrote it, in proposal %', OLD.id, OLD.user_id, OLD.proposal_id
        USING ERRCODE = 'restrict_violation', SCHEMA = 'governance', TABLE = 'comments', CONSTRAINT = TG_NAME,
              HINT = 'Set is_deleted and write another.';
END
$$;
CREATE OR REPLACE TRIGGER comments_keep_place BEFORE UPDATE OF id, proposal_id, parent_id, user_id ON governance.comments
    FOR EACH ROW WHEN ((OLD.id, OLD.proposal_id, OLD.parent_id, OLD.user_id)
        IS DISTINCT FROM (NEW.id, NEW.proposal_id, NEW.parent_id, NEW.user_id))
    EXECUTE FUNCTION indexer.comments_keep_place();
