"""Running a transaction on a past or present bank without leaving a trace."""

from __future__ import annotations

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import Block, ExecutedTransaction
from gridtokenx_indexer.localnet.svm.execution import (
    Prepared,
    describe,
    lock_error,
    payer_error,
    program_error,
    rent_error,
)
from gridtokenx_indexer.localnet.validator import Validator


class Simulation(msgspec.Struct):
    err: object
    executed: ExecutedTransaction | None = None
    """None when the transaction could not be part of a block at all."""
    states: dict[Pubkey, AccountState | None] = {}
    """Accounts of the transaction afterwards; empty on failure."""


def simulate(validator: Validator, prepared: Prepared, bank: Block) -> Simulation:
    """What the transaction would do on top of `bank`. Blockhash and signatures are the caller's business."""
    refused: object = lock_error(prepared, validator.config.account_locks)
    account = validator.bank.reader(bank.slot)
    pre = [account(key) for key in prepared.keys]
    if refused is None:
        refused = payer_error(prepared, pre[0])
    if refused is not None:
        return Simulation(refused)
    unloadable = program_error(prepared, pre)
    if unloadable is not None:
        return Simulation(unloadable, describe(prepared, account, pre, pre, unloadable, None))
    validator.set_slot_hashes()
    result = validator.bank.simulate(prepared.transaction, prepared.keys, bank.slot)
    if isinstance(result.err, str):
        return Simulation(result.err)
    post = pre
    err = result.err
    if err is None:
        post = [result.post.get(key, state) for key, state in zip(prepared.keys, pre, strict=True)]
        err = rent_error(prepared, pre, post)
    executed = describe(prepared, account, pre, post, err, result.meta)
    if bank is validator.ledger.tip:
        for notify in validator.on_simulation:
            notify(executed, bank.slot)
    states = dict(zip(prepared.keys, post, strict=True)) if err is None else {}
    return Simulation(err, executed, states)
