from datetime import UTC, datetime, timedelta

from gatekeeper.web.throttle import SignInThrottle

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def failed_often(times: int) -> SignInThrottle:
    throttle = SignInThrottle(failures=3, window=timedelta(minutes=5), addresses=2)
    for number in range(times):
        throttle.failed("10.0.0.1", NOW + number * SECOND)
    return throttle


def test_failures_below_the_limit_cost_nothing():
    assert failed_often(2).wait("10.0.0.1", NOW + 3 * SECOND) == timedelta(0)


def test_at_the_limit_one_has_to_wait_until_the_first_failure_is_old():
    throttle = failed_often(3)
    assert throttle.wait("10.0.0.1", NOW + 2 * SECOND) == timedelta(minutes=5) - 2 * SECOND
    assert throttle.wait("10.0.0.1", NOW + timedelta(minutes=5)) == timedelta(0)


def test_other_addresses_are_not_concerned():
    assert failed_often(3).wait("10.0.0.2", NOW + 3 * SECOND) == timedelta(0)


def test_success_forgets_the_failures():
    throttle = failed_often(3)
    throttle.succeeded("10.0.0.1")
    assert throttle.wait("10.0.0.1", NOW + 3 * SECOND) == timedelta(0)


def test_only_so_many_addresses_are_remembered():
    throttle = failed_often(3)
    throttle.failed("10.0.0.2", NOW)
    throttle.failed("10.0.0.3", NOW)
    assert throttle.wait("10.0.0.1", NOW + 3 * SECOND) == timedelta(0)
