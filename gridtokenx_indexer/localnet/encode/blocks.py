"""Blocks as getBlock answers them."""

from __future__ import annotations

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.encode.transactions import Details, Encoding, transaction_member
from gridtokenx_indexer.localnet.errors import unsupported_version


def block_member(
    block: Block,
    leader: Pubkey,
    encoding: Encoding,
    details: Details,
    max_version: int | None,
    *,
    rewards: bool,
) -> dict[str, object]:
    """Raises `RpcError` -32015 at the first transaction whose version the client does not take."""
    body: dict[str, object] = {
        "blockHeight": block.height,
        "blockTime": block.unix_time,
        "blockhash": block.blockhash,
        "parentSlot": block.parent_slot,
        "previousBlockhash": block.previous_blockhash,
    }
    if rewards:
        body["rewards"] = block_rewards(block, leader)
    if details is Details.SIGNATURES:
        body["signatures"] = [each.wire.signature for each in block.transactions]
    elif details is not Details.NONE:
        for each in block.transactions:
            check_version(each.wire.message.version, max_version)
        body["transactions"] = [
            transaction_member(each, encoding, details, with_version=max_version is not None)
            for each in block.transactions
        ]
    return body


def check_version(version: int | None, max_version: int | None) -> None:
    if version is not None and (max_version is None or version > max_version):
        raise unsupported_version(version)


def block_rewards(block: Block, leader: Pubkey) -> list[dict[str, object]]:
    if not block.reward_lamports:
        return []
    return [
        {
            "commission": None,
            "lamports": block.reward_lamports,
            "postBalance": block.leader_lamports,
            "pubkey": str(leader),
            "rewardType": "Fee",
        }
    ]
