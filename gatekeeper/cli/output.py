"""How `gatekeeper check` prints: text for people, JSON and NDJSON for automation, SARIF for code hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO

import orjson

from gatekeeper.cli.checked import Checked, checked_to_json
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.sarif import sarif_log


def write(answers: Iterable[Checked], shape: str, stream: IO[str]) -> list[ExitCode]:
    """Print answers as they come and return their exit codes."""
    return _WRITERS[shape](answers, stream)


def _ndjson(answers: Iterable[Checked], stream: IO[str]) -> list[ExitCode]:
    codes = []
    for answer in answers:
        stream.write(orjson.dumps(checked_to_json(answer)).decode() + "\n")
        codes.append(answer.exit_code)
    return codes


def _json(answers: Iterable[Checked], stream: IO[str]) -> list[ExitCode]:
    collected = list(answers)
    value = [checked_to_json(answer) for answer in collected]
    stream.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
    return [answer.exit_code for answer in collected]


def _sarif(answers: Iterable[Checked], stream: IO[str]) -> list[ExitCode]:
    collected = list(answers)
    stream.write(orjson.dumps(sarif_log(collected), option=orjson.OPT_INDENT_2).decode() + "\n")
    return [answer.exit_code for answer in collected]


def _text(answers: Iterable[Checked], stream: IO[str]) -> list[ExitCode]:
    from gatekeeper.cli.text import TextWriter

    writer = TextWriter(stream)
    codes = []
    for answer in answers:
        writer.write(answer)
        codes.append(answer.exit_code)
    writer.close()
    return codes


_WRITERS: dict[str, Callable[[Iterable[Checked], IO[str]], list[ExitCode]]] = {
    "text": _text,
    "json": _json,
    "ndjson": _ndjson,
    "sarif": _sarif,
}
