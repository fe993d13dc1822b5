"""A round over what is due: what fails holds up nobody else, and costs a bounded time."""

from __future__ import annotations

from structlog.testing import capture_logs

from gatekeeper.errors import UnavailableError
from gatekeeper.rounds import LONGEST_SECONDS, Round


class Settling:
    """Settles everything but what fails, each failure after so many seconds, and remembers what was tried."""

    def __init__(self, failing: dict[str, Exception], seconds: float = 0.0) -> None:
        self.failing = failing
        self.seconds = seconds
        self.tried = ""
        self.time = 0.0

    def settle(self, letter: str) -> bool:
        self.tried += letter
        if letter in self.failing:
            self.time += self.seconds
            raise self.failing[letter]
        return letter.islower()

    def clock(self) -> float:
        return self.time


def test_what_fails_is_told_and_all_others_get_their_turn():
    down = UnavailableError("It hangs.", code="engine_down")
    settling = Settling({"a": down, "c": KeyError("state")})
    with capture_logs() as told:
        assert Round("proposal", settling.clock).run("dcbBa", settling.settle) == 2
    assert settling.tried == "Babcd"
    assert told == [
        {"event": "proposal.not_settled", "log_level": "error", "proposal": "a", "code": "engine_down"},
        {"event": "proposal.not_settled", "log_level": "error", "proposal": "c", "code": "KeyError"},
    ]


def test_failures_that_take_long_end_the_round_and_the_next_one_begins_behind_them():
    down = UnavailableError("It hangs.", code="engine_down")
    settling = Settling(dict.fromkeys("abcd", down), LONGEST_SECONDS / 2)
    rounds = Round("proposal", settling.clock)
    counts, tried = [], []
    for _ in range(3):
        settling.tried = ""
        counts.append(rounds.run("abcdef", settling.settle))
        tried.append(settling.tried)
    assert (counts, tried) == ([0, 0, 2], ["ab", "cd", "efab"])


def test_work_that_takes_long_and_does_not_fail_is_done_to_the_end():
    settling = Settling({})

    def settle(letter: str) -> bool:
        settling.time += LONGEST_SECONDS
        return settling.settle(letter)

    assert Round("proposal", settling.clock).run("abc", settle) == 3


def test_where_it_ended_need_not_be_due_any_more():
    down = UnavailableError("It hangs.", code="engine_down")
    settling = Settling({"b": down}, LONGEST_SECONDS)
    rounds = Round("proposal", settling.clock)
    assert [rounds.run("abd", settling.settle), rounds.run("acd", settling.settle)] == [1, 3]
    assert settling.tried == "abcda"
