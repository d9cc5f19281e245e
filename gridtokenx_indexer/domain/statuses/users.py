"""Who a user is and where his account stands."""

from __future__ import annotations

from enum import StrEnum


class UserRole(StrEnum):
    """Role in the community."""

    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"


class HostingRole(StrEnum):
    """Role in hosting."""

    OWNER = "owner"
    ADMIN = "admin"
    USER = "user"
    CLIENT = "client"
    GUEST = "guest"


class UserType(StrEnum):
    """What a user does in the market."""

    PROSUMER = "prosumer"
    CONSUMER = "consumer"
    CORPORATE = "corporate"


class UserStatus(StrEnum):
    """State of the account; only ACTIVE goes with is_active."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DELETED = "DELETED"


class KycStatus(StrEnum):
    """How far the identity check has come."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"
    EXPIRED = "expired"
