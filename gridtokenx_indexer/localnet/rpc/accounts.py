"""Accounts and balances."""

from __future__ import annotations

from collections.abc import Mapping

from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.encode.accounts import AccountEncoding, DataSlice, account_member
from gridtokenx_indexer.localnet.errors import invalid_params, invalid_request
from gridtokenx_indexer.localnet.rpc.account_filters import account_filters
from gridtokenx_indexer.localnet.rpc.context import NodeContext, with_context
from gridtokenx_indexer.localnet.rpc.params import Config, Params, pubkey, unsigned, wrong_type
from gridtokenx_indexer.localnet.svm.rent import MAX_ACCOUNT_BYTES, rent_minimum

MAX_ACCOUNTS = 100
ACCOUNT_CONFIG = "struct RpcAccountInfoConfig"


def get_account_info(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    address = params.pubkey(0)
    config = params.config(1, ACCOUNT_CONFIG)
    encoding, data_slice = encoding_of(config, AccountEncoding.BINARY), slice_of(config)
    bank = node.bank(config)
    return with_context(bank, encoded(node, bank, node.account(address, bank), encoding, data_slice))


def get_multiple_accounts(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    texts = params.texts(0)
    if len(texts) > MAX_ACCOUNTS:
        raise invalid_params(f"Too many inputs provided; max {MAX_ACCOUNTS}")
    addresses = [pubkey(each) for each in texts]
    config = params.config(1, ACCOUNT_CONFIG)
    encoding, data_slice = encoding_of(config, AccountEncoding.BASE64), slice_of(config)
    bank = node.bank(config)
    states = [node.account(each, bank) for each in addresses]
    return with_context(bank, [encoded(node, bank, each, encoding, data_slice) for each in states])


def get_program_accounts(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    program = params.pubkey(0)
    config = params.config(1, "struct RpcProgramAccountsConfig")
    encoding, data_slice = encoding_of(config, AccountEncoding.BINARY), slice_of(config)
    matches = account_filters(config.get("filters"))
    bank = node.bank(config)
    found = [
        (str(address), state)
        for address, state in node.validator.bank.versions.all_at(bank.slot)
        if state.owner == program and matches(state)
    ]
    if config.get("sortResults") is not False:
        found.sort(key=lambda each: each[0])
    members = [
        {"account": encoded(node, bank, state, encoding, data_slice), "pubkey": address}
        for address, state in found
    ]
    return with_context(bank, members) if config.flag("withContext") else members


def get_balance(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    address = params.pubkey(0)
    bank = node.bank(params.config(1))
    state = node.account(address, bank)
    return with_context(bank, state.lamports if state else 0)


def get_minimum_balance_for_rent_exemption(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    size = params.u64(0, "usize")
    if size > MAX_ACCOUNT_BYTES:
        raise invalid_request()
    return rent_minimum(size)


def encoding_of(config: Config, default: AccountEncoding) -> AccountEncoding:
    return config.choice("encoding", AccountEncoding, default)


def slice_of(config: Config) -> DataSlice | None:
    value = config.get("dataSlice")
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise wrong_type(value, "struct UiDataSliceConfig")
    for member in ("offset", "length"):
        if member not in value:
            raise invalid_params(f"Invalid params: missing field `{member}`.")
    return DataSlice(unsigned(value["offset"], "usize"), unsigned(value["length"], "usize"))


def encoded(
    node: NodeContext,
    bank: Block,
    state: AccountState | None,
    encoding: AccountEncoding,
    data_slice: DataSlice | None,
) -> object:
    if state is None:
        return None
    return account_member(state, encoding, data_slice, node.reader(bank))


METHODS = {
    "getAccountInfo": get_account_info,
    "getMultipleAccounts": get_multiple_accounts,
    "getProgramAccounts": get_program_accounts,
    "getBalance": get_balance,
    "getMinimumBalanceForRentExemption": get_minimum_balance_for_rent_exemption,
}
