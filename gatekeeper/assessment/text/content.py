"""What a file's content looks like, compared with what its name says.

Owns the marks of a few languages. Whether a mismatch matters is for the severity model.
"""

from __future__ import annotations

from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.reading import compile_phrase

_MARKS = {
    "javascript": compile_phrase(
        r"(?m)\brequire\(['\"]|\bmodule\.exports\b|^\s*(?:const|let|var) [\w{]|=>\s*[{(]|^\s*import .* from ['\"]"
        r"|^\s*(?:router|app)\.\w+\("
    ),
    "sql": compile_phrase(
        r"(?im)^\s*(?:create|alter|drop)\s+(?:table|index|schema|database|type)\b|^\s*insert\s+into\b"
    ),
    "python": compile_phrase(
        r"(?m)^\s*(?:def \w+\(.*\)\s*(?:->.*)?:|from [\w.]+ import |import \w+$|class \w+\(?.*\)?:)"
    ),
    "html": compile_phrase(r"(?i)<!doctype html|<html\b|<(?:div|body|script|form)\b"),
    "css": compile_phrase(r"(?m)^\s*[.#@]?[\w\s.,#:>-]+\{\s*\n?\s*[a-z-]+\s*:\s*[^;{}\n]+;"),
    "json": compile_phrase(r"(?s)\A\s*[{\[].*[}\]]\s*\z"),
}
# How a file of each language never begins, comments aside.
_BEGINS_AS = {
    "javascript": compile_phrase(r"\s*<(?:!--|!DOCTYPE|html|form|div|head|body|template|script|style)\b"),
    "html": compile_phrase(r"\s*(?:import [\w{*]|const \w+ = require\(|class \w+ extends )"),
}
# Languages whose text is legitimately found inside a file of another one.
_MAY_HOLD = {
    "javascript": ("html", "css", "json", "sql"),
    "html": ("javascript", "css"),
    "python": ("sql", "html", "json"),
    "css": (),
    "sql": (),
}


def is_another_language(reading: bytes, artifact: Artifact) -> bool:
    """Tell whether a file holds a language that its name does not promise, so that nothing can run it."""
    if artifact.kind is not Kind.FILE or artifact.language not in _MAY_HOLD:
        return False
    begins = _BEGINS_AS.get(artifact.language)
    if begins is not None and begins.match(reading[artifact.start : artifact.end]) is not None:
        return True
    if artifact.language in _MARKS and _MARKS[artifact.language].search(
        reading, artifact.start, artifact.end
    ):
        return False
    return any(
        pattern.search(reading, artifact.start, artifact.end) is not None
        for language, pattern in _MARKS.items()
        if language != artifact.language and language not in _MAY_HOLD[artifact.language]
    )
