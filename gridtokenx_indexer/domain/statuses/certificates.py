"""Energy certificates."""

from __future__ import annotations

from enum import StrEnum


class CertificateType(StrEnum):
    """Kind of certificate."""

    REC = "REC"
    ERC = "ERC"
    IREC = "IREC"


class CertificateStatus(StrEnum):
    """State of a certificate; retired, revoked and expired are final."""

    ACTIVE = "active"
    TRANSFERRED = "transferred"
    RETIRED = "retired"
    REVOKED = "revoked"
    EXPIRED = "expired"
