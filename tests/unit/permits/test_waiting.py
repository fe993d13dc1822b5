"""Places to wait in: how many, and that whoever leaves gives one back."""

from __future__ import annotations

import pytest

from gatekeeper.errors import UnavailableError
from gatekeeper.permits.waiting import Places, most_waiting


@pytest.mark.parametrize(("threads", "places"), [(1, 1), (2, 1), (3, 1), (4, 2), (8, 2), (64, 2)])
def test_most_threads_are_left_for_others(threads: int, places: int):
    assert most_waiting(threads) == places


def test_a_place_is_free_again_however_its_holder_left():
    places = Places(1)
    with pytest.raises(KeyError), places.taken():
        raise KeyError
    with places.taken(), pytest.raises(UnavailableError) as refused, places.taken():
        pass
    assert refused.value.code == "too_many_waiting"
    with places.taken():
        pass
