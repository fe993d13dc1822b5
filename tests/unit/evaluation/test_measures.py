"""The statistics against published and hand-computed values, and the properties they must have."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.measures import Confusion, Detection, Proportion, percentile, ranks, spearman, wilson

counts = st.integers(0, 500)
values = st.lists(st.integers(-20, 20), min_size=2, max_size=30).filter(lambda drawn: len(set(drawn)) > 1)


@pytest.mark.parametrize(
    ("hits", "total", "published"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_is_as_published(hits, total, published):
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert tuple(round(bound, 4) for bound in wilson(hits, total)) == published


@given(counts, counts)
def test_a_wilson_interval_holds_its_proportion_and_stays_within_bounds(hits, misses):
    total = hits + misses + 1
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total <= high <= 1


@given(counts, counts)
def test_a_wilson_interval_of_the_opposite_is_its_mirror(hits, misses):
    total = hits + misses + 1
    low, high = wilson(hits, total)
    assert wilson(total - hits, total) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("hits", "total"), [(1, 0), (0, 0), (3, 2), (-1, 2)])
def test_what_is_no_proportion_has_no_wilson_interval(hits, total):
    with pytest.raises(ValueError, match="is no proportion"):
        wilson(hits, total)


def test_a_proportion_of_nothing_has_no_value():
    nothing = Proportion(0, 0)
    assert (nothing.value, nothing.interval) == (None, None)


def test_equal_values_share_the_mean_of_their_ranks():
    assert ranks([10, 20, 20, 5, 20, 10]) == [2.5, 5.0, 5.0, 1.0, 5.0, 2.5]


@pytest.mark.parametrize(
    ("left", "right", "by_hand"),
    [
        # no ties: 1 - 6 * (0 + 1 + 1 + 0) / (4 * 15)
        ([1, 2, 3, 4], [10, 30, 20, 40], 0.8),
        # ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, spreads 4.5 and 5
        ([1, 2, 2, 3], [1, 2, 3, 4], 4.5 / math.sqrt(4.5 * 5)),
        # ranks 1.5, 1.5, 3.5, 3.5 and 1, 2.5, 2.5, 4: covariance 3, spreads 4 and 4.5
        ([0, 0, 7, 7], [1, 2, 2, 9], 3 / math.sqrt(4 * 4.5)),
        ([1, 2, 3], [9, 5, 1], -1.0),
    ],
)
def test_spearman_is_as_computed_by_hand(left, right, by_hand):
    assert spearman(left, right) == pytest.approx(by_hand)


@pytest.mark.parametrize(("left", "right"), [([], []), ([1], [2]), ([1, 1, 1], [1, 2, 3]), ([1, 2], [4, 4])])
def test_nothing_correlates_with_what_does_not_vary(left, right):
    assert spearman(left, right) is None


def test_spearman_needs_pairs():
    with pytest.raises(ValueError, match="same number"):
        spearman([1, 2], [1, 2, 3])


@given(values)
def test_any_order_correlates_perfectly_with_itself_and_with_its_reverse(drawn):
    assert spearman(drawn, [3 * value + 1 for value in drawn]) == pytest.approx(1)
    assert spearman(drawn, [-value for value in drawn]) == pytest.approx(-1)


@given(values, st.randoms(use_true_random=False))
def test_spearman_is_symmetric_and_within_bounds(drawn, random):
    other = random.sample(drawn, len(drawn))
    forth, back = spearman(drawn, other), spearman(other, drawn)
    assert forth == pytest.approx(back)
    assert -1 <= forth <= 1


def test_a_detection_is_as_computed_by_hand():
    detection = Detection(true_positives=6, false_positives=2, false_negatives=3)
    assert (detection.precision, detection.recall) == (Proportion(6, 8), Proportion(6, 9))
    assert detection.f1 == pytest.approx(2 * (6 / 8) * (6 / 9) / (6 / 8 + 6 / 9))


@given(counts, counts, counts)
def test_f1_lies_between_precision_and_recall_and_swaps_with_them(right, false, missed):
    detection = Detection(right + 1, false, missed)
    bounds = (detection.precision.value, detection.recall.value)
    assert min(bounds) - 1e-12 <= detection.f1 <= max(bounds) + 1e-12
    assert Detection(right + 1, missed, false).f1 == detection.f1


@pytest.mark.parametrize(
    ("detection", "f1"),
    [(Detection(0, 0, 0), None), (Detection(0, 1, 0), 0), (Detection(0, 0, 1), 0), (Detection(4, 0, 0), 1)],
)
def test_f1_at_its_ends(detection, f1):
    assert detection.f1 == f1


def test_detections_add_up():
    assert Detection(1, 2, 3) + Detection(10, 20, 30) == Detection(11, 22, 33)


def test_a_confusion_counts_pairs_and_shares():
    confusion = Confusion.of([("a", "a"), ("a", "b"), ("a", "a"), ("b", "b"), ("c", "a")])
    assert confusion == Confusion(Counter({("a", "a"): 2, ("a", "b"): 1, ("b", "b"): 1, ("c", "a"): 1}))
    assert (confusion.count("a", "b"), confusion.count("b", "a")) == (1, 0)
    assert confusion.share(["a", "b"], ["b"]) == Proportion(2, 4)
    assert confusion.share(["d"], ["a"]) == Proportion(0, 0)


@pytest.mark.parametrize(
    ("drawn", "percent", "found"),
    [
        ([7], 99, 7),
        ([5, 1, 3, 2, 4], 50, 3),
        (range(1, 101), 99, 99),
        (range(1, 102), 99, 100),
        ([2, 1], 100, 2),
    ],
)
def test_a_percentile_is_the_value_of_the_nearest_rank(drawn, percent, found):
    assert percentile(drawn, percent) == found


@pytest.mark.parametrize(("drawn", "percent"), [([], 50), ([1], 0), ([1], 101)])
def test_a_percentile_of_nothing_is_refused(drawn, percent):
    with pytest.raises(ValueError, match="percentile"):
        percentile(drawn, percent)
