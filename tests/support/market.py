"""Users, orders, a market clock and a lease for tests of the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import EpochNumber
from gridtokenx_indexer.domain.windows import epoch_end, epoch_start
from gridtokenx_indexer.market.chain_terms import ChainTerms
from gridtokenx_indexer.market.clearer import ensure_epochs, start_clearing
from gridtokenx_indexer.market.clearing_run import ClearedEpoch, clear_epoch
from gridtokenx_indexer.market.config import MarketConfig
from gridtokenx_indexer.tx.ports import Connection, Pool
from tests.support.leases import StandingLease, take_lease

EPOCH = EpochNumber(202611211000)
NEXT_EPOCH = EpochNumber(202611211015)
DURING = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
CONFIG = MarketConfig()

TOKEN_PROGRAM = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")


def some_key(number: int) -> Pubkey:
    return Keypair.from_seed(number.to_bytes(32, "big")).pubkey()


TERMS = ChainTerms(
    program_id=some_key(1),
    fee_recipient=some_key(2),
    energy_mint=some_key(3),
    payment_mint=some_key(4),
    energy_token_program=TOKEN_PROGRAM,
    payment_token_program=TOKEN_PROGRAM,
    min_price=1,
    max_price=10**9,
    max_fee_bps=500,
    paused=False,
)


class FixedTerms:
    """The program's config without a node."""

    def __init__(self, terms: ChainTerms = TERMS) -> None:
        self._terms = terms

    async def terms(self) -> ChainTerms:
        return self._terms


async def set_market_time(pool: Pool, moment: datetime) -> None:
    """Moves the market clock to `moment`; it goes on from there."""
    await pool.execute(
        "SELECT indexer.set_market_clock_offset((extract(epoch FROM $1 - now()) * 1000)::bigint)",
        moment,
    )


async def add_user(pool: Pool, number: int, *, wallet: bool = True) -> UUID:
    user_id = UUID(int=number)
    await pool.execute(
        "INSERT INTO users (id, email, wallet_address) VALUES ($1, $2, $3)",
        user_id,
        f"user{number}@example.org",
        str(some_key(1000 + number)) if wallet else None,
    )
    return user_id


async def add_order(
    pool: Pool | Connection, number: int, user: UUID, side: str, energy: str, price: str, **columns: Any
) -> UUID:
    """Enters an order of `energy` kWh at `price`; `columns` are set as given."""
    values: dict[str, Any] = {
        "id": UUID(int=(1 << 96) + number),
        "user_id": user,
        "order_type": side,
        "energy_amount": Decimal(energy),
        "price_per_kwh": Decimal(price),
        **columns,
    }
    places = ", ".join(f"${at}" for at in range(1, len(values) + 1))
    await pool.execute(
        f"INSERT INTO trading_orders ({', '.join(values)}) VALUES ({places})",
        *values.values(),
    )
    return UUID(int=(1 << 96) + number)


@dataclass(frozen=True, slots=True)
class Market:
    """A database whose market clock stands in `EPOCH`, and the lease under which it is cleared."""

    pool: Pool
    lease: StandingLease

    async def users(self, *numbers: int) -> list[UUID]:
        return [await add_user(self.pool, number) for number in numbers]

    async def close(self, epoch: EpochNumber = EPOCH) -> None:
        """Passes the end of `epoch` and shuts its gate."""
        await set_market_time(self.pool, epoch_end(epoch))
        await ensure_epochs(self.pool, CONFIG)
        await start_clearing(self.pool, epoch, self.lease)

    async def run_clearing(
        self, epoch: EpochNumber = EPOCH, config: MarketConfig = CONFIG
    ) -> ClearedEpoch | None:
        return await clear_epoch(self.pool, epoch, self.lease, config, TERMS)

    async def clear(self, epoch: EpochNumber = EPOCH) -> ClearedEpoch:
        await self.close(epoch)
        cleared = await self.run_clearing(epoch)
        assert cleared is not None
        return cleared

    async def orders(self, *columns: str) -> list[tuple[Any, ...]]:
        """The columns of all orders, by id."""
        rows = await self.pool.fetch(f"SELECT {', '.join(columns)} FROM trading_orders ORDER BY id")
        return [tuple(row) for row in rows]


async def open_market(pool: Pool) -> Market:
    await set_market_time(pool, DURING)
    await ensure_epochs(pool, CONFIG)
    return Market(pool, await take_lease(pool, "clearer"))


assert epoch_start(EPOCH) < DURING < epoch_end(EPOCH)
