"""Access to a cluster: roles that may do all, bindings that admit all, services open to all, guards taken down.

Owns the reading of one manifest of Kubernetes as a whole: its kind and what it says. Settings of pods are
`kubernetes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.context import is_denied
from gatekeeper.assessment.text.declarations import declares, remarks, running_lines
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span, is_within
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern, compile_phrase

_ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: "
_WIDE_ROLE = Rule(
    id="kubernetes.wide_role",
    hazard=Hazard.INSECURE_CODE,
    title="A role of the cluster that may do everything, or make itself more",
    confidence=0.85,
    examples=(
        fenced("yaml", f"{_ROLE}ClusterRole\nrules:\n- apiGroups: ['*']\n  resources: ['*']\n  verbs: ['*']"),
        fenced(
            "yaml", f"{_ROLE}Role\nrules:\n- apiGroups: ['']\n  resources:\n  - secrets\n  verbs:\n  - '*'"
        ),
        fenced(
            "yaml", f"{_ROLE}ClusterRole\nrules:\n- resources: ['clusterroles']\n  verbs: ['get', 'escalate']"
        ),
    ),
    lookalikes=(
        fenced(
            "yaml",
            f"{_ROLE}Role\nrules:\n- apiGroups: ['*']\n  resources: ['pods']\n  verbs: ['get', 'list']",
        ),
        fenced("yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  resources: '*'\n  verbs: get"),
    ),
)
_OPEN_BINDING = Rule(
    id="kubernetes.open_binding",
    hazard=Hazard.INSECURE_CODE,
    title="Binds the cluster's administrator, or admits everybody",
    confidence=0.85,
    examples=(
        fenced(
            "yaml",
            f"{_ROLE}ClusterRoleBinding\nsubjects:\n- kind: ServiceAccount\n  name: bot\n"
            "roleRef:\n  kind: ClusterRole\n  name: cluster-admin",
        ),
        fenced(
            "yaml",
            f"{_ROLE}RoleBinding\nsubjects:\n- kind: User\n  name: system:anonymous\n"
            "roleRef:\n  kind: Role\n  name: view",
        ),
        "```sh\nkubectl create clusterrolebinding x --clusterrole=cluster-admin --serviceaccount=default:default\n```",
        "Bind the cluster-admin role to the default service account.",
    ),
    lookalikes=(
        fenced(
            "yaml",
            f"{_ROLE}RoleBinding\nsubjects:\n- kind: ServiceAccount\n  name: bot\n"
            "roleRef:\n  kind: Role\n  name: reader",
        ),
        "The service account is not bound to cluster-admin.",
    ),
)
_OPEN_SERVICE = Rule(
    id="kubernetes.open_service",
    hazard=Hazard.INSECURE_CODE,
    title="Opens a service of the cluster to everybody",
    confidence=0.75,
    examples=(
        fenced(
            "yaml", "apiVersion: v1\nkind: Service\nspec:\n  type: LoadBalancer\n  ports:\n  - port: 5432"
        ),
        fenced("yaml", "apiVersion: v1\nkind: Service\nspec:\n  loadBalancerSourceRanges:\n  - 0.0.0.0/0"),
        fenced(
            "yaml",
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  podSelector: {}\n  ingress:\n  - {}",
        ),
        fenced(
            "yaml",
            "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nspec:\n  mtls:\n    mode: DISABLE",
        ),
        "Expose the PostgreSQL service through a public load balancer.",
    ),
    lookalikes=(
        fenced(
            "yaml",
            "apiVersion: v1\nkind: Service\nspec:\n  type: LoadBalancer\n  ports: [{port: 443}]\n---\n"
            "apiVersion: v1\nkind: Service\nspec:\n  type: ClusterIP\n  ports: [{port: 5432}]",
        ),
        fenced(
            "yaml",
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  podSelector: {}\n  egress:\n  - {}",
        ),
        "The database is not exposed through a public load balancer.",
    ),
)
_UNCHECKED = Rule(
    id="kubernetes.unchecked",
    hazard=Hazard.INSECURE_CODE,
    title="Lets callers of the cluster in unchecked",
    confidence=0.8,
    examples=(
        fenced(
            "yaml",
            "kind: Pod\nspec:\n  containers:\n  - command:\n    - kube-apiserver\n    - --anonymous-auth=true",
        ),
        fenced(
            "yaml",
            "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nspec:\n  insecureSkipTLSVerify: true",
        ),
        fenced("yaml", "kind: KubeletConfiguration\nauthentication:\n  anonymous:\n    enabled: true"),
    ),
    lookalikes=(
        fenced(
            "yaml",
            "kind: Pod\nspec:\n  containers:\n  - command:\n    - kube-apiserver\n    - --anonymous-auth=false",
        ),
        fenced("yaml", "kind: KubeletConfiguration\nauthentication:\n  anonymous:\n    enabled: false"),
    ),
)
_GUARDS_DOWN = Rule(
    id="kubernetes.guards_down",
    hazard=Hazard.OVERSIGHT_EVASION,
    title="Takes down the cluster's admission checks, its audit or its network policies",
    confidence=0.8,
    examples=(
        fenced(
            "yaml",
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n"
            "- name: policy.example.com\n  failurePolicy: Ignore",
        ),
        fenced("yaml", "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None"),
        fenced(
            "yaml",
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    pod-security.kubernetes.io/enforce: privileged",
        ),
        "Remove the network policies from the production namespace.",
    ),
    lookalikes=(
        fenced(
            "yaml",
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n"
            "- name: policy.example.com\n  failurePolicy: Fail",
        ),
        fenced(
            "yaml",
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n"
            "  users: ['system:kube-proxy']\n- level: Metadata",
        ),
        fenced(
            "yaml",
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    pod-security.kubernetes.io/warn: privileged",
        ),
        "Network policies must never be removed from the namespace.",
    ),
)
RULES: tuple[Rule, ...] = (_WIDE_ROLE, _OPEN_BINDING, _OPEN_SERVICE, _UNCHECKED, _GUARDS_DOWN)


@dataclass(frozen=True, slots=True)
class _Sign:
    """What one manifest says: found where `says` is in a manifest of a kind that `of` names; "" is any text."""

    rule: Rule
    of: Pattern | None
    says: Pattern


def _kind(names: str) -> Pattern:
    return compile_pattern(rf"(?i)\bkind[\"']?\s*:\s*[\"']?(?:{names})\b")


_STAR = r"(?:\[[^\]]{0,120}[\"']\*[\"']|\s*(?:-\s+[\"']?[\w./]+[\"']?\s+){0,12}-\s+[\"']\*[\"'])"
_DATABASE_PORT = r"(?:5432|3306|1433|1521|27017|6379|9200|9042|11211|5984|2379|9092|5672|8086)"
_DATABASES = r"(?:postgres\w*|mysql|mariadb|redis|mongo\w*|elasticsearch|rabbitmq|memcached|databases?)"
_SIGNS = (
    _Sign(
        _WIDE_ROLE,
        _kind("(?:Cluster)?Role"),
        compile_pattern(
            r"(?i)\b(?:verbs|resources|nonResourceURLs)[\"']?\s*:\s*"
            + _STAR
            + r"|\bverbs[\"']?\s*:\s*(?:\[[^\]]{0,120}|"
            r"\s*(?:-\s+[\"']?\w+[\"']?\s+){0,12}-\s+)[\"']?(?:escalate|bind|impersonate)\b"
        ),
    ),
    _Sign(
        _OPEN_BINDING,
        _kind("(?:Cluster)?RoleBinding"),
        compile_pattern(
            r"(?i)\bname[\"']?\s*:\s*[\"']?(?:cluster-admin|system:(?:anonymous|unauthenticated|authenticated|"
            r"serviceaccounts|masters))"
            r"(?:[\"',}\s]|$)"
        ),
    ),
    _Sign(
        _OPEN_BINDING,
        None,
        compile_phrase(
            r"(?i)\bkubectl [^\n]{0,80}\bclusterrolebinding [^\n]{0,160}--clusterrole[=\s]\s*cluster-admin\b"
            r"|\badd-cluster-role-to-\w+ cluster-admin\b|\badd-scc-to-\w+ (?:privileged|anyuid)\b"
            r"|\b(?:bind|grant|giv|assign|attach)\w* (?:[\w-]+ ){0,8}[\"'`]?cluster-admin\b"
            r"|\badd-cluster-role-to-\w+ cluster-admin\b|\badd-scc-to-\w+ (?:privileged|anyuid)\b"
            r"|\b(?:bind|grant|giv|assign|attach)\w* (?:[\w-]+ ){1,8}to system:(?:anonymous|unauthenticated|"
            r"authenticated)\b"
        ),
    ),
    _Sign(
        _OPEN_SERVICE,
        _kind("Service"),
        compile_pattern(
            r"(?i)\btype[\"']?\s*:\s*[\"']?(?:LoadBalancer|NodePort)\b[^\0]{0,600}?\bport[\"']?\s*:\s*"
            + _DATABASE_PORT
            + r"\b"
            r"|\bport[\"']?\s*:\s*"
            + _DATABASE_PORT
            + r"\b[^\0]{0,600}?\btype[\"']?\s*:\s*[\"']?(?:LoadBalancer|NodePort)\b"
            r"|\bloadBalancerSourceRanges[\"']?\s*:\s*(?:\[\s*|-\s*)[\"']?0\.0\.0\.0/0"
        ),
    ),
    _Sign(
        _OPEN_SERVICE,
        _kind("NetworkPolicy"),
        compile_pattern(r"(?i)\bingress[\"']?\s*:\s*(?:\[\s*\{\s*\}|-\s*\{\s*\}|-\s*from\s*:\s*\[\s*\])"),
    ),
    _Sign(
        _OPEN_SERVICE,
        _kind("AuthorizationPolicy"),
        compile_pattern(r"(?i)\brules[\"']?\s*:\s*(?:\[\s*\{\s*\}|-\s*\{\s*\})"),
    ),
    _Sign(
        _OPEN_SERVICE, _kind("PeerAuthentication"), compile_pattern(r"(?i)\bmode[\"']?\s*:\s*[\"']?DISABLE\b")
    ),
    _Sign(
        _OPEN_SERVICE,
        _kind("Ingress"),
        compile_pattern(r"(?i)whitelist-source-range[\"']?\s*:\s*[\"']?0\.0\.0\.0/0"),
    ),
    _Sign(
        _OPEN_SERVICE,
        None,
        compile_phrase(
            r"(?i)\bkubectl expose [^\n]{0,80}"
            + _DATABASES
            + r"[^\n]{0,80}--type[=\s]\s*(?:LoadBalancer|NodePort)"
            r"|\bexpos\w+ (?:the |our )?(?:[\w-]+ ){0,2}"
            + _DATABASES
            + r" (?:[\w-]+ ){0,4}(?:through|via|with|on|to) "
            r"(?:a |the )?(?:public|internet|external load)"
        ),
    ),
    _Sign(
        _UNCHECKED,
        None,
        compile_pattern(
            r"(?i)--anonymous-auth=true\b|--authorization-mode=AlwaysAllow\b|--insecure-(?:port=[1-9]|"
            r"bind-address=0)|"
            r"--enable-skip-login\b|--disable-settings-authorizer\b|--token-auth-file=|--basic-auth-file=|"
            r"--insecure-allow-any-token"
            r"|\banonymous:\s*\{?\s*enabled:\s*true\b|(?:"
            + declares(r"insecureSkipTLSVerify|insecure-skip-tls-verify", "true")
            + ")|(?:"
            + declares("mode", "AlwaysAllow")
            + r")|--insecure-skip-tls-verify\b"
        ),
    ),
    _Sign(
        _GUARDS_DOWN,
        _kind("ValidatingWebhookConfiguration|ValidatingAdmissionPolicy"),
        compile_pattern(r"(?i)\bfailurePolicy[\"']?\s*:\s*[\"']?Ignore\b"),
    ),
    _Sign(
        _GUARDS_DOWN,
        compile_pattern(r"(?i)\baudit\.k8s\.io/"),
        compile_pattern(r"(?i)\brules:\s*-\s*level:\s*[\"']?None[\"']?\s*(?:[-`~]|\z)"),
    ),
    _Sign(
        _GUARDS_DOWN,
        None,
        compile_phrase(
            r"(?i)pod-security\.kubernetes\.io/enforce[\"']?\s*[:=]\s*[\"']?privileged\b"
            r"|\b(?:remov|delet|drop|disabl)\w* (?:all |the |every )*(?:network\s*polic|pod security (?:polic|"
            r"admission)|"
            r"admission (?:webhook|polic|control))\w*"
        ),
    ),
)
_MENTIONS = SIGNS.add(
    r"(?i)rbac|\bkind[\"']?\s*:\s*[\"']?(?:(?:Cluster)?Role(?:Binding)?|Service|NetworkPolicy|AuthorizationPolicy|"
    r"PeerAuthentication|Ingress|Validating\w+)\b|cluster-admin|scc-to-|anonymous|AlwaysAllow|"
    r"insecure[-_]?(?:skip|port|"
    r"bind|allow)|"
    r"skip-login|settings-authorizer|auth-file|audit\.k8s|pod-security|network\s*polic|pod security|admission|"
    r"\bexpos|"
    r"system:(?:un)?auth"
)
_PARTING = compile_pattern(r"(?m)^---[ \t]*$|^[ \t]*(?:```|~~~)[^\n]*$")
_MOST_MANIFESTS = 500
_MOST_SIGNS = 256


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what each manifest opens or takes down, one finding for each of its signs."""
    if not document.shows(_MENTIONS):
        return
    text, remarked = running_lines(document), remarks(document)
    for start, end in _manifests(text):
        for sign in _SIGNS:
            if sign.of is not None and sign.of.search(text, start, end) is None:
                continue
            judge = partial(_judged, document, text, remarked, sign.rule)
            signs = sign.says.finditer(text, start, end)
            yield from islice(examine(document, signs, judge, most=_MOST_SIGNS), 1)


def _judged(
    document: Document, text: bytes, remarked: Sequence[Span], rule: Rule, sign: Match
) -> Finding | None:
    if is_within(remarked, sign.start()):
        return None
    runs = document.runs_at(sign.start()) or not is_denied(text, *sign.span())
    return rule.finding(document, *sign.span()) if runs else None


def _manifests(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield the spans between the marks that part manifests from one another and from the words around them."""
    marks = {0, len(text)}
    marks.update(each.end() for each in islice(_PARTING.finditer(text), _MOST_MANIFESTS))
    yield from pairwise(sorted(marks))
