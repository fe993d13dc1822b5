"""Durations of repeated work, in seconds, and what is said of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Timing:
    """The durations of single pieces of work, and how long all of them took on the clock together."""

    durations: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    pieces: int = 0

    @contextmanager
    def piece(self, of: int = 1) -> Iterator[None]:
        """Time one call that does `of` pieces of work."""
        start = time.perf_counter()
        yield
        self.durations.append(time.perf_counter() - start)
        self.pieces += of

    @contextmanager
    def all(self) -> Iterator[None]:
        """Time everything from here to there on the clock."""
        start = time.perf_counter()
        yield
        self.elapsed += time.perf_counter() - start

    @property
    def per_second(self) -> float:
        """Pieces of work per second on the clock."""
        return self.pieces / (self.elapsed or sum(self.durations))

    def milliseconds(self, percent: float) -> float:
        """The duration of a call that `percent` of the calls do not exceed (nearest rank)."""
        ordered = sorted(self.durations)
        rank = max(1, -(-len(ordered) * percent // 100))
        return ordered[int(rank) - 1] * 1000
