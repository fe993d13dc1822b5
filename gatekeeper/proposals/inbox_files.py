"""The files of an inbox: which are waiting, claiming them, giving them back, filing them beside their results.

Owns what has to survive a kill at any moment: every step is one rename or link, and a result is on the disk before its
file is moved beside it. Knows nothing of reports, and opens only regular files.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import orjson

from gatekeeper.canonical import sha256_name
from gatekeeper.errors import ConflictError, InvalidInputError, TooLargeError
from gatekeeper.ledger.whole_file import sync_directory, write_whole

_CLAIMED = ".claimed"
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".swp", "~")
_RESULT = ".result.json"
_MAX_STEM_BYTES = 160
_MAX_SUFFIX_BYTES = 16


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system releases when its holder dies; raises ConflictError."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def waiting_names(directory: Path) -> list[str]:
    """Files that writers have finished, by name."""
    return sorted(
        entry.name
        for entry in os.scandir(directory)
        if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
        if not entry.name.lower().endswith(_UNFINISHED)
    )


def traits(path: Path) -> tuple[int, ...] | None:
    """What changes when a file is written to or replaced; None when it is gone."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def make_folders(inbox: Path) -> None:
    """Make the folders that files go through; raises InvalidInputError when one is a link to elsewhere."""
    for name in ("accepted", "rejected", _CLAIMED):
        folder = inbox / name
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise InvalidInputError(f"{folder} is a link; an inbox keeps its files in folders of its own.")


def left_behind(inbox: Path) -> list[str]:
    """Names claimed by a round that was killed, or that could not be given back."""
    names = sorted(
        entry.name for entry in os.scandir(inbox / _CLAIMED) if entry.is_file(follow_symlinks=False)
    )
    given_back = [name for name in names if traits(inbox / name) == traits(inbox / _CLAIMED / name)]
    for name in given_back:
        (inbox / _CLAIMED / name).unlink()
    return [name for name in names if name not in given_back]


def claim(inbox: Path, name: str) -> bool:
    """Move a file where no writer can replace it; not while an earlier file of that name waits there."""
    claimed = inbox / _CLAIMED / name
    if claimed.exists():
        return False
    try:
        (inbox / name).rename(claimed)
    except FileNotFoundError:
        return False
    return True


def give_back(inbox: Path, name: str) -> None:
    """Put a claimed file back unless a newer one has its name; what stays claimed is answered in the next round."""
    claimed = inbox / _CLAIMED / name
    try:
        os.link(claimed, inbox / name, follow_symlinks=False)
        claimed.unlink()
    except OSError:
        return


def read_claimed(inbox: Path, name: str, limit_bytes: int) -> bytes:
    """The content of a claimed file; raises TooLargeError at the limit, OSError for links and devices."""
    descriptor = os.open(inbox / _CLAIMED / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        raw = file.read(limit_bytes + 1)
    if len(raw) > limit_bytes:
        raise TooLargeError(f"The file has more than {limit_bytes} bytes.")
    return raw


def file_away(inbox: Path, name: str, raw: bytes, outcome: str, result: Mapping[str, object]) -> None:
    """Result first, on the disk, then the file: wherever a file of ours lies, its result lies beside it."""
    target = _free_place(inbox / outcome, name, raw)
    encoded = orjson.dumps(dict(result), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_whole(target.with_name(target.name + _RESULT), encoded)
    (inbox / _CLAIMED / name).rename(target)
    sync_directory(target.parent)


def _free_place(folder: Path, name: str, raw: bytes) -> Path:
    """Where the file goes: its own name; with its digest, and a number if need be, where another file has that name.

    No file keeps a name that ends like a result, or one too long for its result to be named after it.
    """
    stem, suffix = os.path.splitext(name)
    stem, suffix = _shortened(stem, _MAX_STEM_BYTES), _shortened(suffix, _MAX_SUFFIX_BYTES)
    if f"{stem}{suffix}".endswith(_RESULT):
        stem += "-"
    place, number = folder / f"{stem}{suffix}", 1
    digest = sha256_name(raw).removeprefix("sha256:")[:12]
    while os.path.lexists(place):
        place = folder / f"{stem}.{digest}{f'-{number}' if number > 1 else ''}{suffix}"
        number += 1
    return place


def _shortened(text: str, limit: int) -> str:
    return os.fsdecode(os.fsencode(text)[:limit])


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ConflictError("Another process is answering this inbox.", code="inbox_busy") from error
