"""The process in which native parsers read hostile text: it is handed a grammar and a source, and says where it breaks.

Run by its path by `parser_process.py`, with an empty environment. Owns nothing but the calls of tree-sitter: a grammar
that aborts, hangs or grows without bound ends this process and no other. Refuses to import the rest of the house.

A request is a line of JSON, `{"grammar", "bytes", "seconds"}`, and that many bytes of UTF-8; the answer is a line,
`{"error": [start, end] | null, "seconds"}`, in characters of the source and seconds of processor time.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time

from ast_grep_py import SgNode, SgRoot

MOST_MEMORY_BYTES = 2 << 30
_MAY_BE_EMPTY = frozenset(
    {"heredoc_content", "heredoc_body", "raw_string_literal_content", "string_content", "command_name"}
)


def first_error(grammar: str, source: str) -> tuple[int, int] | None:
    """Return the span of the first thing that does not parse, or the empty span where a token is missing."""
    root = SgRoot(source, grammar).root()
    node = root.find(kind="ERROR") or _missing_token(root)
    if node is None:
        return None
    span = node.range()
    return span.start.index, span.end.index


def _missing_token(root: SgNode) -> SgNode | None:
    """Return the first token that the parser had to make up: it is there and holds nothing."""
    return next(
        (node for node in root.find_all(regex="^$") if node.parent() and node.kind() not in _MAY_BE_EMPTY),
        None,
    )


def _limit() -> None:
    """Leave this process memory and standard streams, and no core file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main() -> None:
    """Answer requests until there are no more. The processor time of each is bounded: past it, this process ends."""
    _limit()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    for line in requests:
        request = json.loads(line)
        source = requests.read(request["bytes"]).decode("utf-8")
        signal.setitimer(signal.ITIMER_PROF, request["seconds"])
        began = time.process_time()
        error = first_error(request["grammar"], source)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answer = {"error": error, "seconds": time.process_time() - began}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
