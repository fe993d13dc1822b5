"""The one place that reads the wall clock. Edges call it; services and pure code are handed the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

_WHOLE_SECONDS = "%Y-%m-%dT%H:%M:%SZ"

Clock = Callable[[], datetime]
"""Tells the time when it is asked: for who has to wait for its turn before the time counts."""


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(at: datetime) -> str:
    """An aware datetime as RFC 3339 in UTC with microseconds, e.g. `2026-01-01T06:48:04.934000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def rfc3339_seconds(at: datetime) -> str:
    """The same with whole seconds, as permits and their keys have it, e.g. `2026-01-01T06:48:04Z`."""
    return at.astimezone(UTC).strftime(_WHOLE_SECONDS)


def from_rfc3339_seconds(text: str) -> datetime:
    """Read back what `rfc3339_seconds` wrote. Raises ValueError."""
    return datetime.strptime(text, _WHOLE_SECONDS).replace(tzinfo=UTC)


def optional_rfc3339(at: datetime | None) -> str | None:
    """The same, for what may not have happened."""
    return None if at is None else rfc3339(at)


def unix_seconds(at: datetime) -> int:
    """An aware datetime as whole seconds since 1970, which is how policy is told the time."""
    return int(at.timestamp())


def from_rfc3339(text: str) -> datetime:
    """Read back what `rfc3339` wrote."""
    return datetime.fromisoformat(text)
