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
            "Speed up the queries by indexing frequently used columns.",
        ),
        lookalikes=(
            "Add a row to the table of contents.",
            "Do not add a column to the orders table.",
            "Check at startup that the schema has every column, and alert the team.",
            "The schema is described in the handbook.",
        ),
        pattern=r"(?i)\b(?:add|creat|renam|alter|chang|modif|drop|backfill)\w* [^.\n]{0,50}\bcolumns?\b"
        r"|\b(?:run|execut|perform|apply|deploy|implement|develop|creat)\w* [^.\n]{0,40}\bmigrations?\b"
        r"|\b(?:alter|updat|chang|modif|adjust|refin|restructur|migrat|normali[sz]|redesign|rework|sync)\w* "
        r"(?:the |our |all |live |current |any )*(?:database |table |production )*(?:schemas?|tables)\b"
        r"|\b(?:refin|alter|updat|chang|extend)\w* the [`\"]?\w+[`\"]? table\b"
        r"|\b(?:schema|table) (?:updates?|changes?|adjustments?|migrations?|refinements?|sync(?:hroni[sz]ation)?)\b"
        r"|\b(?:index(?:ing|es)|indices) (?:on |for )?[^.\n]{0,20}columns\b|\bindexing (?:frequently|critical|the) ",
        where=Where.PLAN,
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
