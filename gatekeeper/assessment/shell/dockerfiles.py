"""Dockerfiles: where their text stands in a proposal, and their instructions in order.

Owns the grammar of instructions: continuation lines, comments between them, here-documents, the JSON form.
Refuses any judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern

_NAMES = (
    r"(?i:FROM|RUN|CMD|ENTRYPOINT|HEALTHCHECK|SHELL|ENV|ARG|ADD|COPY|USER|EXPOSE|WORKDIR|LABEL|VOLUME|"
    r"STOPSIGNAL)"
)
_INSTRUCTION = compile_pattern(
    rf"(?m)^[ \t]*(?:(?i:ONBUILD)[ \t]+)?({_NAMES})[ \t]+"
    r"((?:[^\\\n]|\\[^\n]|\\[ \t\r]*\n(?:[ \t]*#[^\n]*\n|[ \t\r]*\n)*)*)"
)
_BEGINS = compile_pattern(
    r"(?m)^(?:(?i:FROM)[ \t]+[\w./:@${}-]+(?:[ \t]+(?i:AS)[ \t]+[\w.-]+)?|(?i:ARG)[ \t]+\w+=?\S*)[ \t]*$"
)
_FROM_IMAGE = r"(?:FROM|from)[ \t]+[\w./:@${}-]+"
_OTHER_STEP = r"(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK|ENV|ARG|ADD|COPY|USER|EXPOSE|WORKDIR)[ \t]+\S"
_FROM, _OTHER = compile_pattern(rf"(?m)^[ \t]*{_FROM_IMAGE}"), compile_pattern(rf"(?m)^{_OTHER_STEP}")
_MENTIONS = SIGNS.add(rf"\b(?:{_FROM_IMAGE}|{_OTHER_STEP})")
_NAMED = compile_pattern(r"(?i)(?:^|/)(?:[\w.-]*\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$")
_COMMENT_LINE = compile_pattern(r"(?m)^[ \t]*#[^\n]*\n")
_HERE = compile_pattern(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")
_STRING = compile_pattern(r"\"((?:[^\"\\\n]|\\.)*)\"")
_MAY_BE = ("shell", "")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its name in capitals, and its value with comment lines blanked, at `start:end`."""

    name: str
    value: bytes
    start: int
    end: int


def images_in(document: Document) -> Iterator[Span]:
    """Yield where the text of a Dockerfile stands, in order: a file, a fence, or loose text that reads as one."""
    reading = document.reading
    if not document.shows(_MENTIONS):
        return
    if _OTHER.search(reading) is None and _FROM.search(reading) is None:
        return
    for artifact in document.artifacts:
        if artifact.kind in (Kind.FILE, Kind.FENCE) and is_image(reading, artifact):
            yield artifact.start, artifact.end
    if not any(each.kind in (Kind.FILE, Kind.FENCE) for each in document.artifacts):
        begins = _BEGINS.search(reading)
        if begins is not None and _OTHER.search(reading, begins.end()) is not None:
            yield begins.start(), len(reading)


def is_image(reading: bytes, artifact: Artifact) -> bool:
    """Tell whether an artifact is a Dockerfile, by its name or by what its lines say."""
    if artifact.path and _NAMED.search(artifact.path.encode("ascii", "replace")) is not None:
        return True
    if artifact.kind is Kind.FILE or artifact.language not in _MAY_BE:
        return False
    begins = _FROM.search(reading, artifact.start, artifact.end)
    other = _OTHER.search(reading, artifact.start, artifact.end)
    return (begins is not None and (other is not None or _lines(reading, artifact) <= 2)) or (
        other is not None and not reading[artifact.start : other.start()].strip()
    )


def instructions(reading: bytes, start: int, end: int) -> Iterator[Instruction]:
    """Yield the instructions of the Dockerfile at `start:end`."""
    at = start
    while (match := _INSTRUCTION.search(reading, at, end)) is not None:
        stop = match.end()
        here = _HERE.search(reading, match.start(2), stop)
        if here is not None:
            closed = reading.find(b"\n" + here.group(1), stop, end)
            stop = end if closed < 0 else closed + 1 + len(here.group(1))
        value = bytearray(reading[match.start(2) : stop])
        if here is None:
            for comment in _COMMENT_LINE.finditer(bytes(value)):
                value[slice(*comment.span())] = b" " * (comment.end() - comment.start())
        name = match.group(1).decode("ascii").upper()
        yield Instruction(name, bytes(value), match.start(1), stop)
        at = max(stop, at + 1)


def json_words(value: bytes) -> tuple[bytes, ...]:
    """Return the words of an instruction's JSON form, none when it is in the shell form."""
    if not value.lstrip().startswith(b"["):
        return ()
    return tuple(
        each.group(1).replace(b'\\"', b'"').replace(b"\\n", b"\n").replace(b"\\\\", b"\\")
        for each in _STRING.finditer(value)
    )


def _lines(reading: bytes, artifact: Artifact) -> int:
    return len(reading[artifact.start : artifact.end].split(b"\n"))
