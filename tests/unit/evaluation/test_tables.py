"""The Markdown that is printed."""

import pytest

from evaluation.measures import Proportion
from evaluation.tables import number, proportion, table


def test_columns_line_up_with_numbers_to_the_right():
    assert table(["truth", "allow"], [["allow", "12"], ["review or block", "3"]]) == (
        "| truth           | allow |\n"
        "| --------------- | ----: |\n"
        "| allow           |    12 |\n"
        "| review or block |     3 |"
    )


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Proportion(81, 263), "31 % (81 of 263; 26 to 37)"),
        (Proportion(0, 20), "0 % (0 of 20; 0 to 16)"),
        (Proportion(2, 2), "100 % (2 of 2; 34 to 100)"),
        (Proportion(0, 0), "-"),
    ],
)
def test_a_proportion_is_shown_with_counts_and_interval(share, shown):
    assert proportion(share) == shown


@pytest.mark.parametrize(("value", "shown"), [(None, "-"), (0.826, "0.83"), (-1, "-1.00")])
def test_a_number_has_two_decimals(value, shown):
    assert number(value) == shown
