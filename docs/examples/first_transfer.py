"""Airdrop, transfer, and read the block: a plain solana-py script for a local node.

gridtokenx-indexer localnet            # in one terminal
python docs/examples/first_transfer.py # in another; takes the node's URL as an argument

"""

# ruff: noqa: T201 - a script that shows its output

from __future__ import annotations

import asyncio
import sys

from solana.rpc.async_api import AsyncClient
from solana.rpc.commitment import Confirmed, Finalized
from solana.rpc.types import TxOpts
from solders.keypair import Keypair
from solders.message import Message
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction

LAMPORTS_PER_SOL = 1_000_000_000


async def main(url: str) -> None:
    async with AsyncClient(url, commitment=Confirmed) as client:
        alice, bob = Keypair(), Keypair()

        airdrop = await client.request_airdrop(alice.pubkey(), 2 * LAMPORTS_PER_SOL)
        await client.confirm_transaction(airdrop.value, Confirmed, sleep_seconds=0.1)
        print(f"airdrop  {airdrop.value}")

        latest = await client.get_latest_blockhash()
        payment = transfer(
            TransferParams(from_pubkey=alice.pubkey(), to_pubkey=bob.pubkey(), lamports=LAMPORTS_PER_SOL)
        )
        message = Message.new_with_blockhash([payment], alice.pubkey(), latest.value.blockhash)
        transaction = Transaction([alice], message, latest.value.blockhash)
        sent = await client.send_transaction(transaction, opts=TxOpts(preflight_commitment=Confirmed))
        print(f"transfer {sent.value}")

        # solana-py asks for blocks without a commitment, and then a node gives finalized ones only
        await client.confirm_transaction(sent.value, Finalized, sleep_seconds=0.1)
        landed = await client.get_transaction(sent.value)
        block = await client.get_block(landed.value.slot, max_supported_transaction_version=0)
        print(f"block    {landed.value.slot} {block.value.blockhash} on {block.value.previous_blockhash}")
        for each in block.value.transactions:
            print(f"         {each.transaction.signatures[0]} fee {each.meta.fee} error {each.meta.err}")
        for name, key in (("alice", alice), ("bob", bob)):
            balance = await client.get_balance(key.pubkey())
            print(f"{name:8} {balance.value} lamports")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8899"))
