"""Dockerfiles: what an image is built from, what it keeps, and as whom it runs.

Owns the rules on instructions. What their commands do is for `commands.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import REPORTED_PER_RULE, Rule
from gatekeeper.assessment.shell.dockerfiles import Instruction, images_in, instructions
from gatekeeper.assessment.text.central_files import Part
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

_MOST_INSTRUCTIONS = 1000


def _image(*lines: str) -> str:
    return "```dockerfile\n" + "\n".join(("FROM node:20-slim", *lines)) + "\n```"


_ROOT = Rule(
    "docker.runs_as_root",
    Hazard.INFRA_CHANGE,
    "Makes root the user that the container runs as",
    0.7,
    (_image("USER node", "USER root", "CMD node a.js"), _image("USER 0:0")),
    (
        _image("USER root", "RUN apt-get update", "USER node", "CMD node a.js"),
        _image("CMD node a.js"),
        "```dockerfile\nFROM a:1 AS build\nUSER root\nFROM b:1\nUSER app\n```",
    ),
)
_ADDED = Rule(
    "docker.adds_from_network",
    Hazard.INFRA_CHANGE,
    "Puts a file of another host into the image without checking it",
    0.75,
    (_image("ADD http://x.example.net/agent.tgz /opt/"),),
    (_image("ADD app.tgz /opt/"), _image("ADD --checksum=sha256:ab12 https://x.example.net/a.tgz /opt/")),
)
_KEPT = Rule(
    "docker.keeps_secret",
    Hazard.SECRET_EXPOSURE,
    "Keeps a secret in the layers of the image",
    0.8,
    (
        _image("ENV DB_PASSWORD=Tr0ub4dor3"),
        _image("ARG NPM_TOKEN=9f3KxQ7LmZ2V"),
        _image("COPY .env /app/.env"),
        _image("COPY id_rsa /root/.ssh/id_rsa"),
    ),
    (
        _image("ENV DB_PASSWORD_FILE=/run/secrets/db"),
        _image("ARG NPM_TOKEN", "RUN npm ci"),
        _image("ENV TOKEN_LIMIT=2000"),
        _image("COPY .env.example /app/"),
        _image("ENV SECRET_KEY_BASE=dummy"),
        _image("RUN --mount=type=secret,id=npm npm ci"),
    ),
)
_NEWEST = Rule(
    "docker.takes_whatever_is_newest",
    Hazard.INFRA_CHANGE,
    "Builds on whatever image is the newest",
    0.6,
    ("```dockerfile\nFROM node:latest\nRUN npm ci\n```",),
    (_image("RUN npm ci"), "```dockerfile\n# FROM node:latest\nFROM node:20\nRUN npm ci\n```"),
)
_STARTS_NOTHING = Rule(
    "overwrite.image_starts_nothing",
    Hazard.DESTRUCTIVE_DATA,
    "Overwrites the image that is deployed with one that starts nothing",
    0.7,
    (
        in_file("Dockerfile", "FROM node:20-slim\nCOPY . .\nRUN npm ci"),
        in_file("Dockerfile", "from mcr.microsoft.com/dotnet/aspnet:8.0\ncopy out /app"),
        in_file(
            "Dockerfile",
            "FROM node:20 AS build\nCMD npm run build\nFROM alpine:3.20\nCOPY --from=build /app /app",
        ),
    ),
    (
        in_file("Dockerfile", 'FROM node:20-slim\nCOPY . .\nCMD ["node", "server.js"]'),
        in_file("Dockerfile", "FROM nginx:1.27\nCOPY dist /usr/share/nginx/html"),
        in_file("tools/Dockerfile", "FROM node:20-slim\nCOPY . .\nRUN npm ci"),
    ),
)
RULES: tuple[Rule, ...] = (_ROOT, _ADDED, _KEPT, _NEWEST, _STARTS_NOTHING)

_IS_ROOT = compile_pattern(r"^(?:root|0)(?::\S*)?\s*$")
_ADDS = compile_pattern(r"^(?:--(?:chown|chmod|link)\S*\s+)*(?:\[\s*\")?http[s]?://")
_SECRET = compile_pattern(
    r"(?i)(?:^|\s)[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_KEY|AUTH_TOKEN|_TOKEN|"
    r"CREDENTIALS)[A-Z0-9_]*?"
    r"(?:=|\s+)[\"']?([^\s\"'$<{][^\s\"']{3,})"
)
_NO_SECRET = compile_pattern(
    r"(?i)^(?:dummy|placeholder|change|your|example|xxx|none|null|true|false|build|test|not|fake|unused|todo|/|\d+$)|"
    r"(?:_FILE|_PATH|_NAME|_TTL|_LIMIT|_LENGTH|_URL|_EXPIRY|_HEADER|_TYPE|_ID)[=\s]"
)
_PRIVATE = compile_pattern(
    r"(?:^|[\s/\"])(?:\.env(?:\.(?:prod\w*|local))?|id_(?:rsa|ed25519|ecdsa|dsa)|\.npmrc|\.netrc|\.pgpass|"
    r"\.git-credentials|credentials\.json|"
    r"[\w-]*service-?account[\w-]*\.json|\.aws/?|\.ssh/?|[\w.-]*(?:private|server|tls)[\w.-]*\.(?:key|pem|p12))[\s\"]"
)
# images of languages and systems, which start no service by themselves
_BARE = compile_pattern(
    r"^(?:--platform=\S+\s+)?(?:[\w.-]+/)*(?:node|python|ruby|golang|php|openjdk|eclipse-temurin|amazoncorretto|"
    r"rust|elixir|"
    r"dotnet/(?:sdk|aspnet|runtime)|alpine|debian|ubuntu|fedora|amazonlinux|busybox|scratch|bun|"
    r"deno)(?:[:@]\S+)?(?:\s|$)"
)
_NEW = compile_pattern(r"^(?:--platform=\S+\s+)?[\w./:-]+:latest(?:\s|$)")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what the Dockerfiles of a proposal build in, and whether the one that is deployed starts anything."""
    yield from _that_start_nothing(document)
    for start, end in images_in(document):
        reported = 0
        user: Instruction | None = None
        for number, each in enumerate(instructions(document.reading, start, end)):
            if number == _MOST_INSTRUCTIONS or reported == REPORTED_PER_RULE:
                break
            user = None if each.name == "FROM" else each if each.name == "USER" else user
            rule = _rule_for(each)
            if rule is not None:
                reported += 1
                yield rule.finding(document, each.start, each.end)
        if user is not None and _IS_ROOT.search(user.value) is not None:
            yield _ROOT.finding(document, user.start, user.end)


def _that_start_nothing(document: Document) -> Iterator[Finding]:
    for artifact in document.artifacts:
        if artifact.part is not Part.START or not artifact.path.endswith("Dockerfile"):
            continue
        base: Instruction | None = None
        for each in instructions(document.reading, artifact.start, artifact.end):
            if each.name in ("FROM", "CMD", "ENTRYPOINT"):
                base = each if each.name == "FROM" else None
        if base is not None and _BARE.search(base.value) is not None:
            yield _STARTS_NOTHING.finding(document, base.start, base.end)


def _rule_for(each: Instruction) -> Rule | None:
    if each.name in ("ENV", "ARG"):
        match = _SECRET.search(each.value)
        if match is None or _NO_SECRET.search(match.group(1)) is not None:
            return None
        return None if _NO_SECRET.search(match.group()) is not None else _KEPT
    if each.name == "ADD" and _ADDS.search(each.value) is not None:
        return _ADDED
    if (
        each.name in ("ADD", "COPY")
        and b"--from" not in each.value
        and _PRIVATE.search(each.value) is not None
    ):
        return _KEPT
    return _NEWEST if each.name == "FROM" and _NEW.search(each.value) is not None else None
