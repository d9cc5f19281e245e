"""Running a transaction on a past or present bank without leaving a trace."""

from __future__ import annotations

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import Block, ExecutedTransaction
from gridtokenx_indexer.localnet.svm.execution import (
    Prepared,
    describe,
    load_error,
    lock_error,
    payer_error,
    rent_error,
    without_fee,
)
from gridtokenx_indexer.localnet.validator import Validator


class Simulation(msgspec.Struct):
    err: object
    executed: ExecutedTransaction | None = None
    """None when not even the accounts were looked at: a bad signature."""
    is_charged: bool = False
    """Whether the transaction could be part of a block, so that its fee is due."""
    states: dict[Pubkey, AccountState | None] = {}
    """Accounts of the transaction afterwards; empty on failure."""


def refused_simulation(validator: Validator, prepared: Prepared, bank: Block, err: object) -> Simulation:
    """The simulation of a transaction that cannot be part of a block: balances, but no effects."""
    account = validator.bank.reader(bank.slot)
    pre = [account(key) for key in prepared.keys]
    return Simulation(err, describe(prepared, account, pre, pre, err, None))


def simulate(validator: Validator, prepared: Prepared, bank: Block) -> Simulation:
    """What the transaction would do on top of `bank`. Blockhash and signatures are the caller's business."""
    account = validator.bank.reader(bank.slot)
    pre = [account(key) for key in prepared.keys]
    refused = lock_error(prepared, validator.config.account_locks) or payer_error(prepared, pre[0])
    if refused is not None:
        return refused_simulation(validator, prepared, bank, refused)
    charged = [without_fee(pre[0], prepared.budget), *pre[1:]]
    unloadable = load_error(prepared, pre, account)
    if unloadable is not None:
        executed = describe(prepared, account, pre, charged, unloadable, None)
        return Simulation(unloadable, executed, is_charged=True)
    validator.set_slot_hashes()
    result = validator.bank.simulate(
        prepared.transaction, prepared.keys, bank.slot, prepared.budget.priority_lamports
    )
    if isinstance(result.err, str):
        return refused_simulation(validator, prepared, bank, result.err)
    post = charged
    err = result.err
    if err is None:
        post = [result.post.get(key, state) for key, state in zip(prepared.keys, pre, strict=True)]
        err = rent_error(prepared, pre, post)
        post = post if err is None else charged
    executed = describe(prepared, account, pre, post, err, result.meta)
    if bank is validator.ledger.tip:
        for notify in validator.on_simulation:
            notify(executed, bank.slot)
    states = dict(zip(prepared.keys, post, strict=True)) if err is None else {}
    return Simulation(err, executed, is_charged=True, states=states)
