-- Why: the one list of what differs from the documents, each reason on the object itself; and the units of hosting.
-- Rollback (manual): /* nothing to do: nothing depends on comments */

COMMENT ON COLUMN hosting.users.id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN hosting.users.email IS 'Deviation: 255 characters, as the investment document draws it.';
COMMENT ON COLUMN hosting.users.status IS
    'Deviation: varchar with a CHECK of the three words, which can gain one without rewriting a type.';
COMMENT ON COLUMN hosting.users.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.users.updated_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.user_access.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.user_access.user_id IS
    'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN hosting.user_access.access_start_date IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.user_access.access_end_date IS
    'NULL: without end. Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.user_access.granted_by IS
    'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN hosting.user_access.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.login_records.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.login_records.login_time IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.hosting_sites.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.hosting_sites.capacity_mw IS 'MW.';
COMMENT ON COLUMN hosting.hosting_sites.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.miner_models.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.miner_models.hashrate IS 'TH/s.';
COMMENT ON COLUMN hosting.miner_models.power_consumption IS 'Watts.';
COMMENT ON COLUMN hosting.miner_models.efficiency IS 'J/TH.';
COMMENT ON COLUMN hosting.miner_models.msrp IS 'USD.';
COMMENT ON COLUMN hosting.hosting_miners.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.hosting_miners.miner_model_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN hosting.hosting_miners.site_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN hosting.hosting_miners.client_id IS
    'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN hosting.hosting_miners.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.hosting_miners.updated_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.miner_telemetry.id IS
    'Deviation: bigint; a 32-bit serial of telemetry ends after 248 days. From a sequence, since a partitioned table has no '
    'identity before PostgreSQL 17.';
COMMENT ON COLUMN hosting.miner_telemetry.miner_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN hosting.miner_telemetry.hashrate IS 'TH/s.';
COMMENT ON COLUMN hosting.miner_telemetry.temperature IS 'Degrees Celsius.';
COMMENT ON COLUMN hosting.miner_telemetry.power_consumption IS 'Watts.';
COMMENT ON COLUMN hosting.miner_telemetry.fan_speed IS 'Revolutions per minute.';
COMMENT ON COLUMN hosting.miner_telemetry.recorded_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.miner_operation_log.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.miner_operation_log.miner_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN hosting.miner_operation_log.performed_by IS
    'Who did it; NULL: the system, or a user who has left. Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN hosting.miner_operation_log."timestamp" IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.curtailment_plans.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.curtailment_plans.site_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN hosting.curtailment_plans.target_power_reduction IS 'MW.';
COMMENT ON COLUMN hosting.curtailment_plans.scheduled_time IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.curtailment_plans.executed_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.curtailment_plans.recovery_time IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.curtailment_plans.power_reduced IS 'MW.';
COMMENT ON COLUMN hosting.curtailment_plans.created_by IS
    'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN hosting.curtailment_plans.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN hosting.curtailment_plan_miners.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN hosting.curtailment_plan_miners.plan_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN hosting.curtailment_plan_miners.miner_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN crm.crm_leads.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN crm.crm_leads.owner_id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN crm.crm_leads.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN crm.crm_leads.updated_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN crm.crm_deals.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN crm.crm_deals.lead_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN crm.crm_deals.value IS 'USD.';
COMMENT ON COLUMN crm.crm_deals.owner_id IS 'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN crm.crm_deals.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN crm.crm_deals.closed_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN crm.crm_invoices.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN crm.crm_invoices.deal_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN crm.crm_invoices.amount IS 'USD.';
COMMENT ON COLUMN crm.crm_activities.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN crm.crm_activities.deal_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN crm.crm_activities.performed_by IS
    'Deviation: uuid, not text: text cannot refer to the uuid of a user.';
COMMENT ON COLUMN crm.crm_activities.activity_date IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN analytics.market_analytics.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN analytics.market_analytics.btc_price IS 'USD.';
COMMENT ON COLUMN analytics.market_analytics.network_hashrate IS 'EH/s.';
COMMENT ON COLUMN analytics.market_analytics.block_reward IS 'BTC.';
COMMENT ON COLUMN analytics.market_analytics.volume_24h IS 'USD.';
COMMENT ON COLUMN analytics.market_analytics.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';
COMMENT ON COLUMN analytics.technical_indicators.id IS 'Deviation: bigint, as wide as every other identity here.';
COMMENT ON COLUMN analytics.technical_indicators.analytics_id IS 'Deviation: bigint, as the key it names.';
COMMENT ON COLUMN analytics.technical_indicators.created_at IS
    'Deviation: timestamptz, so that the moment does not depend on a session''s time zone.';

COMMENT ON COLUMN investment.users.wallet_address IS
    'Base58 Solana address. Deviation: 44 characters, since 42 cannot hold one.';
COMMENT ON COLUMN investment.users.created_at IS 'Deviation: never NULL, since the same column sorts users everywhere else.';
COMMENT ON COLUMN investment.users.updated_at IS 'Deviation: never NULL, since the same column sorts users everywhere else.';
COMMENT ON COLUMN investment.investments.transaction_hash IS
    'Deviation: 88 characters, the width of a Solana signature; 66 hold an Ethereum one.';
COMMENT ON INDEX investment.idx_assets_location IS
    'Deviation: over investment.ll_to_earth, since the index over the extension''s own function is lost in a restore.';
COMMENT ON INDEX investment.idx_production_asset_time IS 'Deviation: unique, so that a reading sent twice is stored once.';
COMMENT ON INDEX investment.idx_weather_asset_time IS 'Deviation: unique, so that a reading sent twice is stored once.';
COMMENT ON INDEX public.idx_users_email IS 'Deviation: the index of the unique constraint; a second one would only cost writes.';
COMMENT ON INDEX public.idx_users_wallet IS 'Deviation: the index of the unique constraint; a second one would only cost writes.';

COMMENT ON COLUMN community.audit_logs.user_id IS
    'Deviation: no foreign key, whose ON DELETE would change a row that must not change.';
COMMENT ON COLUMN community.audit_logs.ip_address IS 'Deviation: inet, which holds addresses and nothing else.';
COMMENT ON TABLE public.audit_logs IS
    'Deviation: no updated_at, because no row is ever updated; and action, resource_type, old_values and new_values, as the '
    'community document draws them, in place of event_type and event_data.';

COMMENT ON CONSTRAINT meter_readings_pkey ON public.meter_readings IS
    'Deviation: (id, timestamp), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT blockchain_events_pkey ON public.blockchain_events IS
    'Deviation: (slot, id), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT user_activities_pkey ON public.user_activities IS
    'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT audit_logs_pkey ON public.audit_logs IS
    'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT miner_telemetry_pkey ON hosting.miner_telemetry IS
    'Deviation: (id, recorded_at), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT votes_pkey ON governance.votes IS
    'Deviation: (proposal_id, id), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT comments_pkey ON governance.comments IS
    'Deviation: (proposal_id, id), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT notifications_pkey ON community.notifications IS
    'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';
COMMENT ON CONSTRAINT transactions_pkey ON community.transactions IS
    'Deviation: (id, created_at), since the key of a partitioned table must hold what it is cut by.';
