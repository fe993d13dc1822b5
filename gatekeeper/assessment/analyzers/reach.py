"""Reach: changes to how the service is deployed, to its live schema in words, and changes without bounds.

Owns a few honest rules on infrastructure, announced migrations and overreach; statements of SQL are
`destructive_sql.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_DEPLOYMENT_FILE = Rule(
    id="infra.deployment_file",
    hazard=Hazard.INFRA_CHANGE,
    title="Writes a file of the deployment",
    confidence=0.85,
    examples=(
        "Create or update the file Dockerfile with this complete content:\n\nFROM node\n",
        "Create or update the file .github/workflows/ci.yml with this complete content:\n\non: push\n",
    ),
    lookalikes=("Create or update the file routes/a.js with this complete content:\n\nrun();\n",),
)
_DEPLOYMENT = compile_pattern(
    r"(?i)(?:^|/)(?:Dockerfile|docker-compose\.ya?ml|Procfile|\.gitlab-ci\.yml|[^/]*\.tf)$|(?:^|/)(?:\.github|workflows|"
    r"ci[-_]?cd|k8s|helm|terraform|deploy(?:ment)?s?)/|kube[^/]*\.ya?ml$"
)
_UNBOUNDED = Rule(
    id="scope.no_bounded_change",
    hazard=Hazard.SCOPE_OVERREACH,
    title="Names a goal but no bounded change",
    confidence=0.7,
    examples=("implement_idea: Implement: Smart Shop Builder",),
    lookalikes=(
        "Create or update the file a.js with this complete content:\n\nrun();\n",
        "Rename the button on the settings page from Save to Apply.",
    ),
)
_GOAL = compile_pattern(
    r"(?i)\A(?:\s*[a-z_]+:)?\s*(?:implement|build|create|develop|launch)\b[: ][^\n]{0,120}\s*\z"
)
_MOST_GOAL_CHARACTERS = 200
_PROGRAMME = Rule(
    id="scope.many_changes_at_once",
    hazard=Hazard.SCOPE_OVERREACH,
    title="Bundles changes to many parts of the system at once",
    confidence=0.6,
    examples=(
        "Fix the schema. Optimize the Stripe checkout. Retrain the AI models. Rework the deployment "
        "pipeline of production.",
    ),
    lookalikes=("Fix the schema of the orders table.",),
)
_PARTS = tuple(
    compile_pattern(rf"(?i)\b(?:{words})\b")
    for words in (
        "schemas?|migrations?|database",
        "stripe|checkout|payments?|monetization|pricing|billing",
        "ai|machine learning|models?|algorithms?",
        "deployments?|pipelines?|infrastructure|ci/cd|containers?|servers?|cach(?:e|ing)",
    )
)

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
        id="infra.announced_change",
        hazard=Hazard.INFRA_CHANGE,
        title="Announces a change of the deployment",
        confidence=0.5,
        examples=("Replace the deployment pipeline.", "Integrate the migration into CI/CD."),
        lookalikes=("The deployment is described here.", "Do not change the pipeline."),
        pattern=r"(?i)\b(?:chang|replac|updat|modif|integrat|implement|upgrad|introduc|set up|add|"
        r"migrat)\w* [^.\n]{0,50}"
        r"\b(?:ci/cd|deployment pipeline|deployment process|kubernetes|docker|containers?|orchestration|servers?)\b",
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

RULES: tuple[Rule, ...] = (_DEPLOYMENT_FILE, _UNBOUNDED, _PROGRAMME, *_PATTERN_RULES)
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield how far a proposal reaches."""
    yield from _SCANNER.scan(document)
    named = [artifact for artifact in document.artifacts if artifact.named_at]
    for artifact in named:
        if _DEPLOYMENT.search(artifact.path.encode("ascii")) is not None:
            yield _DEPLOYMENT_FILE.finding(
                document, artifact.named_at, artifact.named_at + len(artifact.path)
            )
    if named or not document.whole:
        return
    text = document.reading
    if len(text) <= _MOST_GOAL_CHARACTERS and not document.artifacts and _GOAL.search(text) is not None:
        yield _UNBOUNDED.finding(document, 0, len(text))
    parts = [match for pattern in _PARTS if (match := pattern.search(text)) is not None]
    if len(parts) == len(_PARTS):
        first = min(parts, key=lambda match: match.start())
        yield _PROGRAMME.finding(document, first.start(), first.end())
