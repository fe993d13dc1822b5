"""The deployment: files and words that change how the service is built, shipped and run.

Owns the rules on the deployment as a whole; what single kinds of files say has analyzers of its own.
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
        "Create or update the file config/k8s_ingress.yml with this complete content:\n\nkind: Ingress\n",
    ),
    lookalikes=("Create or update the file routes/a.js with this complete content:\n\nrun();\n",),
)
_DEPLOYMENT = compile_pattern(
    r"(?i)(?:^|/)(?:Dockerfile|docker-compose\.ya?ml|Procfile|\.gitlab-ci\.yml|[^/]*\.tf)$|(?:^|/)(?:\.github|workflows|"
    r"ci[-_]?cd|k8s|helm|terraform|deploy(?:ment)?s?)/|(?:^|/)[^/]*(?:kube|k8s|ingress|helm)[^/]*\.ya?ml$"
)

_PATTERN_RULES = (
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
)

RULES: tuple[Rule, ...] = (_DEPLOYMENT_FILE, *_PATTERN_RULES)
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield how a proposal changes the deployment."""
    yield from _SCANNER.scan(document)
    for artifact in document.artifacts:
        if artifact.named_at and _DEPLOYMENT.search(artifact.path.encode("ascii")) is not None:
            yield _DEPLOYMENT_FILE.finding(
                document, artifact.named_at, artifact.named_at + len(artifact.path)
            )
