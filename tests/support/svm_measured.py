"""The table of `programs/README.md`: what the program costs, measured on the SVM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solders.compute_budget import set_compute_unit_price
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.ids import meter_key
from gridtokenx_indexer.tx.gridtokenx import pda
from tests.support import svm_tokens as tokens
from tests.support.svm import EPOCH, Chain, key, program_bytes
from tests.support.svm_instructions import CERTIFICATE_ID, SCENARIOS, prepare
from tests.support.svm_market import NOW_WINDOW, ZONE, Market, Trade, terms
from tests.support.svm_packing import Full, fill

BUDGET_UNITS = 150
"""What the limit instruction of every test transaction costs itself."""
LAMPORTS_PER_SOL = 10**9
METER = meter_key("meter 1")
PAGE = pda.ledger_page(METER, NOW_WINDOW - 1)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def number(value: int) -> str:
    return f"{value:,}"


def sol(lamports: int) -> str:
    whole, part = divmod(lamports, LAMPORTS_PER_SOL)
    return f"{whole}.{part:09d}"


def instruction_rows() -> Iterator[tuple[str, str]]:
    """Every instruction in the state in which the tests let it succeed."""
    for name in SCENARIOS:
        prepared = prepare(name)
        landed = prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
        note = {"mint_energy": ", new ledger", "settle_trades": ", 2 trades"}.get(name, "")
        yield f"`{name}`{note}", number(landed.units - BUDGET_UNITS)
        if name in {"mint_energy", "settle_trades", "open_settlement"}:
            landed = prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
            yield f"`{name}`, all skipped", number(landed.units - BUDGET_UNITS)


def account_rows() -> Iterator[tuple[str, str, str, str]]:
    """Bytes and rent of one account of every kind."""
    program_id = pda.DEFAULT_PROGRAM_ID
    kinds = [
        ("Config", "initialize", pda.config(program_id), ""),
        ("Participant", "register_participant", pda.participant(program_id, key("wallet").pubkey()), ""),
        ("Ledger", "mint_energy", pda.ledger(program_id, METER, PAGE), "4,096 windows of a meter"),
        ("Zone", "open_settlement", pda.zone(program_id, ZONE), "never closed"),
        (
            "Settlement",
            "open_settlement",
            pda.settlement(program_id, EPOCH, ZONE, 0),
            "and a bit per trade beyond 8",
        ),
        (
            "Certificate",
            "issue_certificate",
            pda.certificate(program_id, CERTIFICATE_ID),
            f"with an id of {len(CERTIFICATE_ID)} bytes",
        ),
    ]
    for kind, name, (address, _), note in kinds:
        prepared = prepare(name)
        prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
        size = len(prepared.market.chain.data(address))
        rent = prepared.market.chain.lamports(address)
        assert rent == prepared.market.chain.rent(size)
        yield f"{kind}{', ' + note if note else ''}", number(size), number(rent), sol(rent)
    size = len(program_bytes())
    rent = Chain().rent(size + 45)
    yield "ProgramData, with the program", number(size + 45), number(rent), sol(rent)


def full_mints(market: Market, *, new_ledgers: bool) -> Full:
    sellers = [market.trader(f"seller {n}") for n in range(25)]
    meters = [meter_key(f"meter {n}") for n in range(25)]
    if not new_ledgers:
        for seller, meter in zip(sellers, meters, strict=True):
            mint = market.mint(seller.energy, meter=meter, window=NOW_WINDOW - 2)
            market.chain.send(mint, signers=[market.minter])
    pairs = list(zip(sellers, meters, strict=True))
    price = set_compute_unit_price(1_000)
    return fill(
        market.chain,
        lambda count: [price, *(market.mint(s.energy, meter=m) for s, m in pairs[:count])],
        [market.minter],
        with_table=True,
        most=24,
    )


def full_trades(market: Market, pairs: int) -> Full:
    market.chain.svm.airdrop(market.settler.pubkey(), 10**10)
    sellers = [market.trader(f"seller {n}") for n in range(pairs)]
    buyers = [market.trader(f"buyer {n}", payment=10**9) for n in range(pairs)]
    for seller in sellers:
        market.give_energy(seller, 10**9)
    trades = [Trade(sellers[n % pairs], buyers[(n + n // pairs) % pairs], terms(10**6)) for n in range(1_024)]
    result = market.publish(trades)
    price = set_compute_unit_price(1_000)
    return fill(
        market.chain,
        lambda count: [price, market.settle(result, 512, count)],
        [market.settler],
        with_table=True,
        most=24,
    )


def transaction_rows() -> Iterator[Sequence[str]]:
    """Full transactions; compute with SPL Token and with Token-2022 for both tokens."""

    def both(kind: str, made: Sequence[Full]) -> Sequence[str]:
        first, second = made
        landed = first.landed
        figures = (first.items, landed.size_bytes, landed.locks, landed.trace)
        assert (second.items, second.landed.size_bytes) == (first.items, landed.size_bytes)
        units = [number(full.landed.units) for full in made]
        return [kind, *map(number, figures), first.limited_by, *units]

    def market(program: Pubkey) -> Market:
        return Market(energy_program=program, payment_program=program)

    programs = (tokens.SPL_TOKEN, tokens.TOKEN_2022)
    yield both("mints", [full_mints(market(p), new_ledgers=False) for p in programs])
    yield both("mints, new ledgers", [full_mints(market(p), new_ledgers=True) for p in programs])
    yield both("trades, 2 parties", [full_trades(market(p), 1) for p in programs])
    yield both("trades, 16 parties", [full_trades(market(p), 8) for p in programs])
    yield both("trades, 60 parties", [full_trades(market(p), 30) for p in programs])


def measured() -> str:
    """The whole table in Markdown."""
    blocks = [
        table(["instruction", "compute units"], list(instruction_rows())),
        table(["account", "bytes", "rent, lamports", "rent, SOL"], list(account_rows())),
        table(
            ["transaction", "items", "bytes", "locks", "trace", "limit", "units, SPL", "units, 2022"],
            list(transaction_rows()),
        ),
    ]
    return "\n\n".join("\n".join(block) for block in blocks)
