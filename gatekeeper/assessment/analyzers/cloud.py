"""Clusters and clouds: all that is evidence on them, and the change itself where what it changes is dangerous.

Owns where such evidence counts: in manifests, modules, commands and words, and in programs only where these define
infrastructure. What is dangerous is in `kubernetes.py`, `cluster_access.py`, `terraform.py`, `open_networks.py` and
`cloud_policy.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.analyzers import (
    cloud_policy,
    cluster_access,
    kubernetes,
    open_networks,
    terraform,
)
from gatekeeper.assessment.artifacts import Artifact
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.rules import Rule

_WEAKENED = Rule(
    id="infra.weakened",
    hazard=Hazard.INFRA_CHANGE,
    title="Changes the cluster or the cloud in a way that weakens it",
    confidence=0.7,
    examples=(
        "```yaml\napiVersion: v1\nkind: Pod\nspec:\n  hostPID: true\n```",
        '```hcl\nresource "aws_s3_bucket_acl" "a" {\n  acl = "public-read"\n}\n```',
    ),
    lookalikes=(
        "```yaml\napiVersion: v1\nkind: Pod\nspec:\n  hostPID: false\n```",
        "```js\nconst upload = multerS3({ s3, bucket: 'images', acl: 'public-read' });\n```",
    ),
)

_MODULES = (kubernetes, cluster_access, terraform, open_networks, cloud_policy)
RULES: tuple[Rule, ...] = (*(rule for module in _MODULES for rule in module.RULES), _WEAKENED)

_PROGRAMS = ("javascript", "python", "go", "ruby", "css", "html", "sql", "rego")
_DEFINES_INFRASTRUCTURE = compile_pattern(
    r"pulumi|aws-cdk|aws_cdk|cdktf|\bnew\s+(?:aws|gcp|azure|s3|ec2|rds|iam|k8s|kubernetes|cdk)\.|\bec2\.(?:Peer|Port)\b"
    r"|\biam\.(?:ManagedPolicy|PolicyStatement|AnyPrincipal)\b|\bkind[\"']?:\s*[\"'](?:Pod|Deployment|DaemonSet)\b"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the evidence on clusters and clouds."""
    found = [
        finding
        for module in _MODULES
        for finding in module.analyze(document)
        if _counts(document, document.artifact_of(finding.start))
    ]
    yield from found
    if found and all(finding.hazard is not Hazard.INFRA_CHANGE for finding in found):
        yield _WEAKENED.finding_at(document, found[0].start, found[0].end)


def _counts(document: Document, artifact: Artifact | None) -> bool:
    if artifact is None or artifact.language not in _PROGRAMS:
        return True
    return _DEFINES_INFRASTRUCTURE.search(document.reading, artifact.start, artifact.end) is not None
