"""What a call is given: the names whose values it uses, told from the words of its messages.

Owns a reading of arguments that does for the languages of the field: strings say nothing but what they insert, keys of
objects are only names, and what goes through a mask, a digest or a comparison is not given itself. Refuses grammar.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.text.context import is_negated
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

EXAMINED_CALLS = 1024

_STRING = compile_pattern(
    r"(\[\s*[\"'](\w+)[\"']\s*\]|\.get\(\s*[\"']([\w-]+)[\"']\s*\))|([fF]?)(?:\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\(?s:.))*)`)"
)
_INSERTED = compile_pattern(r"[$#]\{([^{}]{1,200})\}")
_FORMATTED = compile_pattern(r"\{([A-Za-z_][^{}]{0,120})\}")
_BRACKET = compile_pattern(r"[()\[\]{};\n]")
_NAME = compile_pattern(r"[A-Za-z_$][\w$]*(?:(?:\?\.|\.)[A-Za-z_$][\w$]*)*")
_GUARD = compile_pattern(
    r"(?i)(?:mask|redact|hash|sanitiz|scrub|obfuscat|encrypt|digest|fingerprint|truncat|last_?4|boolean|bool|len|typeof|decode|verify|"
    r"includes|startsWith|exists|omit|pick|count|strip|hide|censor|tokeni[sz]e)\w*$"
)
_KEPT = compile_pattern(
    r"(?i)^\s*(?:\.(?:length|slice|substr\w*|at|size|exp\w*|type|id|name)\b|\[-?[0-9]*:|\?|[!=]==?|&&|\|\|\s*['\"]none)"
)
_OPERATOR = compile_pattern(r"(?:!!|\b(?:typeof|not|if|unless|when) |!)\s*$")


def argument_end(text: bytes, start: int, reach: int) -> int:
    """Return where the arguments that begin at `start` end: at their bracket or their line's end, within `reach`."""
    depth = 1
    for match in _BRACKET.finditer(text, start, min(len(text), start + reach)):
        sign = match.group()
        depth += (sign in b"([{") - (sign in b")]}")
        if depth <= 0 or (sign in b";\n" and depth <= 1):
            return match.start()
    return min(len(text), start + reach)


def used_names(arguments: bytes) -> Iterator[bytes]:
    """Yield the names whose values the arguments use as they are."""
    for code in _code_of(arguments):
        for match in _NAME.finditer(code):
            if not _is_guarded(code, match.start(), match.end()):
                yield match.group().replace(b"?.", b".")


def is_made(document: Document, start: int, end: int) -> bool:
    """Tell whether the call that begins with `start:end` of the reading runs, or is said and not denied."""
    if document.runs_at(start):
        return True
    return document.is_prose_at(start) and not is_negated(document.running, start, end)


def _code_of(arguments: bytes) -> Iterator[bytes]:
    """Yield the arguments without their strings, then what the strings insert."""
    outside, at = b"", 0
    for match in _STRING.finditer(arguments):
        outside += arguments[at : match.start()]
        at = match.end()
        if match.start(1) >= 0:
            outside += b"." + (match.group(2) or match.group(3)).replace(b"-", b"_")
            continue
        outside += b"''"
        inserted = _FORMATTED if match.group(4) else _INSERTED
        for part in inserted.finditer(match.group()):
            yield part.group(1).partition(b"!r")[0]
    yield outside + arguments[at:]


def _is_guarded(code: bytes, start: int, end: int) -> bool:
    after = code[end : end + 24]
    if after.lstrip().startswith(b":") and not after.lstrip().startswith(b"::"):
        return True
    if after.startswith((b"(", b"=")) and not after.startswith(b"=="):
        return True
    if _KEPT.match(after) is not None or _OPERATOR.search(code[max(0, start - 10) : start]) is not None:
        return True
    opened = code.rfind(b"(", 0, start)
    return opened > 0 and code.find(b")", opened, start) < 0 and _GUARD.search(code[:opened]) is not None
