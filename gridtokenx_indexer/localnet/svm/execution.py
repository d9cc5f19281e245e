"""One transaction against the bank: the rules LiteSVM leaves out, and the record of what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import TransactionMetadata

from gridtokenx_indexer.localnet.addresses import LOADER_V3, SYSTEM, TOKEN_PROGRAMS
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import (
    ExecutedTransaction,
    InnerInstruction,
    ReturnData,
    TokenBalance,
)
from gridtokenx_indexer.localnet.svm.bank import Bank
from gridtokenx_indexer.localnet.svm.budget import Budget, BudgetError, budget_of, cost_units
from gridtokenx_indexer.localnet.svm.lookup_tables import TableLookupError, resolve
from gridtokenx_indexer.localnet.svm.programs import program_data_address
from gridtokenx_indexer.localnet.svm.rent import leaves_enough_rent, rent_minimum
from gridtokenx_indexer.localnet.svm.tokens import mint_account, token_owner_and_mint
from gridtokenx_indexer.localnet.svm.wire import SanitizeError, WireTransaction

ACCOUNT_OVERHEAD_BYTES = 64
FEE_ONLY_ERRORS = frozenset(
    {"ProgramAccountNotFound", "InvalidProgramForExecution", "MaxLoadedAccountsDataSizeExceeded"}
)
"""Errors before execution that still land in a block and cost the fee."""

Reader = Callable[[Pubkey], AccountState | None]


class InvalidTransactionError(Exception):
    """The transaction can never be part of a block; `err` is the JSON form of the TransactionError."""

    def __init__(self, err: object) -> None:
        super().__init__(str(err))
        self.err = err


class Prepared(msgspec.Struct):
    """A transaction whose lookups are resolved and whose budget is known."""

    wire: WireTransaction
    transaction: VersionedTransaction
    budget: Budget
    loaded_writable: tuple[Pubkey, ...]
    loaded_readonly: tuple[Pubkey, ...]
    keys: tuple[Pubkey, ...]
    writable: tuple[int, ...]
    """Indexes into `keys`."""


def prepare(wire: WireTransaction, transaction: VersionedTransaction, slot: int, account: Reader) -> Prepared:
    """Sanitize and resolve; raises `InvalidTransactionError`."""
    try:
        wire.sanitize()
        budget = budget_of(wire.message)
        loaded_writable, loaded_readonly = resolve(wire.message, slot, account)
    except SanitizeError as error:
        raise InvalidTransactionError("SanitizeFailure") from error
    except (BudgetError, TableLookupError) as error:
        raise InvalidTransactionError(error.err) from error
    message = wire.message
    static = len(message.keys)
    writable = [index for index in range(static) if message.is_static_writable(index)]
    writable.extend(range(static, static + len(loaded_writable)))
    return Prepared(
        wire,
        transaction,
        budget,
        loaded_writable,
        loaded_readonly,
        message.keys + loaded_writable + loaded_readonly,
        tuple(writable),
    )


def lock_error(prepared: Prepared, account_locks: int) -> str | None:
    """The error of a transaction that names too many accounts, or one of them twice."""
    if len(prepared.keys) > account_locks:
        return "TooManyAccountLocks"
    if len(set(prepared.keys)) != len(prepared.keys):
        return "AccountLoadedTwice"
    return None


def payer_error(prepared: Prepared, payer: AccountState | None) -> object:
    """Why the fee cannot be charged, None when it can."""
    fee = prepared.budget.fee_lamports
    if payer is None:
        return "AccountNotFound"
    if payer.owner != SYSTEM:
        return "InvalidAccountForFee"
    if payer.lamports < fee:
        return "InsufficientFundsForFee"
    left = payer.lamports - fee
    if 0 < left < rent_minimum(len(payer.data)) <= payer.lamports:
        return {"InsufficientFundsForRent": {"account_index": 0}}
    return None


def load_error(prepared: Prepared, states: Sequence[AccountState | None], account: Reader) -> str | None:
    """Why the accounts cannot be loaded; the fee is due all the same."""
    for instruction in prepared.wire.message.instructions:
        program = states[instruction.program_index]
        if program is None:
            return "ProgramAccountNotFound"
        if not program.executable:
            return "InvalidProgramForExecution"
    if loaded_data_bytes(prepared, states, account) > prepared.budget.loaded_data_limit:
        return "MaxLoadedAccountsDataSizeExceeded"
    return None


def execute(prepared: Prepared, bank: Bank, slot: int) -> ExecutedTransaction:
    """Run a transaction in the block of `slot` and keep its effects; raises `InvalidTransactionError`."""
    pre = [bank.account(key) for key in prepared.keys]
    refused = payer_error(prepared, pre[0])
    if refused is not None:
        raise InvalidTransactionError(refused)
    unloadable = load_error(prepared, pre, bank.account)
    if unloadable is not None:
        return _fee_only(prepared, bank, slot, pre, unloadable)
    payer = prepared.keys[0]
    result = bank.execute(prepared.transaction, payer, prepared.budget.priority_lamports)
    if not _is_landed(result.err):
        if result.err in FEE_ONLY_ERRORS:
            return _fee_only(prepared, bank, slot, pre, result.err)
        bank.put_back(payer)
        raise InvalidTransactionError(result.err)
    post = list(pre)
    for index in prepared.writable:
        post[index] = bank.read_back(prepared.keys[index])
    err = result.err
    if err is None:
        err = rent_error(prepared, pre, post)
        if err is not None:
            post = list(pre)
            post[0] = without_fee(pre[0], prepared.budget)
            for index in prepared.writable:
                bank.write(slot, prepared.keys[index], post[index])
    for index in prepared.writable:
        if post[index] is None and pre[index] is not None:
            bank.write(slot, prepared.keys[index], None)
        elif post[index] != pre[index]:
            bank.versions.record(slot, prepared.keys[index], post[index])
    return describe(prepared, bank.account, pre, post, err, result.meta)


def rent_error(
    prepared: Prepared, pre: Sequence[AccountState | None], post: Sequence[AccountState | None]
) -> object:
    for index in prepared.writable:
        if not leaves_enough_rent(pre[index], post[index]):
            return {"InsufficientFundsForRent": {"account_index": index}}
    return None


def _is_landed(err: object) -> bool:
    return err is None or (isinstance(err, dict) and "InstructionError" in err)


def without_fee(payer: AccountState | None, budget: Budget) -> AccountState | None:
    assert payer is not None
    left = payer.lamports - budget.fee_lamports
    return msgspec.structs.replace(payer, lamports=left) if left else None


def _fee_only(
    prepared: Prepared, bank: Bank, slot: int, pre: list[AccountState | None], err: object
) -> ExecutedTransaction:
    post = [without_fee(pre[0], prepared.budget), *pre[1:]]
    bank.write(slot, prepared.keys[0], post[0])
    return describe(prepared, bank.account, pre, post, err, None)


def describe(
    prepared: Prepared,
    account: Reader,
    pre: Sequence[AccountState | None],
    post: Sequence[AccountState | None],
    err: object,
    meta: TransactionMetadata | None,
) -> ExecutedTransaction:
    """The record of an execution, or of a simulation; `meta` is None when no program ran."""
    ran = meta is not None
    loaded_bytes = _loaded_until(prepared, pre, err, account) if ran or err in FEE_ONLY_ERRORS else 0
    compute_units = meta.compute_units_consumed() if meta is not None else 0
    return ExecutedTransaction(
        wire=prepared.wire,
        loaded_writable=prepared.loaded_writable,
        loaded_readonly=prepared.loaded_readonly,
        err=err,
        fee_lamports=prepared.budget.fee_lamports,
        pre_balances=[state.lamports if state else 0 for state in pre],
        post_balances=[state.lamports if state else 0 for state in post],
        pre_token_balances=token_balances(pre, account) if ran else [],
        post_token_balances=token_balances(post, account) if ran else [],
        inner=_inner_instructions(meta),
        logs=meta.logs() if meta is not None else [],
        compute_units=compute_units,
        cost_units=cost_units(prepared.wire.message, len(prepared.writable), compute_units, loaded_bytes),
        loaded_data_bytes=loaded_bytes,
        return_data=_return_data(meta),
        priority_price=prepared.budget.compute_unit_price,
    )


def _loaded_until(
    prepared: Prepared, pre: Sequence[AccountState | None], err: object, account: Reader
) -> int:
    """A missing program stops the loading at once, a data limit stops it there."""
    if err == "ProgramAccountNotFound":
        return loaded_data_bytes(prepared, pre[:1], account)
    total = loaded_data_bytes(prepared, pre, account)
    return min(total, prepared.budget.loaded_data_limit)


def loaded_data_bytes(prepared: Prepared, states: Sequence[AccountState | None], account: Reader) -> int:
    total = 0
    for key, state in zip(prepared.keys, states, strict=False):
        if state is None:
            continue
        total += len(state.data) + ACCOUNT_OVERHEAD_BYTES
        if state.executable and state.owner == LOADER_V3:
            data = account(program_data_address(key))
            total += len(data.data) + ACCOUNT_OVERHEAD_BYTES if data else 0
    return total


def token_balances(states: Sequence[AccountState | None], account: Reader) -> list[TokenBalance]:
    balances: list[TokenBalance] = []
    for index, state in enumerate(states):
        if state is None or state.owner not in TOKEN_PROGRAMS:
            continue
        held = token_owner_and_mint(state)
        if held is None:
            continue
        mint, owner, amount = held
        definition = mint_account(account(mint))
        if definition is not None:
            balances.append(TokenBalance(index, mint, owner, state.owner, amount, definition.decimals))
    return balances


def _inner_instructions(meta: TransactionMetadata | None) -> list[tuple[int, list[InnerInstruction]]]:
    if meta is None:
        return []
    groups: list[tuple[int, list[InnerInstruction]]] = []
    for index, group in enumerate(meta.inner_instructions()):
        if group:
            calls = []
            for inner in group:
                call = inner.instruction()
                height = inner.stack_height()  # type: ignore[attr-defined]  # solders' stubs lack it
                calls.append(InnerInstruction(call.program_id_index, call.accounts, call.data, height))
            groups.append((index, calls))
    return groups


def _return_data(meta: TransactionMetadata | None) -> ReturnData | None:
    if meta is None:
        return None
    returned = meta.return_data()  # type: ignore[attr-defined]  # solders' stubs misname it
    return ReturnData(returned.program_id, returned.data) if returned.data else None
