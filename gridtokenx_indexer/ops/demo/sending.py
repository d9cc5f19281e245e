"""Transactions that people send in the demo: the authority and the owners of wallets, not the daemon."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.transaction import Transaction

from gridtokenx_indexer.domain.errors import RetryableError, StopError
from gridtokenx_indexer.domain.ids import Address, Signature
from gridtokenx_indexer.source.rpc import Commitment, RpcClient

_POLL_S = 0.05
_LANDING_LIMIT_S = 120.0
_LEVELS = ("processed", "confirmed", "finalized")


async def send(rpc: RpcClient, instructions: Sequence[Instruction], signers: Sequence[Keypair]) -> Signature:
    """Signs with a fresh blockhash, the first signer paying, and returns once the transaction is confirmed.

    Raises `StopError` when it failed on chain, `RetryableError` when it did not land in time.
    """
    latest = await rpc.get_latest_blockhash(Commitment.CONFIRMED)
    blockhash = Hash.from_string(latest.blockhash)
    message = Message.new_with_blockhash(list(instructions), signers[0].pubkey(), blockhash)
    signature = await rpc.send_transaction(bytes(Transaction(list(signers), message, blockhash)))
    await reached(rpc, [signature], Commitment.CONFIRMED)
    return signature


async def reached(rpc: RpcClient, signatures: Sequence[Signature], commitment: Commitment) -> None:
    """Returns when all of them have landed and reached `commitment`; errors as `send`."""
    wanted = _LEVELS[_LEVELS.index(commitment) :]
    deadline = asyncio.get_running_loop().time() + _LANDING_LIMIT_S
    left = list(signatures)
    while left:
        statuses = await rpc.get_signature_statuses(left[:256])
        waiting = []
        for signature, status in zip(left[:256], statuses, strict=True):
            if status is not None and status.err is not None:
                raise StopError(f"transaction {signature} failed on chain: {status.err}")
            if status is None or status.confirmation_status not in wanted:
                waiting.append(signature)
        left = waiting + left[256:]
        if left and asyncio.get_running_loop().time() > deadline:
            raise RetryableError(
                f"{len(left)} transactions did not become {commitment}, the first is {left[0]}",
                remedy="look at the node's log",
            )
        if left:
            await asyncio.sleep(_POLL_S)


async def fund(rpc: RpcClient, lamports: dict[Address, int]) -> None:
    """Airdrops to each address and waits until all have arrived."""
    signatures = [await rpc.request_airdrop(address, amount) for address, amount in lamports.items()]
    await reached(rpc, signatures, Commitment.CONFIRMED)
