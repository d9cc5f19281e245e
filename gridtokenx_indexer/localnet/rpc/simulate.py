"""simulateTransaction."""

from __future__ import annotations

from collections.abc import Mapping

from solders.hash import Hash
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.localnet.chain.blockhashes import MAX_AGE_BLOCKS
from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.encode.accounts import AccountEncoding
from gridtokenx_indexer.localnet.encode.transactions import loaded_addresses
from gridtokenx_indexer.localnet.errors import invalid_params
from gridtokenx_indexer.localnet.rpc.accounts import encoded
from gridtokenx_indexer.localnet.rpc.context import NodeContext, with_context
from gridtokenx_indexer.localnet.rpc.decode import decode_transaction, wire_encoding
from gridtokenx_indexer.localnet.rpc.params import Config, Params, choice, pubkey, wrong_type
from gridtokenx_indexer.localnet.rpc.send import checked_simulation, has_valid_signatures, prepare_on
from gridtokenx_indexer.localnet.rpc.simulation_answer import simulation_member
from gridtokenx_indexer.localnet.svm.simulation import Simulation
from gridtokenx_indexer.localnet.svm.wire import WireTransaction


def simulate_transaction(node: NodeContext, values: object) -> object:
    params = Params(values, required=1, allowed=2)
    config = params.config(1, "struct RpcSimulateTransactionConfig")
    encoding = wire_encoding(config.get("encoding"))
    verify, replace = config.flag("sigVerify"), config.flag("replaceRecentBlockhash")
    wire, transaction = decode_transaction(params.text(0), encoding)
    bank = node.bank(config)
    replacement: dict[str, object] | None = None
    if replace:
        if verify:
            raise invalid_params("sigVerify may not be used with replaceRecentBlockhash")
        wire, transaction = _with_blockhash(transaction, bank.blockhash)
        replacement = {
            "blockhash": bank.blockhash,
            "lastValidBlockHeight": bank.height + MAX_AGE_BLOCKS,
        }
    prepared = prepare_on(node, wire, transaction, bank)
    wanted = _wanted_accounts(config, len(prepared.keys))
    valid = not verify or has_valid_signatures(transaction)
    simulation = checked_simulation(node, prepared, bank, valid_signatures=valid)
    accounts = _account_members(node, bank, simulation, *wanted) if wanted else None
    loaded = loaded_addresses(prepared.loaded_writable, prepared.loaded_readonly)
    member = simulation_member(
        simulation, accounts, replacement, loaded, with_inner=config.flag("innerInstructions")
    )
    return with_context(bank, member)


def _with_blockhash(
    transaction: VersionedTransaction, blockhash: str
) -> tuple[WireTransaction, VersionedTransaction]:
    message = transaction.message
    fresh: Message | MessageV0
    if isinstance(message, MessageV0):
        fresh = MessageV0(
            message.header,
            message.account_keys,
            Hash.from_string(blockhash),
            message.instructions,
            message.address_table_lookups,
        )
    else:
        fresh = Message.new_with_compiled_instructions(
            message.header.num_required_signatures,
            message.header.num_readonly_signed_accounts,
            message.header.num_readonly_unsigned_accounts,
            message.account_keys,
            Hash.from_string(blockhash),
            message.instructions,
        )
    changed = VersionedTransaction.populate(fresh, transaction.signatures)
    return WireTransaction(bytes(changed)), changed


def _wanted_accounts(config: Config, most: int) -> tuple[list[Pubkey], AccountEncoding] | None:
    value = config.get("accounts")
    if value is None:
        return None
    if not isinstance(value, Mapping) or not isinstance(value.get("addresses"), list):
        raise wrong_type(value, "struct RpcSimulateTransactionAccountsConfig")
    named = value.get("encoding")
    encoding = AccountEncoding.BASE64 if named is None else choice(named, AccountEncoding)
    if encoding in (AccountEncoding.BASE58, AccountEncoding.BINARY):
        raise invalid_params("base58 encoding not supported")
    addresses = value["addresses"]
    if len(addresses) > most:
        raise invalid_params(f"Too many accounts provided; max {most}")
    return [pubkey(each) for each in addresses], encoding


def _account_members(
    node: NodeContext, bank: Block, simulation: Simulation, addresses: list[Pubkey], encoding: AccountEncoding
) -> list[object]:
    if simulation.err is not None:
        return [None] * len(addresses)
    return [
        encoded(
            node,
            bank,
            simulation.states[each] if each in simulation.states else node.account(each, bank),
            encoding,
            None,
        )
        for each in addresses
    ]


METHODS = {"simulateTransaction": simulate_transaction}
