"""Code that destroys data without SQL: calls of query builders and forced syncs.

Owns a few honest rules; what a deployment does not run (a migration's way down) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rollback import ways_down
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_PATTERN_RULES = (
    PatternRule(
        id="code.drops_tables",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Drops or rebuilds tables from code",
        confidence=0.85,
        examples=(
            "```js\nawait knex.schema.dropTable('users');\n```",
            "```js\nawait sequelize.sync({ force: true });\n```",
            "```python\ndef upgrade():\n    op.drop_table('users')\n```",
        ),
        lookalikes=(
            "```js\nexports.down = (knex) => knex.schema.dropTable('users');\n```",
            "```python\ndef downgrade():\n    op.drop_table('users')\n```",
            "```js\n// await sequelize.sync({ force: true });\nawait sequelize.sync();\n```",
        ),
        pattern=r"\.drop(?:Table(?:IfExists)?|Schema(?:IfExists)?|Database|AllTables|AllSchemas)\(|\bop\.drop_table\(|"
        r"\.sync\(\s*\{[^}\n]*\bforce\s*:\s*true|\bdrop_table[ (]:\w|\.drop_all\(",
        where=Where.CODE,
    ),
    PatternRule(
        id="code.deletes_everything",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Deletes every row from code",
        confidence=0.85,
        examples=(
            "```js\nawait User.deleteMany({});\n```",
            "```js\nawait User.destroy({ where: {} });\n```",
            "```python\nUser.objects.all().delete()\n```",
        ),
        lookalikes=(
            "```js\nawait User.deleteMany({ expired: true });\n```",
            "```js\nawait User.destroy({ where: { id } });\n```",
        ),
        pattern=r"\.deleteMany\(\s*(?:\{\s*\}\s*)?\)|\.destroy\(\s*\{[^}\n]*(?:truncate\s*:\s*true|where\s*:\s*\{\s*\})|"
        r"\.objects\.all\(\)\.delete\(\)|\.delete_all\b",
        where=Where.CODE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what a proposal's code would destroy once it runs."""
    if _SCANNER.may_find(document):
        yield from _SCANNER.scan(document, outside=ways_down(document))
