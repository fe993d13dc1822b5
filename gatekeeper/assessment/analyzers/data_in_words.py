"""Data and schema in words: announced migrations, and the backup that is skipped.

Owns what prose says of data; statements of SQL are `destructive_sql.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_PATTERN_RULES = (
    PatternRule(
        id="schema.announced_migration",
        hazard=Hazard.SCHEMA_MIGRATION,
        title="Announces a change of a live table",
        confidence=0.6,
        examples=(
            "Add the missing `ai_model` column to the `execution_tasks` table.",
            "Run the pending migrations on production.",
        ),
        lookalikes=("Add a row to the table of contents.", "Do not add a column to the orders table."),
        pattern=r"(?i)\b(?:add|creat|renam|alter|chang|modif|drop)\w* [^.\n]{0,50}\bcolumns?\b|\b(?:run|"
        r"execut|perform|apply|deploy)\w* "
        r"[^.\n]{0,40}\bmigrations?\b|\b(?:alter|updat|chang|modif|adjust)\w* (?:the |our |all |"
        r"live )*(?:database |table )*(?:schemas?|tables)\b"
        r"|\bschema (?:update|change|adjustment|migration)s?\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="destructive.skips_backup",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Goes without the backup",
        confidence=0.75,
        examples=("To save time the job skips the backup.", "Delete all backups of the orders database."),
        lookalikes=(
            "It never skips the backup.",
            "The migration completes without data loss.",
            "Backups are kept for ninety days.",
        ),
        pattern=r"(?i)\b(?:skip|omit|disabl|delet|remov|drop|purg)\w* (?:the |all |our |any |old |"
        r"every )*(?:[a-z]+ )?(?:backups?|snapshots?)\b",
        where=Where.PROSE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what a proposal says it does to data and schema."""
    yield from _SCANNER.scan(document)
