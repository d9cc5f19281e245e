"""Token accounts and mints."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import TOKEN_PROGRAMS
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.encode.accounts import AccountEncoding
from gridtokenx_indexer.localnet.encode.amounts import ui_token_amount
from gridtokenx_indexer.localnet.errors import RpcError, invalid_params
from gridtokenx_indexer.localnet.rpc.accounts import encoded, encoding_of, slice_of
from gridtokenx_indexer.localnet.rpc.context import NodeContext, with_context
from gridtokenx_indexer.localnet.rpc.params import Params, pubkey, wrong_type
from gridtokenx_indexer.localnet.svm.tokens import TokenAccount, mint_account, token_account

LARGEST_SHOWN = 20


def get_token_account_balance(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    address = params.pubkey(0)
    config = params.config(1, "struct CommitmentConfig")
    if params.raw(1) is not None and "commitment" not in config.members:
        raise invalid_params("Invalid params: missing field `commitment`.")
    bank = node.bank(config)
    state = node.account(address, bank)
    if state is None:
        raise invalid_param("could not find account")
    held = token_account(state)
    if held is None:
        raise invalid_param("not a Token account")
    definition = mint_account(node.account(held.mint, bank))
    if definition is None:
        raise invalid_param("could not find mint")
    return with_context(bank, ui_token_amount(held.amount, definition.decimals))


def get_token_supply(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    address = params.pubkey(0)
    bank = node.bank(params.config(1, "struct CommitmentConfig"))
    state = node.account(address, bank)
    if state is None:
        raise invalid_param("could not find account")
    if state.owner not in TOKEN_PROGRAMS:
        raise invalid_param("not a Token mint")
    definition = mint_account(state)
    if definition is None:
        raise invalid_param("mint could not be unpacked")
    return with_context(bank, ui_token_amount(definition.supply, definition.decimals))


def get_token_largest_accounts(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    mint = params.pubkey(0)
    bank = node.bank(params.config(1, "struct CommitmentConfig"))
    _, definition = _mint(node, bank, mint)
    held = [
        (account.amount, str(address))
        for address, _, account in token_accounts(node, bank, lambda each: each.mint == mint)
    ]
    held.sort(key=lambda each: (-each[0], each[1]))
    largest = [
        {"address": address, **ui_token_amount(amount, definition)}
        for amount, address in held[:LARGEST_SHOWN]
    ]
    return with_context(bank, largest)


def get_token_accounts_by_owner(node: NodeContext, values: object) -> object:
    return _accounts_by(node, values, lambda account: account.owner)


def get_token_accounts_by_delegate(node: NodeContext, values: object) -> object:
    return _accounts_by(node, values, lambda account: account.delegate)


def _accounts_by(
    node: NodeContext, values: object, holder: Callable[[TokenAccount], Pubkey | None]
) -> object:
    params = Params(values, required=2, allowed=3)
    address = params.pubkey(0)
    kind, named = _token_filter(params.raw(1))
    config = params.config(2, "struct RpcAccountInfoConfig")
    encoding, data_slice = encoding_of(config, AccountEncoding.BINARY), slice_of(config)
    bank = node.bank(config)
    if kind == "mint":
        program, _ = _mint(node, bank, named)
    else:
        program = named
        if program not in TOKEN_PROGRAMS:
            raise invalid_param("unrecognized Token program id")
    members = [
        {"account": encoded(node, bank, state, encoding, data_slice), "pubkey": str(found)}
        for found, state, account in token_accounts(node, bank, lambda each: holder(each) == address)
        if state.owner == program and (kind != "mint" or account.mint == named)
    ]
    return with_context(bank, members)


def token_accounts(
    node: NodeContext, bank: Block, matches: Callable[[TokenAccount], bool]
) -> list[tuple[Pubkey, AccountState, TokenAccount]]:
    """All matching token accounts in the order of their addresses."""
    found = []
    for address, state in node.validator.bank.versions.all_at(bank.slot):
        if state.owner in TOKEN_PROGRAMS:
            account = token_account(state)
            if account is not None and matches(account):
                found.append((address, state, account))
    return sorted(found, key=lambda each: str(each[0]))


def _mint(node: NodeContext, bank: Block, address: Pubkey) -> tuple[Pubkey, int]:
    """Token program and decimals of a mint."""
    state = node.account(address, bank)
    if state is None:
        raise invalid_param("could not find mint")
    definition = mint_account(state)
    if definition is None:
        raise invalid_param("Token mint could not be unpacked")
    return state.owner, definition.decimals


def _token_filter(value: object) -> tuple[str, Pubkey]:
    if not isinstance(value, Mapping):
        raise wrong_type(value, "string or map")
    if len(value) != 1:
        raise invalid_params("Invalid params: invalid value: map, expected map with a single key.")
    ((kind, text),) = value.items()
    if kind not in ("mint", "programId"):
        raise invalid_params(f"Invalid params: unknown variant `{kind}`, expected `mint` or `programId`.")
    if not isinstance(text, str):
        raise wrong_type(text, "a string")
    return kind, pubkey(text)


def invalid_param(reason: str) -> RpcError:
    return invalid_params(f"Invalid param: {reason}")


METHODS = {
    "getTokenAccountBalance": get_token_account_balance,
    "getTokenSupply": get_token_supply,
    "getTokenLargestAccounts": get_token_largest_accounts,
    "getTokenAccountsByOwner": get_token_accounts_by_owner,
    "getTokenAccountsByDelegate": get_token_accounts_by_delegate,
}
