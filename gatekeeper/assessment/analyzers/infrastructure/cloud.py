"""Clusters and clouds: all that is evidence on them, and the change itself where what it changes is dangerous.

Owns where such evidence counts: in manifests, modules, commands and words, and in programs only where these define
infrastructure. What is dangerous is in `kubernetes.py`, `cluster_access.py`, `terraform.py`, `open_networks.py` and
`cloud_policy.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.analyzers.infrastructure import (
    cloud_policy,
    cluster_access,
    kubernetes,
    open_networks,
    terraform,
)
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern, read_as_bytes

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
_WIDEST_LINE = 600
_PROGRAM = compile_pattern(
    r"(?m)^[ \t]*(?:from [\w.]+ import |(?:const|let|var|import|export|function|async|await|class|def|return|"
    r"enum)\b[^:\n]|"
    r"[\w.]+\([^\n]*\);?[ \t]*$)"
)
_DEFINES_INFRASTRUCTURE = compile_pattern(
    r"pulumi|aws-cdk|aws_cdk|cdktf|\bnew\s+(?:aws|gcp|azure|s3|ec2|rds|iam|k8s|kubernetes|cdk)\.|\bec2\.(?:Peer|"
    r"Port)\b"
    r"|\biam\.(?:ManagedPolicy|PolicyStatement|AnyPrincipal)\b|\bkind[\"']?:\s*[\"'](?:Pod|Deployment|DaemonSet)\b"
    r"|(?i:(?:put|create|attach|delete)_?(?:bucket|public_?access|role|user|group)_?(?:policy|acl|block)"
    r"|authorize_?security_?group_?ingress|modify_?db_?instance|stop_?logging)"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the evidence on clusters and clouds."""
    found = [
        finding for module in _MODULES for finding in module.analyze(document) if _counts(document, finding)
    ]
    yield from found
    if found and all(finding.hazard is not Hazard.INFRA_CHANGE for finding in found):
        yield _WEAKENED.finding_at(document, found[0].start, found[0].end)


def _counts(document: Document, finding: Finding) -> bool:
    """Tell whether evidence stands where infrastructure is defined, not in a program that does something else."""
    artifact = document.artifact_of(finding.start)
    if artifact is None:
        line = document.text[document.text.rfind("\n", 0, finding.start) + 1 : finding.end]
        language, around, whole = "", read_as_bytes(line[-_WIDEST_LINE:]), document.reading
    else:
        language, around = artifact.language, document.reading[artifact.start : artifact.end]
        whole = around
    if language not in _PROGRAMS and (language or _PROGRAM.search(around) is None):
        return True
    return _DEFINES_INFRASTRUCTURE.search(whole) is not None
