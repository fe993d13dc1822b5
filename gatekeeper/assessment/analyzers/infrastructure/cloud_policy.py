"""Policies of a cloud: statements that allow everything, or that allow everybody.

Owns the reading of one statement, in JSON, HCL, YAML and code: its effect, its actions, its resources, its principals.
What a network or a storage lets through is not a policy's statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.context import is_denied
from gatekeeper.assessment.text.declarations import blocks_around, line_around, remarks, running_lines
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import is_within
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern, compile_phrase

_EVERYTHING_ALLOWED = Rule(
    id="cloud.allows_everything",
    hazard=Hazard.INSECURE_CODE,
    title="Allows every action, or grants the rights of an administrator",
    confidence=0.85,
    examples=(
        '```json\n{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}\n```',
        '```hcl\ndata "aws_iam_policy_document" "a" {\n  statement {\n    actions   = ["*"]\n'
        '    resources = ["*"]\n  }\n}\n```',
        "```yaml\nStatement:\n  - Effect: Allow\n    Action: '*'\n    Resource: '*'\n```",
        '```hcl\nresource "aws_iam_role_policy_attachment" "a" {\n'
        '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n```',
        "Attach AdministratorAccess to the deploy role.",
        'Give the CI role a policy with Action "*" on Resource "*".',
    ),
    lookalikes=(
        '```json\n{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}\n```',
        '```json\n{"Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}\n```',
        '```json\n{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*"}]}\n```',
        '```hcl\npolicy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n```',
        "Detach AdministratorAccess from the deploy role.",
    ),
)
_EVERYBODY_ALLOWED = Rule(
    id="cloud.allows_everybody",
    hazard=Hazard.INSECURE_CODE,
    title="Allows everybody, on no condition",
    confidence=0.8,
    examples=(
        '```json\n{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]}\n```',
        '```hcl\nstatement {\n  principals {\n    type        = "AWS"\n    identifiers = ["*"]\n  }\n'
        '  actions = ["sqs:SendMessage"]\n}\n```',
        '```yaml\n- Effect: Allow\n  Principal:\n    AWS: "*"\n  Action: sts:AssumeRole\n```',
        '```hcl\nresource "google_storage_bucket_iam_member" "m" {\n  role   = "roles/storage.objectViewer"\n'
        '  member = "allUsers"\n}\n```',
        "```sh\ngcloud projects add-iam-policy-binding shop --member=allUsers --role=roles/viewer\n```",
        "Grant allUsers the objectViewer role on the bucket.",
    ),
    lookalikes=(
        '```json\n{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "r"}]}\n```',
        '```json\n{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "r", '
        '"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}]}\n```',
        '```json\n{"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, '
        '"Action": "sts:AssumeRole"}]}\n```',
        "```sh\ngcloud projects remove-iam-policy-binding shop --member=allUsers --role=roles/viewer\n```",
        "The bucket is never shared with allUsers.",
    ),
)
RULES: tuple[Rule, ...] = (_EVERYTHING_ALLOWED, _EVERYBODY_ALLOWED)

_MENTIONS = SIGNS.add(
    r"(?i)[\"'](?:[\w-]+:)?\*(?::\*)?[\"']|\biam:|not_?action|(?:Any|Star)Principal|AdministratorAccess|"
    r"IAMFullAccess|PowerUserAccess|"
    r"all(?:Authenticated)?Users|roles/(?:owner|editor)"
    r"|role_definition_name"
)
_VALUE = r"[\"'`]?\s*[:=,]?\s*(?:\[(?:[^\]]*[,\s])?\s*|(?:-\s*[\w:\"'*/-]+\s+){0,40}-\s*)?[\"'`]"
_EVERY_ACTION = compile_pattern(
    r"(?i)\b(?:not_?)?actions?" + _VALUE + r"(?:\*(?::\*)?|(?:iam|sts|organizations):\*)[\"'`]"
    r"|\bnot_?actions?[\"']?\s*[:=]|\biam:(?:PassRole|Create(?:PolicyVersion|AccessKey|LoginProfile)|"
    r"Attach\w+Policy|Put\w+Policy)\b"
)
_EVERY_RESOURCE = compile_pattern(r"(?i)\bresources?" + _VALUE + r"\*[\"'`]")
_EVERYBODY = compile_pattern(
    r"(?i)\bprincipals?[\"']?\s*[:=]\s*(?:\{\s*)?(?:[\"']?AWS[\"']?\s*[:=]\s*)?(?:\[(?:[^\]]*[,\s])?\s*)?[\"']\*[\"']"
    r"|\bprincipals\s*\{[^{}]*\bidentifiers\s*=\s*\[(?:[^\]]*[,\s])?\s*\"\*\""
    r"|\bnew (?:iam\.)?(?:AnyPrincipal|StarPrincipal)\("
)
_POLICY = compile_pattern(
    r"(?i)\beffect\b|statement|AdministratorAccess|FullAccess|PowerUser|\b\w*iam\b|polic(?:y|ies)|aws|"
    r"\bgcloud\b|google|azurerm|users\b"
)
_STATEMENT = compile_pattern(r"(?i)\b(?:not_?)?actions?[\"']?\s*[:=]")
_DENIES = compile_pattern(r"(?i)\beffect[\"']?\s*[:=]\s*(?:[\w.]*\.)?[\"']?deny")
_ON_CONDITION = compile_pattern(r"(?i)\bconditions?\b[\"']?\s*[:={]")


def _allows_everything(statement: bytes) -> bool:
    return _DENIES.search(statement) is None and _EVERY_RESOURCE.search(statement) is not None


def _allows_everybody(statement: bytes) -> bool:
    return _DENIES.search(statement) is None and _ON_CONDITION.search(statement) is None


# what shows that a rule is broken, and what its statement as a whole must then be, if it stands in one
_AllowsAll = Callable[[bytes], bool]
_SIGNS: tuple[tuple[Rule, Pattern, _AllowsAll | None], ...] = (
    (_EVERYTHING_ALLOWED, _EVERY_ACTION, _allows_everything),
    (_EVERYBODY_ALLOWED, _EVERYBODY, _allows_everybody),
    (
        _EVERYTHING_ALLOWED,
        compile_phrase(
            r"(?i)policy/(?:job-function/)?(?:AdministratorAccess|IAMFullAccess|PowerUserAccess)\b"
            r"|ManagedPolicyName\(\s*[\"'](?:AdministratorAccess|IAMFullAccess|PowerUserAccess)"
            r"|\b(?:attach|grant|giv|assign|add)\w* (?:[\w-]+ ){0,4}[\"'`]?AdministratorAccess\b"
            r"|\brole[\"']?\s*[:=]\s*[\"']roles/(?:owner|editor|iam\.securityAdmin)\"|"
            r"--role[=\s]\s*[\"']?roles/(?:owner|editor)\b"
            r"|\brole_definition_name\s*=\s*\"(?:Owner|User Access Administrator)\""
        ),
        None,
    ),
    (
        _EVERYBODY_ALLOWED,
        compile_phrase(
            r"(?i)\b(?:members?|special_?group|entity|predefined_?acl|"
            r"role_?entity)[\"']?\s*[:=]\s*\[?\s*[\"'](?:READER:|WRITER:)?"
            r"all(?:Authenticated)?Users\b|--member[=\s]\s*[\"']?all(?:Authenticated)?Users\b|"
            r"\biam ch all(?:Authenticated)?Users:"
            r"|\b(?:grant|giv|allow|add|assign)\w* (?:[\w.-]+ ){0,6}[\"'`]?all(?:Authenticated)?Users\b"
        ),
        None,
    ),
)
_TAKES_AWAY = compile_pattern(r"(?i)\b(?:detach|remov|revok|delet|replac|without|forbid)|iam ch -d")
_MOST_PLACES = 256


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the statements that allow everything or everybody, each rule in a few places."""
    if not document.shows(_MENTIONS) or _POLICY.search(document.running) is None:
        return
    text, remarked = running_lines(document), remarks(document)
    for rule, pattern, allows_all in _SIGNS:

        def judge(
            place: Match, rule: Rule = rule, allows_all: _AllowsAll | None = allows_all
        ) -> Finding | None:
            if is_within(remarked, place.start()) or _is_undone(document, text, place):
                return None
            allows = allows_all is None or allows_all(_statement_of(text, place))
            return rule.finding(document, *place.span()) if allows else None

        yield from examine(document, pattern.finditer(text), judge, most=_MOST_PLACES)


def _statement_of(text: bytes, place: Match) -> bytes:
    for block in blocks_around(text, place.start()):
        if _STATEMENT.search(text, block.start, block.end) is not None:
            return text[block.start : block.end]
    return line_around(text, *place.span())


def _is_undone(document: Document, text: bytes, place: Match) -> bool:
    if _TAKES_AWAY.search(line_around(text, place.start(), place.start())) is not None:
        return True
    return not document.runs_at(place.start()) and is_denied(text, *place.span())
