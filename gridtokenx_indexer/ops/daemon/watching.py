"""Our keys are watched before anything is signed with them, whichever process follows."""

from __future__ import annotations

import logging

from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.store.pool import Pool
from gridtokenx_indexer.store.watch_list import watch_signers
from gridtokenx_indexer.tx.signer import KeyRing

log = logging.getLogger(__name__)


async def watch_keys(pool: Pool, keys: KeyRing) -> None:
    """At the start of the daemon; a key stays watched until `keys retire`."""
    added = await watch_signers(pool, (Address(str(key)) for key in keys.pubkeys()))
    if added:
        log.info("keys_watched", extra={"keys": added})
