"""Whether code parses as what its file name says, by the grammars of tree-sitter.

Owns which file names have a grammar, and the bound on the work: grammars may hang or abort on hostile text, so they run
in a process of their own with a bound of processor time. A source that no grammar reads is never an error here.
"""

from __future__ import annotations

import atexit

from gatekeeper.assessment.parsing.parser_process import ParserProcess, UnreadError

_GRAMMARS = {
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "tsx": "tsx",
    "py": "python",
    "rb": "ruby",
    "go": "go",
    "java": "java",
    "kt": "kotlin",
    "rs": "rust",
    "php": "php",
    "cs": "csharp",
    "sh": "bash",
    "bash": "bash",
    "json": "json",
    "yml": "yaml",
    "yaml": "yaml",
    "css": "css",
}
_FILLED_IN_LATER = ("{{", "{%", "<%")
_MAY_BE_FILLED_IN = ("json", "yaml", "css", "bash")
# of processor time, for all files of one proposal together
PARSING_SECONDS = 2.0

_PARSERS = ParserProcess()
atexit.register(_PARSERS.close)


class SyntaxReader:
    """Reads the files of one proposal within one budget of processor time."""

    def __init__(self) -> None:
        self._seconds = PARSING_SECONDS

    def first_error(self, path: str, source: str) -> tuple[int, int] | None:
        """Return the span in `source` of the first thing that does not parse, None when all does or has no grammar.

        Where a token is missing it is an empty span. Raises UnreadError when nobody could tell.
        """
        grammar = _GRAMMARS.get(path.rpartition(".")[2].lower())
        if grammar is None or not source.strip():
            return None
        if grammar in _MAY_BE_FILLED_IN and any(mark in source for mark in _FILLED_IN_LATER):
            return None
        if self._seconds <= 0:
            raise UnreadError(path)
        left, self._seconds = self._seconds, 0.0
        answer = _PARSERS.first_error(grammar, source, left)
        self._seconds = left - answer.seconds
        return answer.error
