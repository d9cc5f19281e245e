"""The follower: what it watches follows from the program's config account, the settings and all our keys."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.ops.daemon.parts import Parts
from gridtokenx_indexer.project.config import FollowerConfig
from gridtokenx_indexer.project.follower import FollowerService
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.websocket import SlotBell, websocket_urls
from gridtokenx_indexer.store.chain_reader import IdlText
from gridtokenx_indexer.tx.gridtokenx import pda

FOLLOWER_LEASE = "follower"


def follower_config(parts: Parts) -> FollowerConfig:
    terms = parts.terms
    signers = tuple(sorted(str(key) for key in parts.keys.pubkeys()))
    mints = (str(terms.energy_mint), str(terms.payment_mint))
    given = parts.settings.section("index")
    values = {
        **given,
        "program": str(parts.program_id),
        "anchor_address": str(pda.config(parts.program_id)[0]),
        "energy_mint": str(terms.energy_mint),
        "mints": (*mints, *_addresses(given["mints"])),
        "lamport_accounts": (*signers, *_addresses(given["lamport_accounts"])),
        "signers": signers,
    }
    return msgspec.convert(values, FollowerConfig)


def _addresses(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return value


def build_follower(parts: Parts, rpc_config: RpcConfig) -> FollowerService:
    return FollowerService(
        parts.pool,
        parts.rpc,
        parts.lease(FOLLOWER_LEASE),
        follower_config(parts),
        idls=[IdlText(Address(str(parts.program_id)), parts.program.idl)],
        bell=SlotBell(websocket_urls(rpc_config)),
    )
