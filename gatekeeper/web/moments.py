"""Moments in words: relative to now and absolute. Time is an argument; durations are rounded down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def duration(span: timedelta) -> str:
    """`3 hours`, in the largest unit that fits; less than a minute is `a moment`."""
    seconds = int(abs(span.total_seconds()))
    for size, unit in _UNITS:
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "a moment"


def relative(at: datetime, now: datetime) -> str:
    """`3 hours ago` or `in 2 days`."""
    span = at - now
    if abs(span) < timedelta(minutes=1):
        return "just now"
    return f"in {duration(span)}" if span > timedelta(0) else f"{duration(span)} ago"


def absolute(at: datetime) -> str:
    """`24 Nov 2026, 02:51 UTC`."""
    return at.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")


def machine(at: datetime) -> str:
    """The value of a `datetime` attribute."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
