"""Producers, consumers, storage, carbon credits, health of the grid."""

from __future__ import annotations

from enum import StrEnum


class ProducerType(StrEnum):
    """Kind of producer."""

    RESIDENTIAL = "residential"
    COMMERCIAL = "commercial"
    INDUSTRIAL = "industrial"
    UTILITY = "utility"
    COMMUNITY = "community"


class ConsumerType(StrEnum):
    """Kind of consumer."""

    RESIDENTIAL = "residential"
    COMMERCIAL = "commercial"
    INDUSTRIAL = "industrial"
    AGRICULTURAL = "agricultural"
    MUNICIPAL = "municipal"


class CongestionLevel(StrEnum):
    """How full a node of the grid is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class CarbonCreditStatus(StrEnum):
    """State of a credit; all but active are final."""

    ACTIVE = "active"
    RETIRED = "retired"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class StorageStatus(StrEnum):
    """State of a storage system."""

    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    OFFLINE = "offline"


class StorageOperation(StrEnum):
    """Direction of energy, seen from the storage."""

    CHARGE = "charge"
    DISCHARGE = "discharge"


class MetricType(StrEnum):
    """How a metric is to be read."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
