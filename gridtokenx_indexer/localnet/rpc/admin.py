"""Methods of the local node alone: `localnet_*`."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.localnet.addresses import SYSTEM
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.errors import invalid_params
from gridtokenx_indexer.localnet.faults import Faults
from gridtokenx_indexer.localnet.rpc.context import NodeContext
from gridtokenx_indexer.localnet.rpc.params import Config, Params, pubkey, unsigned
from gridtokenx_indexer.localnet.svm.programs import program_accounts
from gridtokenx_indexer.localnet.validator import ForkMode

MAX_PRODUCED_SLOTS = 10_000


def set_clock(node: NodeContext, values: object) -> object:
    """`{"unix": seconds}` sets the market clock, which then ticks on; `{}` goes back to the wall clock.

    Block times never run backwards: an earlier time takes effect once the chain has reached it.
    """
    config = Params(values, allowed=1).config(0)
    unix = config.optional_u64("unix")
    if unix is None:
        node.validator.clock.follow_wall()
    else:
        node.validator.clock.set_unix(unix)
    return node.validator.clock.unix_time(node.validator.ledger.tip.unix_time)


def skip_slots(node: NodeContext, values: object) -> object:
    """`[n]`: the next n slots get no block."""
    node.validator.faults.skip_slots += Params(values, required=1, allowed=1).u64(0)
    return node.validator.faults.skip_slots


def fork(node: NodeContext, values: object) -> object:
    """`[n, {"mode": "replace" | "step_over", "replay": false}]`; answers the slots taken off the chain."""
    params = Params(values, required=1, allowed=2)
    config = params.config(1)
    mode = config.choice("mode", ForkMode, ForkMode.REPLACE)
    try:
        removed = node.validator.fork(params.u64(0), mode, replay=config.flag("replay"))
    except UsageError as error:
        raise invalid_params(str(error)) from error
    return [block.slot for block in removed]


def drop_transactions(node: NodeContext, values: object) -> object:
    """`[n]`: the next n sent transactions never land; `[["signature", ...]]`: these never do."""
    params = Params(values, required=1, allowed=1)
    faults = node.validator.faults
    if isinstance(params.raw(0), list):
        faults.drop_signatures = params.texts(0)
    else:
        faults.drop_transactions = params.u64(0)
    return True


def set_faults(node: NodeContext, values: object) -> object:
    """Set the named members of `Faults`, keep the others; answers all of them."""
    config = Params(values, required=1, allowed=1).config(0)
    merged = {**msgspec.to_builtins(node.validator.faults), **config.members}
    try:
        node.validator.faults = msgspec.convert(merged, Faults)
    except msgspec.ValidationError as error:
        raise invalid_params(f"Invalid params: {error}") from error
    return get_faults(node, [])


def get_faults(node: NodeContext, values: object) -> object:
    Params(values)
    return msgspec.to_builtins(node.validator.faults)


def produce(node: NodeContext, values: object) -> object:
    """`[n]`: let n slots pass at once; answers the newest slot with a block."""
    count = Params(values, required=1, allowed=1).u64(0)
    if count > MAX_PRODUCED_SLOTS:
        raise invalid_params(f"Too many slots; max {MAX_PRODUCED_SLOTS}")
    for _ in range(count):
        node.validator.produce()
    return node.validator.ledger.tip.slot


def install_program(node: NodeContext, values: object) -> object:
    """`[program id, base64 of the .so, upgrade authority or null]`: as if deployed at genesis."""
    params = Params(values, required=2, allowed=3)
    authority = pubkey(params.text(2)) if params.raw(2) is not None else None
    install(node, params.pubkey(0), _base64(params.text(1)), authority)
    return True


def install(node: NodeContext, program_id: Pubkey, elf: bytes, authority: Pubkey | None) -> None:
    for address, state in program_accounts(program_id, elf, authority):
        node.validator.bank.install(address, state)


def set_account(node: NodeContext, values: object) -> object:
    """`[address, {"lamports", "data": base64, "owner", "executable"} or null]`, at every commitment."""
    params = Params(values, required=2, allowed=2)
    address = params.pubkey(0)
    body = params.raw(1)
    node.validator.bank.install(address, _account(Config(body)) if isinstance(body, Mapping) else None)
    return True


def _account(config: Config) -> AccountState:
    owner = config.optional_text("owner")
    return AccountState(
        unsigned(config.get("lamports"), "u64"),
        _base64(config.optional_text("data") or ""),
        pubkey(owner) if owner else SYSTEM,
        config.flag("executable"),
    )


def _base64(text: str) -> bytes:
    return msgspec.convert(text, bytes)


METHODS = {
    "localnet_setClock": set_clock,
    "localnet_skipSlots": skip_slots,
    "localnet_fork": fork,
    "localnet_dropTransactions": drop_transactions,
    "localnet_setFaults": set_faults,
    "localnet_getFaults": get_faults,
    "localnet_produce": produce,
    "localnet_installProgram": install_program,
    "localnet_setAccount": set_account,
}
