"""The statistics: proportions with Wilson intervals, F1, rank correlation, confusion. Pure; knows no gate."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Generic, TypeVar

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution: two sides of a 95 % interval."""

Class = TypeVar("Class", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `total`."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share, None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval, None of nothing."""
        return wilson(self.hits, self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class Detection:
    """Right alarms, false alarms and what was missed."""

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> Proportion:
        """Of the alarms, those that were right."""
        return Proportion(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Proportion:
        """Of what was there, what was found."""
        return Proportion(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None when nothing was there and nothing was said."""
        everything = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / everything if everything else None

    def __add__(self, other: Detection) -> Detection:
        return Detection(
            self.true_positives + other.true_positives,
            self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives,
        )


@dataclass(frozen=True, slots=True)
class Confusion(Generic[Class]):
    """How often a truth met an outcome."""

    counts: Counter[tuple[Class, Class]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Class, Class]]) -> Confusion[Class]:
        """From pairs of truth and outcome."""
        return cls(Counter(pairs))

    def count(self, truth: Class, outcome: Class) -> int:
        """How often this truth had this outcome."""
        return self.counts[truth, outcome]

    def share(self, truths: Iterable[Class], outcomes: Iterable[Class]) -> Proportion:
        """Of all that is truly one of `truths`, what had one of `outcomes`."""
        among, counted = set(truths), set(outcomes)
        total = sum(number for (truth, _), number in self.counts.items() if truth in among)
        hits = sum(
            number
            for (truth, outcome), number in self.counts.items()
            if truth in among and outcome in counted
        )
        return Proportion(hits, total)


def wilson(hits: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a proportion (Wilson 1927), without continuity correction; `total` is at least 1."""
    if not 0 <= hits <= total or total < 1:
        raise ValueError(f"{hits} of {total} is no proportion")
    share = hits / total
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    centre = share + z * z / (2 * total)
    scale = 1 + z * z / total
    low = 0.0 if hits == 0 else (centre - spread) / scale
    high = 1.0 if hits == total else (centre + spread) / scale
    return low, high


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value from 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            found[index] = (start + 1 + end) / 2
        start = end
    return found


def spearman(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson's correlation of the ranks, which is right with ties; None when one side has no variation."""
    if len(left) != len(right):
        raise ValueError("both sides need the same number of values")
    if len(set(left)) < 2 or len(set(right)) < 2:
        return None
    first, second = _centred(ranks(left)), _centred(ranks(right))
    covariance = sum(a * b for a, b in zip(first, second, strict=True))
    spread = math.sqrt(sum(a * a for a in first) * sum(b * b for b in second))
    return max(-1.0, min(1.0, covariance / spread))


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `percent` of all do not exceed."""
    if not values or not 0 < percent <= 100:
        raise ValueError("a percentile needs values and a percent above 0 and up to 100")
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def _centred(values: Sequence[float]) -> list[float]:
    mean = fmean(values)
    return [value - mean for value in values]
