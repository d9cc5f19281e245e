-- Why: what users did, for support and security; by month, because old months are dropped whole.
-- Rollback (manual): DROP TABLE public.user_activities;
--   DELETE FROM indexer.partition_policies WHERE table_name = 'public.user_activities';

CREATE TABLE IF NOT EXISTS public.user_activities (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    activity_type varchar(50) NOT NULL,
    description text,
    ip_address inet,
    user_agent text,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_activities_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT user_activities_activity_type_check CHECK (activity_type <> '')
) PARTITION BY RANGE (created_at);

CREATE INDEX IF NOT EXISTS user_activities_user_id_idx ON public.user_activities (user_id, created_at);
CREATE INDEX IF NOT EXISTS user_activities_activity_type_idx ON public.user_activities (activity_type, created_at);

INSERT INTO indexer.partition_policies (table_name, kind) VALUES ('public.user_activities', 'month')
    ON CONFLICT DO NOTHING;
