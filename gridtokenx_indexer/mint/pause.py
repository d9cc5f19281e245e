"""Whether the program is paused: what is sent then only costs fees."""

from __future__ import annotations

import time
from collections.abc import Callable

from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import Address
from gridtokenx_indexer.source.rpc import Commitment
from gridtokenx_indexer.tx.gridtokenx import accounts, pda
from gridtokenx_indexer.tx.ports import AccountReader


class ProgramPause:
    """Reads the program's config account, at most every `max_age_s` of real time."""

    def __init__(
        self,
        reader: AccountReader,
        program_id: Pubkey,
        *,
        max_age_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._config = Address(str(pda.config(program_id)[0]))
        self._max_age_s = max_age_s
        self._clock = clock
        self._read_at = -max_age_s
        self._paused = False

    async def active(self) -> bool:
        """At confirmed commitment. False without a config account: then sending tells more than waiting."""
        if self._clock() - self._read_at >= self._max_age_s:
            answer = await self._reader.get_multiple_accounts([self._config], Commitment.CONFIRMED)
            (account,) = answer.accounts
            self._paused = account is not None and accounts.config(account.data).paused
            self._read_at = self._clock()
        return self._paused
