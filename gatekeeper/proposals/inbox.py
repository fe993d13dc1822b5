"""The inbox: a folder into which automation moves report files, each of which ends in `accepted/` or `rejected/`.

Writers create a file under a name beginning with a dot (or ending in `.tmp`, `.part` or `~`) and rename it into place;
such names, folders and links are left alone. Watching, moreover, takes a file only once it has seen it unchanged twice.

A file is claimed (moved into `.claimed/`, where no writer can replace it), submitted, its result written beside its
destination, and moved there. Each step may be repeated after a kill, and the next round begins with what was claimed:
so nothing is lost, nothing is overwritten, and the same report again is the same revision. A file that the gate could
not decide on, or whose end could not be recorded, goes back and stays for the next round. One process at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gatekeeper.errors import (
    ConflictError,
    GatekeeperError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from gatekeeper.proposals.forms import form_of_path, parse_report
from gatekeeper.proposals.inbox_files import (
    alone_in,
    claim,
    file_away,
    give_back,
    left_behind,
    make_folders,
    read_claimed,
    traits,
    waiting_names,
)
from gatekeeper.proposals.report import Report

Submit = Callable[[Report], Mapping[str, object]]


class Stop(Protocol):
    """What says that watching should end; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether it should."""

    def wait(self, seconds: float, /) -> bool:
        """Wait until it should, at most `seconds`; return whether it should."""


_REFUSALS = (InvalidInputError, NotPermittedError, ConflictError, NotFoundError)


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one file: `accepted`, `rejected`, or `kept` where it is because the gate could not decide."""

    name: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Desk:
    """The folders of one inbox and what answers the reports in it."""

    inbox: Path
    submit: Submit
    limit_bytes: int


def process_inbox(directory: Path, submit: Submit, limit_bytes: int) -> list[Answered]:
    """Answer every file that is in the inbox now, in the order of their names.

    `submit` has to be idempotent; it raises a GatekeeperError to refuse. Anything else it raises, and any fault of
    the file system, keeps the file. Raises ConflictError when another process is answering this inbox.
    """
    directory.mkdir(parents=True, exist_ok=True)
    return list(_round(_Desk(directory, submit, limit_bytes), waiting_names(directory)))


def watch_inbox(
    directory: Path,
    submit: Submit,
    limit_bytes: int,
    stop: Stop,
    interval_seconds: float,
    on_answer: Callable[[Answered], None],
) -> None:
    """Answer files as they come, looking every `interval_seconds`, until `stop` is set.

    A file is taken when two looks in a row saw the same of it, so that a slow writer is not cut short. While another
    process answers this inbox, this one waits.
    """
    desk = _Desk(directory, submit, limit_bytes)
    directory.mkdir(parents=True, exist_ok=True)
    before: dict[str, tuple[int, ...]] = {}
    while not stop.is_set():
        seen = {name: found for name in waiting_names(directory) if (found := traits(directory / name))}
        settled = [name for name, found in seen.items() if before.get(name) == found]
        try:
            with closing(_round(desk, settled)) as answers:
                for answered in answers:
                    on_answer(answered)
                    if stop.is_set():
                        return
        except ConflictError:
            pass
        before = seen
        stop.wait(interval_seconds)


def _round(desk: _Desk, names: Collection[str]) -> Generator[Answered, None, None]:
    with alone_in(desk.inbox):
        make_folders(desk.inbox)
        for name in left_behind(desk.inbox):
            yield _answer(desk, name)
        for name in names:
            if claim(desk.inbox, name):
                yield _answer(desk, name)


def _answer(desk: _Desk, name: str) -> Answered:
    shown = os.fsencode(name).decode("utf-8", "backslashreplace")
    raw = b""
    try:
        try:
            raw = read_claimed(desk.inbox, name, desk.limit_bytes)
            report = parse_report(raw, form_of_path(name), limit_bytes=desk.limit_bytes)
            answered, result = Answered(shown, "accepted"), desk.submit(report)
        except _REFUSALS as error:
            answered, result = Answered(shown, "rejected", error.detail), _refusal(error)
        file_away(desk.inbox, name, raw, answered.outcome, result)
    except Exception as error:
        give_back(desk.inbox, name)
        detail = error.detail if isinstance(error, GatekeeperError) else f"{type(error).__name__}: {error}"
        return Answered(shown, "kept", detail)
    return answered


def _refusal(error: GatekeeperError) -> dict[str, object]:
    faults = error.errors if isinstance(error, InvalidInputError) else ()
    return {
        "error": {
            "code": error.code,
            "detail": error.detail,
            "errors": [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults],
        }
    }
