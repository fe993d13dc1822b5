"""Commands that print secrets: values, private files, or the whole environment, where logs keep what is shown.

Owns which names and files are secret. What is sent elsewhere is for `exfiltration.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.deeds import Deed, program_of
from gatekeeper.assessment.shell.places import Setting
from gatekeeper.assessment.shell.rules import Situation, in_sh, programs
from gatekeeper.assessment.text.reading import compile_pattern

_PRINTED = Rule(
    "shell.prints_secrets",
    Hazard.SECRET_EXPOSURE,
    "Prints secrets or the whole environment",
    0.8,
    (
        *in_sh(
            'echo "token is $API_TOKEN"',
            "cat .env",
            "cat ~/.ssh/id_rsa",
            "cat /etc/shadow",
            "printenv | sort",
        ),
        "```yaml\nsteps:\n  - run: env | sort\n```",
        "```yaml\nsteps:\n  - run: echo ${{ secrets.DEPLOY_KEY }}\n```",
    ),
    in_sh(
        'echo "$DOCKER_PASSWORD" | docker login -u app --password-stdin',
        'echo "$SSH_KEY" > key.pem && chmod 600 key.pem',
        "cat .env.example",
        "env NODE_ENV=test npm test",
        "printenv HOME",
        'echo "set API_TOKEN first"',
        "cat ~/.ssh/id_rsa.pub",
        'echo "token length ${#API_TOKEN}"',
    ),
)
RULES: tuple[Rule, ...] = (_PRINTED,)

READERS = programs("cat less more head tail bat strings xxd base64 type nl tac od")
_TELLABLE = READERS | programs("echo curl")
# What reads a secret from a pipe and keeps it to itself, or shows only a part of it.
_KEEPERS = programs(
    "grep cut wc sha256sum md5sum docker gh xargs jq kubectl ssh-add base64 openssl npm gpg apt-key pass vault aws "
    "gcloud helm podman tr sed awk sudo cloudflared doctl az psql skopeo crane oras buildah cargo wrangler flyctl "
    "heroku git ssh sops age curl nc read bash sh python python3 node glab op kubeseal htpasswd mysql chpasswd "
    "cryptsetup wg argocd snap twine"
)
_NAMED = (
    r"\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|DATABASE_URL|"
    r"(?:SSH|DEPLOY|STRIPE|SIGNING|ENCRYPTION)_KEY)"
)
SECRET_VARIABLE = compile_pattern(
    rf"\$(?:\{{{_NAMED}(?:[A-Z0-9_]*)(?:[:}}])|{_NAMED}\b)|"
    r"\$\{\{\s*(?:secrets\.\w+|toJSON\(secrets\))\s*\}\}|\$\(\w*_?(?:PASSWORD|TOKEN|SECRET)\)"
)
_NOT_SECRET = compile_pattern(
    r"(?i)\$\{?\w*(?:_FILE|_PATH|_NAME|_ID|_ARN|_COUNT|_LENGTH|TOKEN_URL|ENTRY_TOKEN|_LIMIT|_TYPE)\b"
)
PRIVATE_FILE = compile_pattern(
    r"(?i)(?:^|[/@=\s\x1f(<\"'])(?:\.env(?:\.(?:prod\w*|local|staging|live))?|id_(?:rsa|dsa|ecdsa|"
    r"ed25519)|\.pgpass|\.netrc|\.npmrc|\.my\.cnf|\.git-credentials|\.htpasswd|"
    r"\S*\.ssh(?:/\*?)?|\.ssh/id_\w+|\.aws/credentials|\.aws/?|\.kube/config|\.docker/config\.json|"
    r"\.bash_history|credentials(?:\.json)?|secrets?\.(?:ya?ml|json|env)|"
    r"service[-_]?account\S*\.json|kubeconfig|\S+\.(?:pem|p12|pfx|keystore|kdbx)|wallet\.dat|"
    r"terraform\.tfstate)(?:$|[\s\x1f)\"'|;])|"
    r"/etc/(?:shadow|passwd|sudoers|gshadow|kubernetes/admin\.conf|ssl/private)|/(?:id_rsa|id_ed25519|"
    r"\.env|credentials|\.pgpass|\.netrc)(?:$|[\s\x1f)\"'|;])|/proc/(?:self|\d+|\*)/environ|"
    r"serviceaccount/token|169\.254\.169\.254|metadata\.google\.internal"
)
_READABLE = compile_pattern(
    r"(?i)^/etc/passwd$|\.(?:crt|cert)\.pem$|(?:cert|chain|ca|public|pub)\S*\.pem$|^\S*wallet\.dat$"
)
_SAVED = frozenset({b">", b">>", b">|", b"&>"})
_METADATA = compile_pattern(
    r"169\.254\.169\.254/\S*(?:security-credentials|identity|token|user-data)|computeMetadata/\S*token"
)
WHOLE_ENVIRONMENT = compile_pattern(
    r"^(?:env|printenv)$|^(?:export|declare) -p$|^(?:env|printenv) (?:-0|--null)$|"
    r"^declare -x$|^compgen -v$"
)


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rule, where the deed shows a secret. That a sentence speaks of `env` is no deed."""
    speaks = situation.setting is not Setting.SAID or situation.deed.program in _TELLABLE
    if speaks and _prints(situation.deed):
        yield _PRINTED


def _prints(deed: Deed) -> bool:
    """Tell whether the deed shows a secret: neither kept in a file nor handed on to a program that keeps it."""
    command = deed.command
    saved = any(redirect.operator in _SAVED for redirect in command.redirects)
    if command.captured or saved or _is_handed_on(deed):
        return False
    if deed.program in (b"echo", b"printf"):
        return _shows_value(b" ".join(deed.words))
    if deed.program in (b"curl", b"wget"):
        return _METADATA.search(deed.line) is not None
    if deed.program in READERS:
        return any(
            PRIVATE_FILE.search(word) is not None and _READABLE.search(word) is None for word in deed.words
        )
    return WHOLE_ENVIRONMENT.search(deed.line) is not None


def _shows_value(text: bytes) -> bool:
    masked = b"::add-mask::" in text or b"sha256" in text
    return not masked and SECRET_VARIABLE.search(text) is not None and _NOT_SECRET.search(text) is None


def _is_handed_on(deed: Deed) -> bool:
    sink = deed.command.sink
    return sink is not None and bool(sink.words) and program_of(sink.words[0].text) in _KEEPERS
