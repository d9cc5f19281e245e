-- Why: deployed programs and how they were called.
-- Rollback (manual): DROP TABLE blockchain.contract_executions, blockchain.smart_contracts;

CREATE TABLE IF NOT EXISTS blockchain.smart_contracts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    contract_address varchar(44) NOT NULL,
    deployer varchar(44) NOT NULL,
    contract_name varchar(255) NOT NULL,
    contract_code text,
    abi jsonb NOT NULL DEFAULT '{}',
    status varchar(20) NOT NULL DEFAULT 'active',
    gas_used bigint NOT NULL DEFAULT 0,
    storage_rent numeric(20,8) NOT NULL DEFAULT 0,
    deployed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT smart_contracts_contract_address_key UNIQUE (contract_address),
    CONSTRAINT smart_contracts_status_check CHECK (status IN ('active', 'paused', 'destroyed')),
    CONSTRAINT smart_contracts_costs_check CHECK (gas_used >= 0 AND storage_rent >= 0 AND storage_rent <> 'NaN')
);
COMMENT ON COLUMN blockchain.smart_contracts.abi IS 'The IDL of a Solana program.';
COMMENT ON COLUMN blockchain.smart_contracts.gas_used IS 'Compute units of its deployment.';
COMMENT ON COLUMN blockchain.smart_contracts.storage_rent IS 'SOL kept in the accounts of its code.';

CREATE INDEX IF NOT EXISTS smart_contracts_deployer_idx ON blockchain.smart_contracts (deployer);
CREATE INDEX IF NOT EXISTS smart_contracts_status_idx ON blockchain.smart_contracts (status);
CREATE INDEX IF NOT EXISTS smart_contracts_abi_idx ON blockchain.smart_contracts USING gin (abi jsonb_path_ops);

CREATE TABLE IF NOT EXISTS blockchain.contract_executions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    transaction_hash varchar(88) NOT NULL,
    contract_address varchar(44) NOT NULL
        REFERENCES blockchain.smart_contracts (contract_address) ON UPDATE RESTRICT ON DELETE RESTRICT,
    caller varchar(44) NOT NULL,
    method_name varchar(255) NOT NULL,
    input_data jsonb NOT NULL DEFAULT '{}',
    output_data jsonb,
    gas_used bigint NOT NULL DEFAULT 0,
    status varchar(20) NOT NULL,
    error_message text,
    executed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contract_executions_status_check CHECK (status IN ('success', 'failed', 'reverted')),
    CONSTRAINT contract_executions_gas_used_check CHECK (gas_used >= 0)
);
COMMENT ON COLUMN blockchain.contract_executions.transaction_hash IS
    'Signature of the Solana transaction, base58. Deviation: 88 characters, the width of such a signature.';
COMMENT ON COLUMN blockchain.contract_executions.contract_address IS
    'Deviation: 44 characters, the width of a Solana address.';
COMMENT ON COLUMN blockchain.smart_contracts.contract_address IS
    'Program id. Deviation: 44 characters, the width of a Solana address.';
COMMENT ON COLUMN blockchain.contract_executions.method_name IS 'Name of the instruction.';
COMMENT ON COLUMN blockchain.contract_executions.gas_used IS 'Compute units.';

CREATE INDEX IF NOT EXISTS contract_executions_contract_idx
    ON blockchain.contract_executions (contract_address, executed_at DESC);
CREATE INDEX IF NOT EXISTS contract_executions_caller_idx ON blockchain.contract_executions (caller, executed_at DESC);
CREATE INDEX IF NOT EXISTS contract_executions_transaction_idx ON blockchain.contract_executions (transaction_hash);
CREATE INDEX IF NOT EXISTS contract_executions_unsuccessful_idx ON blockchain.contract_executions (executed_at DESC)
    WHERE status <> 'success';
CREATE INDEX IF NOT EXISTS contract_executions_input_idx
    ON blockchain.contract_executions USING gin (input_data jsonb_path_ops);
