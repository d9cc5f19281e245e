"""The rows that indexing the sample's chain would have left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from gridtokenx_indexer.decode.facts import InstructionPath
from gridtokenx_indexer.domain.ids import Signature, Slot
from gridtokenx_indexer.mint.operation import MINT_KIND, parse_key
from gridtokenx_indexer.ops.sample.chain import BLOCK_TIME, FINALITY, Chain, Transaction
from gridtokenx_indexer.ops.sample.chunk import Chunk, Row, chunk, micro
from gridtokenx_indexer.ops.sample.world import World
from gridtokenx_indexer.store.event_ids import event_id
from gridtokenx_indexer.tx.lifecycle import MAX_BLOCKHASH_AGE, AttemptStatus

_FEE_LAMPORTS = 5_000
_CALL = InstructionPath(1)
"""Behind the compute budget."""
_WINDOWS_A_DAY = 96
_LEASE_TERM = 1


def blocks(world: World) -> Iterator[Chunk]:
    """Every block of the sample, linked, and how far the index reaches."""
    chain = world.chain
    rows: list[Row] = []
    for number in range(chain.first, chain.head + 1):
        slot, parent = Slot(number), Slot(number - 1)
        status = "finalized" if slot <= chain.final else "confirmed"
        linked = (parent, chain.blockhash(slot), chain.blockhash(parent), chain.height_of(slot))
        rows.append((slot, status, *linked, chain.time_of(slot)))
    yield chunk(
        "indexer.slots",
        "slot status parent_slot blockhash previous_blockhash block_height block_time",
        rows,
    )
    ends = [(slot, chain.blockhash(slot), chain.height_of(slot)) for slot in (chain.head, chain.final)]
    cursor = ("chain", chain.genesis_hash, chain.terms.program_id, chain.first, *ends[0], *ends[1])
    yield chunk(
        "indexer.cursors",
        "name genesis_hash program_id anchor_slot head_slot head_blockhash head_block_height"
        " finalized_slot finalized_blockhash finalized_block_height finalized_block_time lease_term",
        [(*cursor, chain.time_of(chain.final), _LEASE_TERM)],
    )


def facts(world: World) -> Iterator[Chunk]:
    """Transactions and events, after everything that lands has landed."""
    chain = world.chain
    landed = [one for one in chain.transactions if one.slot is not None]
    users = {person.wallet: person.id for person in world.people if person.wallet is not None}
    yield chunk(
        "public.blockchain_transactions",
        "slot signature tx_index user_id fee_payer signers program_ids status error fee_lamports"
        " compute_units_consumed version log_truncated recent_blockhash block_time",
        [_transaction_row(chain, one, users.get(one.signer)) for one in landed],
    )
    yield chunk(
        "public.blockchain_events",
        "id slot event_type signature data processed_at program_id tx_index instruction_path event_ordinal"
        " source block_time",
        [row for one in landed for row in _event_rows(chain, one)],
    )
    yield from attempts(chain)
    yield from metrics(world, landed)


def compute_units(one: Transaction) -> int:
    return 6_000 + 27_000 * max(1, len(one.operations) if one.operations else len(one.events))


def _transaction_row(chain: Chain, one: Transaction, user: UUID | None) -> Row:
    assert one.slot is not None
    return (
        one.slot,
        one.signature,
        one.tx_index,
        user,
        one.signer,
        [str(one.signer)],
        [str(chain.terms.program_id)],
        "failed" if one.error else "confirmed",
        one.error,
        _FEE_LAMPORTS,
        compute_units(one),
        0,
        False,
        chain.blockhash(one.blockhash_slot),
        chain.time_of(one.slot),
    )


def _event_rows(chain: Chain, one: Transaction) -> Iterator[Row]:
    assert one.slot is not None
    moment = chain.time_of(one.slot)
    for ordinal, event in enumerate(one.events):
        yield (
            event_id(one.slot, one.tx_index, _CALL, ordinal, Signature(one.signature)),
            one.slot,
            event.name,
            one.signature,
            event.data,
            moment + BLOCK_TIME / 10,
            chain.terms.program_id,
            one.tx_index,
            _CALL,
            ordinal,
            "cpi",
            moment,
        )


def attempts(chain: Chain) -> Iterator[Chunk]:
    """What our own workers wrote down of their transactions."""
    ours = [one for one in chain.transactions if one.lease is not None]
    yield chunk(
        "indexer.tx_attempts",
        "blockhash_slot signature kind signer transaction blockhash last_valid_block_height fee_lamports"
        " compute_unit_limit compute_unit_price_micro_lamports lease_name lease_term status sends"
        " first_sent_at last_sent_at last_send_error spent_slot spent_error created_at closed_at",
        [_attempt_row(chain, one) for one in ours],
    )
    yield chunk(
        "indexer.tx_attempt_items",
        "operation blockhash_slot signature ordinal live",
        [
            (operation, one.blockhash_slot, one.signature, ordinal, one.status is AttemptStatus.SENT)
            for one in ours
            for ordinal, operation in enumerate(one.operations)
        ],
    )
    yield chunk(
        "indexer.tx_death_certificates",
        "blockhash_slot signature from_slot from_blockhash from_block_height to_slot to_blockhash"
        " to_block_height blocks_searched certified_at",
        [_certificate_row(chain, one) for one in ours if one.status is AttemptStatus.DEAD],
    )


def _past_expiry(one: Transaction) -> Slot:
    """The block that proves that a transaction can land no more."""
    return Slot(one.blockhash_slot + MAX_BLOCKHASH_AGE + 1)


def _attempt_row(chain: Chain, one: Transaction) -> Row:
    closed_at = {
        AttemptStatus.SPENT: chain.time_of(one.slot or chain.head) + FINALITY,
        AttemptStatus.DEAD: chain.time_of(_past_expiry(one)) + FINALITY,
    }.get(one.status)
    sent_at = one.signed_at + timedelta(milliseconds=40)
    return (
        one.blockhash_slot,
        one.signature,
        one.kind,
        one.signer,
        f"sample {one.signature}".encode(),
        chain.blockhash(one.blockhash_slot),
        chain.height_of(one.blockhash_slot) + MAX_BLOCKHASH_AGE,
        _FEE_LAMPORTS,
        compute_units(one) + 1_000,
        0,
        one.lease,
        _LEASE_TERM,
        one.status,
        1,
        sent_at,
        sent_at,
        "Node is behind by 160 slots" if one.status is AttemptStatus.DEAD else None,
        one.slot,
        one.error,
        one.signed_at,
        closed_at,
    )


def _certificate_row(chain: Chain, one: Transaction) -> Row:
    first, last = one.blockhash_slot, _past_expiry(one)
    ends = [item for slot in (first, last) for item in (slot, chain.blockhash(slot), chain.height_of(slot))]
    return (first, one.signature, *ends, last - first, chain.time_of(last) + FINALITY)


def metrics(world: World, landed: list[Transaction]) -> Iterator[Chunk]:
    """Figures about the blocks that held one of our transactions, and the totals of minting."""
    chain = world.chain
    by_block: dict[Slot, list[Transaction]] = defaultdict(list)
    for one in landed:
        by_block[one.slot or chain.head].append(one)
    yield chunk(
        "monitoring.transaction_metrics",
        "block_number transaction_count total_gas_used total_fees energy_traded avg_confirmation_time"
        " recorded_at",
        [
            (
                slot,
                len(held),
                sum(map(compute_units, held)),
                Decimal(_FEE_LAMPORTS * len(held)) / 10**9,
                micro(sum(_traded(one) for one in held) // 1_000),
                Decimal(_confirmation_ms(one_of=held)) / 1_000,
                chain.time_of(slot),
            )
            for slot, held in sorted(by_block.items())
        ],
    )
    minted: dict[int, list[int]] = defaultdict(list)
    for one in landed:
        if one.kind == MINT_KIND and one.error is None:
            for operation, event in zip(one.operations, one.events, strict=True):
                window, _ = parse_key(operation)
                minted[window - window % _WINDOWS_A_DAY].append(int(event.data["amount"]))
    yield chunk(
        "indexer.mint_totals",
        "day_start_window operations minted_base_units",
        [(day, len(amounts), sum(amounts)) for day, amounts in sorted(minted.items())],
    )


def _traded(one: Transaction) -> int:
    results = [result for event in one.events for result in event.data.get("results", ())]
    return sum(int(result["energy"]) for result in results if result["outcome"] == "Settled")


def _confirmation_ms(*, one_of: list[Transaction]) -> int:
    return 400 + sum(one.signature.encode()[0] for one in one_of) * 7 % 900
