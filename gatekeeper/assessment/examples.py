"""How proposals show a file or code: the two forms in which rules give their examples and lookalikes.

Owns these forms only; the reading of them, and of all others, is `text/artifacts.py`.
"""

from __future__ import annotations


def in_file(path: str, content: str) -> str:
    """Return a proposal that gives a file whole."""
    return f"Create or update the file {path} with this complete content:\n\n{content}\n"


def fenced(language: str, code: str) -> str:
    """Return a proposal that shows code in a fence."""
    return f"```{language}\n{code}\n```"
