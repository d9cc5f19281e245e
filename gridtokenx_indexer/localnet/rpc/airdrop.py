"""requestAirdrop: a transfer from the faucet's own key."""

from __future__ import annotations

from solders.hash import Hash
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.localnet.rpc.context import NodeContext, commitment_of
from gridtokenx_indexer.localnet.rpc.params import Params
from gridtokenx_indexer.localnet.svm.wire import WireTransaction


def request_airdrop(node: NodeContext, values: object) -> object:
    """Answers a signature whatever becomes of the transaction, as the real faucet does."""
    params = Params(values, required=2, allowed=3)
    address, lamports = params.pubkey(0), params.u64(1)
    config = params.config(2, "struct RpcRequestAirdropConfig")
    blockhash = config.optional_text("recentBlockhash") or node.newest(commitment_of(config)).blockhash
    return airdrop(node, address, lamports, Hash.from_string(blockhash))


def airdrop(node: NodeContext, address: Pubkey, lamports: int, blockhash: Hash) -> str:
    """Submit the transfer; equal requests under one blockhash are one transaction."""
    instruction = transfer(
        TransferParams(from_pubkey=node.faucet.pubkey(), to_pubkey=address, lamports=lamports)
    )
    message = Message.new_with_blockhash([instruction], node.faucet.pubkey(), blockhash)
    transaction = VersionedTransaction(message, [node.faucet])
    wire = WireTransaction(bytes(transaction))
    node.validator.submit(wire, transaction)
    return wire.signature


METHODS = {"requestAirdrop": request_airdrop}
