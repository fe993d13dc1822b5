"""Whether code parses as what its file name says, by the grammars of tree-sitter.

The one import of ast-grep. Owns which file names have a grammar. Time is linear in the source, nesting costs nothing
more, and a source that no grammar reads is never an error here.
"""

from __future__ import annotations

from ast_grep_py import SgNode, SgRoot

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
_DEEPEST = 10_000


def first_error(path: str, source: str) -> tuple[int, int] | None:
    """Return the span in `source` of the first thing that does not parse, None when all does or nobody can tell.

    Of a file that breaks off, it is the empty span at the end.
    """
    grammar = _GRAMMARS.get(path.rpartition(".")[2].lower())
    if grammar is None or not source.strip():
        return None
    if grammar in _MAY_BE_FILLED_IN and any(mark in source for mark in _FILLED_IN_LATER):
        return None
    root = SgRoot(source, grammar).root()
    error = root.find(kind="ERROR")
    if error is not None:
        span = error.range()
        return span.start.index, span.end.index
    return (len(source), len(source)) if _breaks_off(root) else None


def _breaks_off(root: SgNode) -> bool:
    """Tell whether the parser had to make up the last token: it is there and holds nothing."""
    node = root
    for _ in range(_DEEPEST):
        children = node.children()
        if not children:
            break
        node = children[-1]
    return node is not root and not node.text()
