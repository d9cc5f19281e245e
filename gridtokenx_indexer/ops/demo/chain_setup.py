"""Everything that must stand on chain before the first window: mints, roles, token accounts, allowances."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Address, Signature
from gridtokenx_indexer.domain.units import ENERGY_DECIMALS, PAYMENT_DECIMALS
from gridtokenx_indexer.ops.demo.allowances import Allowance
from gridtokenx_indexer.ops.demo.identities import Participant, demo_keypair
from gridtokenx_indexer.ops.demo.sending import fund, reached, send
from gridtokenx_indexer.ops.demo.token_instructions import (
    MINT_BYTES,
    TOKEN_PROGRAM,
    approve,
    create_mint,
    create_token_account,
    mint_to,
    token_account,
)
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.tx.gridtokenx import pda
from gridtokenx_indexer.tx.gridtokenx.instructions import initialize, register_participant
from gridtokenx_indexer.tx.gridtokenx.values import Limits, ParticipantKind, Roles

_SOL = 10**9
_CONCURRENT_SENDS = 16

DEMO_LIMITS = Limits(
    max_mint_base_units=1_000 * 10**ENERGY_DECIMALS,
    # The day may lie years before the cluster's clock.
    max_window_age=100 * 366 * 96,
    min_price=1,
    max_price=1_000 * 10**PAYMENT_DECIMALS,
    max_fee_bps=100,
)


class Cast(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of one demo: the authority and what it sets up."""

    program_id: Pubkey
    authority: Keypair
    minter: Keypair
    clearer: Keypair
    settler: Keypair
    issuer: Keypair
    energy_mint: Keypair
    payment_mint: Keypair

    @property
    def roles(self) -> Roles:
        return Roles(
            minter=self.minter.pubkey(),
            clearer=self.clearer.pubkey(),
            settler=self.settler.pubkey(),
            issuer=self.issuer.pubkey(),
        )


def demo_cast(program_id: Pubkey, authority: Keypair | None = None) -> Cast:
    """The same keys in every run; `authority` when the program was installed under another one."""
    return Cast(
        program_id=program_id,
        authority=authority or demo_keypair("authority"),
        minter=demo_keypair("minter"),
        clearer=demo_keypair("clearer"),
        settler=demo_keypair("settler"),
        issuer=demo_keypair("issuer"),
        energy_mint=demo_keypair("energy mint"),
        payment_mint=demo_keypair("payment mint"),
    )


async def set_up_chain(
    rpc: RpcClient, cast: Cast, participants: Sequence[Participant], allowed: Mapping[str, Allowance]
) -> None:
    """Returns when all of it is finalized. `allowed` by serial."""
    payers = (cast.authority, cast.minter, cast.clearer, cast.settler)
    await fund(rpc, {Address(str(payer.pubkey())): 100 * _SOL for payer in payers})
    last = await _create_mints_and_config(rpc, cast)
    gate = asyncio.Semaphore(_CONCURRENT_SENDS)

    async def join(participant: Participant) -> Signature:
        async with gate:
            return await _join(rpc, cast, participant, allowed[participant.serial])

    joined = await asyncio.gather(*(join(participant) for participant in participants))
    await reached(rpc, [last, *joined], Commitment.FINALIZED)


async def _create_mints_and_config(rpc: RpcClient, cast: Cast) -> Signature:
    rent = await rpc.get_minimum_balance_for_rent_exemption(MINT_BYTES)
    authority = cast.authority.pubkey()
    energy_authority, _ = pda.mint_authority(cast.program_id)
    energy_mint, payment_mint = cast.energy_mint.pubkey(), cast.payment_mint.pubkey()
    for mint, minted_by, decimals in (
        (cast.energy_mint, energy_authority, ENERGY_DECIMALS),
        (cast.payment_mint, authority, PAYMENT_DECIMALS),
    ):
        creation = create_mint(
            payer=authority, mint=mint.pubkey(), authority=minted_by, decimals=decimals, rent_lamports=rent
        )
        await send(rpc, creation, [cast.authority, mint])
    instructions = [
        create_token_account(payer=authority, owner=authority, mint=payment_mint),
        initialize(
            program_id=cast.program_id,
            payer=authority,
            upgrade_authority=authority,
            energy_mint=energy_mint,
            payment_mint=payment_mint,
            energy_token_program=TOKEN_PROGRAM,
            payment_token_program=TOKEN_PROGRAM,
            fee_recipient=token_account(authority, payment_mint),
            roles=cast.roles,
            limits=DEMO_LIMITS,
        ),
    ]
    return await send(rpc, instructions, [cast.authority])


async def _join(rpc: RpcClient, cast: Cast, participant: Participant, allowed: Allowance) -> Signature:
    """Registers one participant, opens and fills his accounts, and has him approve the delegate."""
    authority, wallet = cast.authority.pubkey(), participant.wallet
    owner = wallet.pubkey()
    delegate, _ = pda.delegate(cast.program_id)
    energy_mint, payment_mint = cast.energy_mint.pubkey(), cast.payment_mint.pubkey()
    energy, payment = token_account(owner, energy_mint), token_account(owner, payment_mint)
    instructions = [
        create_token_account(payer=authority, owner=owner, mint=energy_mint),
        create_token_account(payer=authority, owner=owner, mint=payment_mint),
        mint_to(mint=payment_mint, destination=payment, authority=authority, units=allowed.payment_units),
        approve(account=energy, delegate=delegate, owner=owner, units=allowed.energy_base_units),
        approve(account=payment, delegate=delegate, owner=owner, units=allowed.payment_units),
        register_participant(
            program_id=cast.program_id,
            payer=authority,
            authority=authority,
            wallet=owner,
            kind=ParticipantKind.PRODUCER if participant.produces else ParticipantKind.CONSUMER,
            meter_id=participant.meter_key,
        ),
    ]
    return await send(rpc, instructions, [cast.authority, wallet])
