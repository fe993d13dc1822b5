"""Which statements of a script only define a routine, and which routines the proposal calls.

What a function or procedure holds does not run when it is defined; it does once something calls it. Owns that
difference. A definition that never ends defines nothing: its statements count as running.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from gatekeeper.assessment.sql.script import Statement
from gatekeeper.assessment.text.reading import compile_pattern

MOST_IN_ROUTINE = 400
MOST_CALLS = 4096

_DEFINES = compile_pattern(
    r"(?im)^[ \t]*create\s+(?:or\s+(?:replace|alter)\s+)?(?:definer\s*=\s*\S+\s+)?(?:editionable\s+)?"
    r"(?:proc(?:edure)?|function|package(?:\s+body)?)\s+(?:if\s+not\s+exists\s+)?([\w.\"`\[\]]+)"
)
_BLOCK_EDGE = compile_pattern(
    r"(?i)\b(?:(begin\s+tran(?:saction)?|begin\s+work|end\s+(?:if|loop|while|repeat))|(begin|case)|(end))\b"
)
_CALL = compile_pattern(
    r"(?i)\b(?:(?:select(?:\s+\*\s+from)?|call|perform|exec(?:ute)?(?:\s+(?:function|procedure))?)(?:\s|/\*[^*]*\*/)+|rpc\(\s*['\"])"
    r"((?:[\w\"`\[\]]+\s*\.\s*)*[\w\"`\[\]]+)"
)


def defined_routine(statement: Statement) -> str | None:
    """Return the name of the routine that a statement defines, or None."""
    match = _DEFINES.search(statement.skeleton)
    return None if match is None else _bare(match.group(1))


def called_routines(reading: bytes) -> frozenset[str] | None:
    """Return the names that something in the text calls; None when there are too many to tell."""
    calls = [_bare(match.group(1)) for match in islice(_CALL.finditer(reading), MOST_CALLS)]
    return None if len(calls) == MOST_CALLS else frozenset(calls)


def with_routines(statements: Iterable[Statement]) -> Iterator[tuple[Statement, str | None]]:
    """Yield each statement with the name of the routine it belongs to, None for one that runs by itself."""
    rest = iter(statements)
    for statement in rest:
        routine = defined_routine(statement)
        if routine is None:
            yield statement, None
            continue
        body, closed = [statement], _depth(statement.skeleton)
        while closed > 0 and len(body) < MOST_IN_ROUTINE and (following := next(rest, None)) is not None:
            body.append(following)
            closed += _depth(following.skeleton)
        for number, each in enumerate(body):
            # What follows the END of a routine in its last statement runs by itself.
            within = closed <= 0 and (number == 0 or number < len(body) - 1)
            yield each, routine if within else None


def _bare(name: bytes) -> str:
    return name.decode("ascii").rpartition(".")[2].strip(' "`[]').lower()


def _depth(skeleton: bytes) -> int:
    """How many blocks a statement opens more than it closes."""
    depth = 0
    for edge in _BLOCK_EDGE.finditer(skeleton):
        depth += 1 if edge.start(2) >= 0 else -1 if edge.start(3) >= 0 else 0
    return depth
