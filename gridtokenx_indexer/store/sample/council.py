"""Proposals with their votes and comments; programs and their calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from gridtokenx_indexer.store.sample.context import Chunk, Sample, chunk

VOTED_BEFORE = timedelta(days=5)


def council(sample: Sample) -> Iterator[Chunk]:
    """Votes are cast `VOTED_BEFORE` the end of the sample, when all are open; every third is over by then."""
    ids = [sample.uuid() for _ in range(sample.scale.proposals)]
    voters = {proposal: sample.chance.sample(sample.users, min(len(sample.users), 25)) for proposal in ids}
    yield chunk(
        "governance.proposals",
        "id proposer_id title description type status metadata voting_start voting_end total_voting_power",
        [
            (
                proposal,
                sample.user(),
                f"Proposal {n}",
                "Sample.",
                "pricing",
                "active",
                {"n": n},
                sample.ago(days=10),
                sample.ago(days=1 if n % 3 == 0 else -4),
                100,
            )
            for n, proposal in enumerate(ids)
        ],
    )
    yield chunk(
        "governance.voting_power_snapshots",
        "proposal_id user_id voting_power",
        [(proposal, user, 4) for proposal, users in voters.items() for user in users],
    )
    yield chunk(
        "governance.votes",
        "proposal_id voter_id vote_type voting_power",
        [
            (proposal, user, sample.pick("yes", "yes", "no", "abstain"), 4)
            for proposal, users in voters.items()
            for user in users[:18]
        ],
    )
    comments: list[tuple[UUID, UUID, UUID | None]] = [
        (sample.uuid(), proposal, None) for proposal in ids for _ in range(5)
    ]
    comments += [(sample.uuid(), proposal, parent) for parent, proposal, _ in comments[::2]]
    yield chunk(
        "governance.comments",
        "id proposal_id user_id parent_id content likes created_at",
        [
            (
                key,
                proposal,
                sample.user(),
                parent,
                "A thought.",
                sample.chance.randrange(20),
                sample.ago(minutes=n),
            )
            for n, (key, proposal, parent) in enumerate(comments)
        ],
    )
    program = sample.address()
    yield chunk(
        "blockchain.smart_contracts",
        "contract_address deployer contract_name abi",
        [(program, sample.address(), "gridtokenx", {"spec": "0.1.0"})],
    )
    yield chunk(
        "blockchain.contract_executions",
        "transaction_hash contract_address caller method_name input_data gas_used status executed_at",
        [
            (
                sample.signature(),
                program,
                sample.wallets[n % len(sample.wallets)],
                "mint_energy",
                {"n": n},
                20_000,
                "failed" if n % 25 == 0 else "success",
                sample.ago(minutes=n),
            )
            for n in range(200)
        ],
    )
