"""Readiness is proven once at a time; without a fresh proof nobody who asks meanwhile is told that it is ready."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from gatekeeper.readiness import FRESH, Check, Proofs, ReadinessReport

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PATIENCE_SECONDS = 20
READY = ReadinessReport((Check("policy", True, "blocks"),))
RED = ReadinessReport((Check("policy", False, "let through"),))


def never() -> ReadinessReport:
    raise AssertionError("two proofs at once")


def asked_meanwhile(proofs: Proofs, *moments: datetime) -> list[ReadinessReport]:
    """What those are told who ask while a proof is being made that finds it red."""
    begun, end = Event(), Event()

    def prove() -> ReadinessReport:
        begun.set()
        end.wait(PATIENCE_SECONDS)
        return RED

    with ThreadPoolExecutor(1) as pool:
        proving = pool.submit(proofs.report, prove, NOW)
        assert begun.wait(PATIENCE_SECONDS)
        told = [proofs.report(never, moment) for moment in moments]
        end.set()
        assert proving.result(PATIENCE_SECONDS) == RED
    return told


def test_one_proof_is_made_at_a_time_and_the_latest_stands_while_it_is_fresh():
    proofs = Proofs()
    assert proofs.report(lambda: READY, NOW) == READY
    fresh, old = asked_meanwhile(proofs, NOW + FRESH, NOW + FRESH + timedelta(microseconds=1))
    assert (fresh, old.ready) == (READY, False)
    assert asked_meanwhile(proofs, NOW) == [RED]


def test_without_a_proof_nobody_is_told_that_it_is_ready():
    (told,) = asked_meanwhile(Proofs(), NOW)
    assert told == ReadinessReport(
        (Check("proof", False, "it is being made for another request; ask again"),)
    )


def test_a_proof_that_breaks_leaves_the_turn_to_the_next():
    proofs = Proofs()
    with pytest.raises(AssertionError):
        proofs.report(never, NOW)
    assert proofs.report(lambda: READY, NOW) == READY
