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
    with pytest.raises(KeyError), places.taken("rita"):
        raise KeyError
    with places.taken("rita"), pytest.raises(UnavailableError) as refused, places.taken("ravi"):
        pass
    assert refused.value.code == "too_many_waiting"
    with places.taken("rita"):
        pass


def test_one_person_holds_one_place_and_leaves_the_other_to_others():
    places = Places(2)
    with places.taken("rita"):
        for _ in range(2):
            with pytest.raises(UnavailableError) as refused, places.taken("rita"):
                pass
            assert (refused.value.code, refused.value.detail) == (
                "too_many_waiting",
                "You wait for the witnesses of another permit already, and each may wait once, so nothing was issued. "
                "Ask again when that is answered.",
            )
        with places.taken("ravi"):
            pass
