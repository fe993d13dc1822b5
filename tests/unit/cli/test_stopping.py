"""A signal that asks to stop is heeded whenever it comes."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from gatekeeper.cli.stopping import StopSignal

WAITS_UNDER_A_HAIL_OF_SIGNALS = """
import subprocess, sys
from gatekeeper.cli.stopping import StopSignal
StopSignal()
hail = "import os, signal\\nwhile True: os.kill(os.getppid(), signal.SIGTERM)"
with subprocess.Popen([sys.executable, "-c", hail]) as sender:
    for _ in range(3000):
        StopSignal().wait()
    sender.kill()
print("stopped each time")
"""


@pytest.fixture
def stop():
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield StopSignal()
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stays_set_once_the_signal_came(stop, number):
    assert (stop.is_set(), stop.wait(0)) == (False, False)
    os.kill(os.getpid(), number)
    assert (stop.wait(), stop.is_set(), stop.wait(0)) == (True, True, True)


def test_it_ends_a_wait_that_has_begun(stop):
    sender = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM))
    sender.start()
    assert stop.wait(60)


def test_it_is_heeded_when_it_does_not_wake_the_thread_that_waits(stop):
    """As when it comes just before the system puts that thread to sleep: another thread takes it here."""
    sender = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM))
    sender.start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        assert stop.wait(5)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def test_it_is_heeded_in_every_instant_of_waiting():
    process = subprocess.run(
        [sys.executable, "-c", WAITS_UNDER_A_HAIL_OF_SIGNALS], capture_output=True, text=True, timeout=60
    )
    assert (process.returncode, process.stdout) == (0, "stopped each time\n")
