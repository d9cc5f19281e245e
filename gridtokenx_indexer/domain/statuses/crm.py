"""Leads, deals, invoices."""

from __future__ import annotations

from enum import StrEnum


class LeadStatus(StrEnum):
    """State of a lead."""

    NEW = "new"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    CONVERTED = "converted"
    LOST = "lost"


class LeadSource(StrEnum):
    """Where a lead came from."""

    WEBSITE = "website"
    REFERRAL = "referral"
    COLD_CALL = "cold_call"


class DealStage(StrEnum):
    """Stage of a deal."""

    DISCOVERY = "discovery"
    PROPOSAL = "proposal"
    NEGOTIATION = "negotiation"
    CLOSED_WON = "closed_won"
    CLOSED_LOST = "closed_lost"


class InvoiceStatus(StrEnum):
    """State of an invoice."""

    DRAFT = "draft"
    SENT = "sent"
    PAID = "paid"
    OVERDUE = "overdue"


class ActivityType(StrEnum):
    """Kind of contact."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    NOTE = "note"
