"""What a node says at finality about the token's supply and the projected accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Address, Slot
from gridtokenx_indexer.source.answers import Account, TokenSupply
from gridtokenx_indexer.source.rpc import ACCOUNTS_PER_CALL, Commitment, RpcClient

_OWNER_AT, _AMOUNT_AT, _AMOUNT_END = 32, 64, 72


@dataclass(frozen=True, slots=True)
class ChainBalance:
    """Base units of `mint`, or lamports where it is None, in the finalized bank of `slot`."""

    account: Address
    slot: Slot
    mint: Address | None
    owner: Address | None
    amount: int


@dataclass(frozen=True, slots=True)
class ChainBooks:
    supply: TokenSupply
    balances: tuple[ChainBalance, ...]

    @property
    def newest_slot(self) -> Slot:
        return max(self.supply.context_slot, *(balance.slot for balance in self.balances), Slot(0))


async def read_chain_books(
    rpc: RpcClient, energy_mint: Address, accounts: Sequence[tuple[Address, Address | None]]
) -> ChainBooks:
    """`accounts`: each account with the mint that the projection gives it, None for lamports."""
    supply = await rpc.get_token_supply(energy_mint, Commitment.FINALIZED)
    balances: list[ChainBalance] = []
    for first in range(0, len(accounts), ACCOUNTS_PER_CALL):
        chunk = accounts[first : first + ACCOUNTS_PER_CALL]
        found = await rpc.get_multiple_accounts([account for account, _ in chunk], Commitment.FINALIZED)
        for (address, mint), account in zip(chunk, found.accounts, strict=True):
            balances.append(_balance(address, mint, account, found.context_slot))
    return ChainBooks(supply, tuple(balances))


def _balance(address: Address, mint: Address | None, account: Account | None, slot: Slot) -> ChainBalance:
    if mint is None:
        return ChainBalance(address, slot, None, None, account.lamports if account else 0)
    if account is None or len(account.data) < _AMOUNT_END:
        return ChainBalance(address, slot, None, None, 0)
    return ChainBalance(
        address,
        slot,
        Address(str(Pubkey(account.data[:_OWNER_AT]))),
        Address(str(Pubkey(account.data[_OWNER_AT:_AMOUNT_AT]))),
        int.from_bytes(account.data[_AMOUNT_AT:_AMOUNT_END], "little"),
    )
