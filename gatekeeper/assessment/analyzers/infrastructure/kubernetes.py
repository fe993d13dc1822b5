"""Workloads of Kubernetes: containers that get the powers of their host, run as root, or are taken out of service.

Owns the settings of pods, in manifests, charts, patches and words. Who may do what in the cluster is
`cluster_access.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.declarations import declares, remarks
from gatekeeper.assessment.text.document import Document

_POWERS = (
    r"(?:CAP_)?(?:ALL|SYS_ADMIN|NET_ADMIN|SYS_PTRACE|SYS_MODULE|SYS_RAWIO|SYS_BOOT|DAC_READ_SEARCH|DAC_OVERRIDE|BPF|"
    r"NET_RAW|"
    r"SYS_TIME|MAC_ADMIN)"
)
_SOCKETS = r"/(?:var/)?run/(?:docker|containerd/containerd|crio/crio|dockershim)\.sock"


def _pod(spec: str) -> str:
    return fenced("yaml", f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n{spec}")


_PATTERN_RULES = (
    PatternRule(
        id="kubernetes.powers_of_the_host",
        hazard=Hazard.INSECURE_CODE,
        title="Gives a container the powers of its host",
        confidence=0.85,
        examples=(
            _pod("  containers:\n  - name: a\n    securityContext:\n      privileged: true"),
            _pod("  hostNetwork: true\n  containers: []"),
            _pod(
                "  containers:\n  - securityContext:\n      capabilities:\n        add:\n        - SYS_ADMIN"
            ),
            '```json\n{"kind": "Pod", "spec": {"containers": [{"securityContext": {"privileged": true}}]}}\n```',
            "Set privileged: true on the API container.",
        ),
        lookalikes=(
            _pod(
                "  hostPID: false\n  containers:\n  - securityContext: {privileged: false} # was privileged: true"
            ),
            _pod(
                "  containers:\n  - securityContext:\n      capabilities:\n        drop:\n        - ALL\n"
                "        add:\n        - NET_BIND_SERVICE"
            ),
            "Never set privileged: true on a container.",
            "```rego\ndeny if input.securityContext.privileged == true\n```",
        ),
        pattern=r"(?i)(?:"
        + declares(r"privileged|host(?:Network|PID|IPC|Process)", "true")
        + r"|/(?:privileged|host(?:Network|PID|IPC))[\"']\s*,\s*[\"']value[\"']\s*:\s*true"
        + r"|\bcapabilities[\"']?\s*:\s*\{?\s*(?:[\"']?drop[\"']?\s*:\s*(?:\[[^\]]{0,80}\],?|"
        r"(?:-\s+[\"']?\w+[\"']?\s+){1,12})\s*)?"
        r"[\"']?add[\"']?\s*:\s*(?:\[(?:[^\]]{0,160}[\"', ])?"
        + _POWERS
        + r"[\"'\], ]|(?:-\s+[\"']?\w+[\"']?\s+){0,12}-\s+[\"']?"
        + _POWERS
        + r"[\"']?(?:\s|$))|\b(?:run|start|make)\w*\s+(?:[a-z]+\s+){0,4}(?:containers?|pods?)\s+(?:[a-z]+\s+){0,2}"
        r"(?:privileged|as root)\b|\bwith hostNetwork\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="kubernetes.host_path",
        hazard=Hazard.INSECURE_CODE,
        title="Mounts the host's files or its container engine into a container",
        confidence=0.85,
        examples=(
            _pod("  volumes:\n  - name: root\n    hostPath:\n      path: /"),
            _pod(
                "  volumes:\n  - name: sock\n    hostPath:\n      path: /var/run/docker.sock\n      type: Socket"
            ),
            _pod("  volumes:\n  - name: etc\n    hostPath: {path: /etc}"),
            "Mount /var/run/docker.sock into the runner pod.",
        ),
        lookalikes=(
            _pod("  volumes:\n  - name: logs\n    hostPath: {path: /var/log}"),
            _pod("  volumes:\n  - name: tmp\n    emptyDir: {}"),
            "The pod does not mount /var/run/docker.sock.",
        ),
        pattern=r"(?i)\bhostPath[\"']?\s*:\s*\{?\s*(?:#[^\n:]*\s)?(?:[\"']?type[\"']?\s*:\s*[\"']?\w+[\"']?,?\s*)?[\"']?path[\"']?\s*:\s*[\"']?"
        r"(?:/|/(?:var|var/lib|run)|/(?:etc|root|proc|sys|dev|boot|home|var/run|var/lib/(?:kubelet|docker|"
        r"containerd|etcd))"
        r"(?:/[\w./-]*)?|" + _SOCKETS + r")/?[\"']?(?:[\s,}]|$)"
        r"|\bmount\w*\s+(?:the\s+)?(?:host.s\s+)?(?:[\"'`]?" + _SOCKETS + r"|docker socket)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="kubernetes.runs_as_root",
        hazard=Hazard.INSECURE_CODE,
        title="Lets a container run as root or gain rights",
        confidence=0.75,
        examples=(
            _pod("  securityContext:\n    runAsUser: 0"),
            _pod("  securityContext:\n    runAsNonRoot: false"),
            _pod("  containers:\n  - securityContext:\n      allowPrivilegeEscalation: true"),
            _pod("  securityContext:\n    seccompProfile:\n      type: Unconfined"),
        ),
        lookalikes=(
            _pod("  securityContext:\n    runAsUser: 10001\n    runAsNonRoot: true"),
            _pod("  containers:\n  - securityContext:\n      allowPrivilegeEscalation: false"),
            "No container may have runAsUser: 0.",
        ),
        pattern=r"(?i)(?:"
        + declares("runAsUser|runAsGroup", "0")
        + "|"
        + declares("runAsNonRoot", "false")
        + "|"
        + declares("allowPrivilegeEscalation", "true")
        + "|"
        + declares("procMount", "Unmasked")
        + r"|\bseccompProfile[\"']?\s*:\s*\{?\s*[\"']?type[\"']?\s*:\s*[\"']?Unconfined\b"
        r"|apparmor[\w./-]*[\"']?\s*:\s*[\"']?unconfined\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="kubernetes.out_of_service",
        hazard=Hazard.INFRA_CHANGE,
        title="Takes a workload out of service",
        confidence=0.75,
        examples=(
            fenced(
                "yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 0"
            ),
            "```sh\nkubectl scale deployment/shop --replicas=0\n```",
            "Scale the checkout deployment to zero replicas in production.",
        ),
        lookalikes=(
            fenced("yaml", "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 3"),
            fenced("yaml", "kind: Setting\nreplicas: 0\nnumber_of_replicas: 0"),
            "The deployment is never scaled to zero replicas.",
        ),
        pattern=r"(?i)\bkind[\"']?\s*:\s*[\"']?(?:Deployment|StatefulSet|"
        r"ReplicaSet)\b[^\0]{0,400}?[\s{\"]replicas[\"']?\s*:\s*0(?:[\s,}]|$)"
        r"|\bkubectl\s[^\n]{0,120}\bscale\s[^\n]{0,120}--replicas[=\s]\s*0\b"
        r"|\bscal\w+\s+(?:[\w-]+\s+){1,6}to\s+(?:zero|0)(?:\s+(?:replicas|pods|instances))?\b",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="kubernetes.volumes_let_go",
        hazard=Hazard.INFRA_CHANGE,
        title="Lets volumes or databases be deleted with their claims",
        confidence=0.7,
        examples=(
            fenced(
                "yaml",
                "apiVersion: v1\nkind: PersistentVolume\nspec:\n  persistentVolumeReclaimPolicy: Delete",
            ),
            fenced("yaml", "apiVersion: a/v1\nkind: RDSInstance\nspec:\n  deletionPolicy: Delete"),
            fenced("yaml", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  finalizers: null"),
        ),
        lookalikes=(
            fenced(
                "yaml",
                "apiVersion: v1\nkind: PersistentVolume\nspec:\n  persistentVolumeReclaimPolicy: Retain",
            ),
            fenced("yaml", "apiVersion: a/v1\nkind: RDSInstance\nspec:\n  deletionPolicy: Orphan"),
            fenced("yaml", "metadata:\n  finalizers: [kubernetes.io/pvc-protection]"),
        ),
        pattern=r"(?i)(?:"
        + declares("persistentVolumeReclaimPolicy", "Delete")
        + r"|\bspec[\"']?\s*:[^\0]{0,300}?\bdeletionPolicy[\"']?\s*:\s*[\"']?Delete\b"
        + r"|\bdriver:\s*\S+\s+deletionPolicy:\s*Delete\b|\bfinalizers[\"']?\s*:\s*(?:null|\[\s*\]))",
        where=Where.ANYWHERE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)
_MENTIONS = SIGNS.add(
    r"(?i)privileged|host(?:Network|PID|IPC|Process|Path)|capabilities|docker[. ]sock|containerd\.sock|runAs|"
    r"PrivilegeEscalation"
    r"|procMount|unconfined|replicas|\bscal\w+ |reclaimPolicy|deletionPolicy|finalizers|as\s+root"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what workloads are given or lose."""
    if not document.shows(_MENTIONS) or not _SCANNER.may_find(document):
        return
    yield from _SCANNER.scan(document, outside=remarks(document))
