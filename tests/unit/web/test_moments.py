from datetime import UTC, datetime, timedelta, timezone

import pytest

from gatekeeper.web.moments import absolute, duration, machine, relative

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-59), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=-59, seconds=-59), "59 minutes ago"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(hours=-47), "1 day ago"),
        (timedelta(days=-400), "400 days ago"),
        (timedelta(hours=3), "in 3 hours"),
    ],
)
def test_moments_are_told_relative_to_now(span, words):
    assert relative(NOW + span, NOW) == words


def test_absolute_moments_are_utc_whatever_zone_they_came_in():
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert (absolute(there), machine(there)) == ("2 Mar 2026, 10:00 UTC", "2026-03-02T10:00:00Z")


def test_less_than_a_minute_is_a_moment():
    assert duration(timedelta(seconds=12)) == "a moment"
