"""Shell commands that destroy, where they would run.

Owns the rules on commands.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_PATTERN_RULES = (
    PatternRule(
        id="shell.destroys_data",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Destroys data or whole folders by a command",
        confidence=0.85,
        examples=("```sh\ndropdb shop\n```", "```bash\nset -e\nrm -rf /var/lib/postgresql\n```"),
        lookalikes=(
            "```sh\nrm -rf node_modules dist\n```",
            "```sh\n# dropdb shop\nls\n```",
            "```sh\necho 'never run dropdb'\n```",
        ),
        pattern=r"(?m)(?:^|[;&|]|\bsudo)[ \t]*(?:dropdb\s+[\w-]|"
        r"rm\s+(?:-[a-zA-Z-]+\s+)*-[a-zA-Z]*[rR][a-zA-Z]*\s+(?:-[a-zA-Z-]+\s+)*"
        r"[\"']?(?:/(?:\s|\*|$|var\b|data\b|srv\b|home\b|etc\b|opt\b)|~(?:/?\s|$)|\$HOME|\.\.?/?(?:\s|$))|mkfs\.\w+\s|redis-cli\s+flushall)",
        where=Where.CODE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what a proposal's commands would destroy."""
    yield from _SCANNER.scan(document)
