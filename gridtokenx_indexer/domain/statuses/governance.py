"""Proposals and votes."""

from __future__ import annotations

from enum import StrEnum


class ProposalStatus(StrEnum):
    """State of a proposal; passed, rejected and expired are final."""

    DRAFT = "draft"
    ACTIVE = "active"
    PASSED = "passed"
    REJECTED = "rejected"
    EXPIRED = "expired"


class VoteType(StrEnum):
    """What a vote says."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
