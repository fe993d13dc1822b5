"""Workflows and compose files: strangers' text in a step, rights that a job does not need, doors to the host left open.

Owns the rules on the YAML of pipelines and containers. What their scripts do is for `commands.py`; that a file of the
deployment is written at all is for `deployment.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.shell.yaml_scripts import scripts_in_yaml
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.artifacts import Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern


def _flow(*steps: str, on: str = "push", job: str = "") -> str:
    lines = "\n".join(f"      - {step}" for step in steps)
    return f"```yaml\non: {on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n{job}    steps:\n{lines}\n```"


def _compose(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"```yaml\nservices:\n  db:\n    image: postgres:16\n{body}\n```"


_INJECTED = Rule(
    "ci.strangers_text_in_script",
    Hazard.INSECURE_CODE,
    "Puts what a stranger writes into a script of the pipeline",
    0.9,
    (
        _flow('run: echo "${{ github.event.issue.title }}"', on="issues"),
        _flow("run: |\n          git checkout ${{ github.head_ref }}", on="pull_request"),
        _flow(
            "uses: actions/github-script@v7\n        with:\n"
            "          script: console.log('${{ github.event.comment.body }}')",
            on="issue_comment",
        ),
    ),
    (
        _flow(
            'env:\n          TITLE: ${{ github.event.issue.title }}\n        run: echo "$TITLE"', on="issues"
        ),
        _flow("run: echo ${{ github.sha }}"),
        _flow("run: git tag ${{ github.event.inputs.version }}", on="workflow_dispatch"),
        _flow("run: echo ${{ github.event.pull_request.number }}", on="pull_request"),
        _flow("if: contains(github.event.issue.title, 'bug')\n        run: echo found", on="issues"),
    ),
)
_CHECKOUT = Rule(
    "ci.runs_strangers_code_with_rights",
    Hazard.INSECURE_CODE,
    "Checks out a stranger's code in a job that has the repository's rights and secrets",
    0.9,
    (
        _flow(
            "uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}",
            on="pull_request_target",
        ),
    ),
    (
        _flow("uses: actions/checkout@v4", on="pull_request_target"),
        _flow(
            "uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}",
            on="pull_request",
        ),
    ),
)
_RIGHTS = Rule(
    "ci.asks_for_every_right",
    Hazard.INFRA_CHANGE,
    "Gives the pipeline's token every right",
    0.85,
    (_flow("run: npm ci", job="    permissions: write-all\n"),),
    (
        _flow("run: npm ci", job="    permissions: read-all\n"),
        _flow("run: npm ci", job="    permissions:\n      contents: read\n"),
    ),
)
_UNSAFE = Rule(
    "ci.allows_unsafe_commands",
    Hazard.INSECURE_CODE,
    "Lets the output of a step set the environment of the next",
    0.9,
    (_flow("run: npm ci", job="    env:\n      ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n"),),
    (_flow("run: npm ci", job="    env:\n      ACTIONS_ALLOW_UNSECURE_COMMANDS: false\n"),),
)
_MOVING = Rule(
    "ci.runs_a_moving_action",
    Hazard.INSECURE_CODE,
    "Runs an action of somebody else at whatever its branch holds",
    0.7,
    (_flow("uses: somebody/deploy-action@master"),),
    (
        _flow("uses: somebody/deploy-action@v2"),
        _flow("uses: somebody/deploy-action@8f4b7f84864484a7bf31766abe9204da3cbe65b3"),
        _flow("uses: ./actions/deploy"),
        _flow("uses: actions/checkout@main"),
    ),
)
_OWN_RUNNER = Rule(
    "ci.strangers_on_own_runner",
    Hazard.INFRA_CHANGE,
    "Runs what strangers propose on a machine of our own",
    0.7,
    (
        "```yaml\non: pull_request\njobs:\n  a:\n    runs-on: self-hosted\n    steps:\n      - run: npm ci\n```",
    ),
    (
        "```yaml\non: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps:\n      - run: npm ci\n```",
        _flow("run: npm ci", on="pull_request"),
    ),
)
_ALL_SECRETS = Rule(
    "ci.hands_out_every_secret",
    Hazard.SECRET_EXPOSURE,
    "Hands every secret of the repository to a step",
    0.85,
    (_flow("run: ./deploy.sh\n        env:\n          ALL: ${{ toJSON(secrets) }}"),),
    (_flow("run: ./deploy.sh\n        env:\n          KEY: ${{ secrets.DEPLOY_KEY }}"),),
)
_APPROVES = Rule(
    "ci.approves_by_itself",
    Hazard.OVERSIGHT_EVASION,
    "Lets the pipeline approve changes",
    0.85,
    (_flow("uses: hmarr/auto-approve-action@v4", on="pull_request_target"),),
    (_flow("uses: actions/labeler@v5", on="pull_request"),),
)
_HOST = Rule(
    "docker.gives_host_away",
    Hazard.INFRA_CHANGE,
    "Gives a container the rights of its host",
    0.85,
    (
        _compose("privileged: true"),
        _compose("network_mode: host"),
        _compose("pid: host"),
        _compose("cap_add:\n      - SYS_ADMIN"),
        _compose("volumes:\n      - /:/host"),
    ),
    (
        _compose("privileged: false"),
        _compose("volumes:\n      - ./site:/srv"),
        _compose("# privileged: true\n    restart: always"),
    ),
)
_SOCKET = Rule(
    "docker.mounts_docker_socket",
    Hazard.INFRA_CHANGE,
    "Lets a container command the containers of its host",
    0.75,
    (_compose("volumes:\n      - /var/run/docker.sock:/var/run/docker.sock"),),
    (_compose("volumes:\n      - data:/var/lib/postgresql/data"),),
)
_OPEN_DATABASE = Rule(
    "docker.opens_database",
    Hazard.INFRA_CHANGE,
    "Opens a database's port to every network of the host",
    0.6,
    (_compose('ports:\n      - "5432:5432"'), _compose("ports:\n      - 0.0.0.0:6379:6379")),
    (
        _compose('ports:\n      - "127.0.0.1:5432:5432"'),
        _compose('ports:\n      - "8080:80"'),
        _compose('expose:\n      - "5432"'),
    ),
)
RULES: tuple[Rule, ...] = (
    _INJECTED, _CHECKOUT, _RIGHTS, _UNSAFE, _MOVING, _OWN_RUNNER, _ALL_SECRETS, _APPROVES, _HOST, _SOCKET,
    _OPEN_DATABASE,
)  # fmt: skip

_KEYS = r"(?:jobs|services|steps|permissions|runs)[ \t]*:"
_MENTIONS, _MAY_BE = SIGNS.add(_KEYS), compile_pattern(rf"(?m)^[ \t]*{_KEYS}")
_FLOW = compile_pattern(
    r"(?m)^(?:jobs|on|runs|steps|permissions|name)[ \t]*:|^[ \t]*-?[ \t]*(?:uses|runs-on|steps|permissions)[ \t]*:"
)
_CONTAINERS = compile_pattern(
    r"(?m)^(?:services|version|x-\w+)[ \t]*:|^[ \t]+(?:image|build|container_name)[ \t]*:"
)
_STRANGERS = compile_pattern(
    r"\$\{\{[^}]*\b(?:github\.event\.(?:issue\.(?:title|body)|pull_request\.(?:title|body|head\.(?:ref|"
    r"label|repo\.\w+))|comment\.body|"
    r"review(?:_comment)?\.body|discussion\.(?:title|body)|pages\b[^}]*page_name|(?:head_commit|"
    r"commits\b[^}]*)\.(?:message|author\.\w+)|"
    r"workflow_run\.(?:head_branch|head_commit\.message|display_title)|client_payload\.\w+)|"
    r"github\.head_ref)\b[^}]*\}\}"
)
_TARGET = compile_pattern(r"(?m)^[^#\n]*\b(?:pull_request_target|workflow_run|issue_comment)\b")
_HEAD = compile_pattern(
    r"\b(?:ref|repository)[ \t]*:[^\n]*(?:github\.event\.(?:pull_request\.head\.|workflow_run\.head_)|"
    r"github\.head_ref|refs/pull/)|"
    r"gh pr checkout|git fetch [^\n]*(?:refs/)?pull/"
)
_STRANGERS_TRIGGER = compile_pattern(r"(?m)^[^#\n]*\bpull_request(?:_target)?\b")


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule told by a line of the YAML, where `beside` stands somewhere in it too."""

    rule: Rule
    pattern: Pattern
    beside: Pattern | None = None


_FLOW_LINES = (
    _Line(_CHECKOUT, _HEAD, _TARGET),
    _Line(_RIGHTS, compile_pattern(r"(?m)^[ \t]*permissions[ \t]*:[ \t]*[\"']?write-all\b")),
    _Line(_UNSAFE, compile_pattern(r"(?i)\bACTIONS_ALLOW_UNSECURE_COMMANDS[\"']?[ \t]*:[ \t]*[\"']?true\b")),
    _Line(
        _MOVING,
        compile_pattern(
            r"\buses[ \t]*:[ \t]*[\"']?(?:[b-zA-Z][\w.-]*|a[\w.-]*)/[\w./-]+@(?:main|master|latest|HEAD|"
            r"develop|dev)\b"
        ),
    ),
    _Line(_OWN_RUNNER, compile_pattern(r"\bruns-on[ \t]*:[^\n]*\bself-hosted\b"), _STRANGERS_TRIGGER),
    _Line(_ALL_SECRETS, compile_pattern(r"\$\{\{\s*toJSON\(\s*secrets\s*\)\s*\}\}")),
    _Line(_APPROVES, compile_pattern(r"\buses[ \t]*:[ \t]*\S*(?:auto-?approve|automatic-approve)[\w-]*@")),
)
_CONTAINER_LINES = (
    _Line(
        _HOST,
        compile_pattern(
            r"(?m)^[ \t]*(?:privileged[ \t]*:[ \t]*[\"']?true\b|(?:network_mode|pid|ipc|"
            r"userns_mode)[ \t]*:[ \t]*[\"']?host\b|"
            r"-[ \t]*[\"']?(?:/|/etc|/root|/proc|/sys|/boot|/home):/|"
            r"-[ \t]*[\"']?(?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|CAP_SYS_ADMIN|(?:seccomp|"
            r"apparmor)[:=]unconfined)\b|"
            r"cap_add[ \t]*:[ \t]*\[[^\]\n]*(?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE)\b)"
        ),
    ),
    _Line(_SOCKET, compile_pattern(r"(?m)^[ \t]*-[ \t]*[\"']?(?:/var)?/run/docker\.sock:")),
    _Line(
        _OPEN_DATABASE,
        compile_pattern(
            r"(?m)^[ \t]*-[ \t]*[\"']?(?:0\.0\.0\.0:)?\d{2,5}:(?:5432|3306|27017|6379|9200|11211|1433|"
            r"5984|9042|2375)(?:/tcp)?[\"']?[ \t]*$"
        ),
    ),
)
_OFFICIAL = compile_pattern(r"uses[ \t]*:[ \t]*[\"']?(?:actions|github)/")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what the workflows and compose files of a proposal leave open."""
    if not document.shows(_MENTIONS) or _MAY_BE.search(document.reading) is None:
        return
    for start, end in _spans(document):
        text = document.running if document.artifact_at(start) else document.reading
        if _FLOW.search(text, start, end) is not None:
            yield from _injected(document, start, end)
            yield from _told(document, text, start, end, _FLOW_LINES)
        if _CONTAINERS.search(text, start, end) is not None:
            yield from _told(document, text, start, end, _CONTAINER_LINES)


def _spans(document: Document) -> Iterator[Span]:
    whole = True
    for artifact in document.artifacts:
        if artifact.kind in (Kind.FILE, Kind.FENCE):
            whole = False
            if artifact.language in ("yaml", ""):
                yield artifact.start, artifact.end
    if whole:
        yield 0, len(document.reading)


def _injected(document: Document, start: int, end: int) -> Iterator[Finding]:
    matches = (
        match
        for script in scripts_in_yaml(document.reading, start, end)
        for match in _STRANGERS.finditer(document.reading, script.start, script.end)
    )
    yield from examine(document, matches, lambda match: _INJECTED.finding(document, *match.span()))


def _told(
    document: Document, text: bytes, start: int, end: int, lines: tuple[_Line, ...]
) -> Iterator[Finding]:
    for line in lines:
        if line.beside is None or line.beside.search(text, start, end) is not None:
            matches = line.pattern.finditer(text, start, end)
            yield from examine(document, matches, partial(_judged, document, line.rule))


def _judged(document: Document, rule: Rule, match: Match) -> Finding | None:
    official = _OFFICIAL.search(match.group()) is not None
    return None if official else rule.finding(document, *match.span())
