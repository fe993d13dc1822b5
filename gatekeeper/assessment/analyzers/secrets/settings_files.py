"""Settings files that hold a password or key in writing, even one that only stands for the real one.

Owns which files are settings and which of their values are secret by name. A weak password or a placeholder gives
little away by itself, and whoever fills it in commits the real one: settings take secrets from the environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_pattern

_WRITTEN = Rule(
    id="secrets.written_in_settings",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A settings file in which a password or key is written",
    confidence=0.5,
    examples=(
        in_file("config/mail.json", '{"user": "shop", "password": "your_password"}'),
        in_file("settings.js", "module.exports = { url: 'mysql://root:root@127.0.0.1/shop' };"),
        in_file("paymentConfig.js", "const stripe = require('stripe')('your_secret_key');"),
    ),
    lookalikes=(
        in_file("config/mail.js", "module.exports = { user: 'shop', password: process.env.MAIL_PASSWORD };"),
        in_file("config/custom-environment-variables.json", '{"db": {"password": "DB_PASSWORD"}}'),
        in_file("config/mail.example.json", '{"user": "shop", "password": "your_password"}'),
        in_file(
            "config/form.js", "module.exports = { passwordField: 'password', url: `redis://:${word}@db` };"
        ),
        in_file("config/locales/de.yml", 'de:\n  password: "Passwort"'),
        in_file("config/schema.js", "module.exports = { password: 'string' };"),
        in_file("config/vault.json", '{"password": "vault:kv/shop#password"}'),
        in_file("notes/mail.js", "const settings = { password: 'your_password' };"),
        in_file("config/mail.js", "// password: 'your_password'\nmodule.exports = {};"),
    ),
)
RULES: tuple[Rule, ...] = (_WRITTEN,)

_SETTINGS = compile_pattern(
    r"(?i)(?:config(?:uration|s)?|settings|credentials|secrets?|docker-compose|database)(?:[/_.-][\w.-]*)?\.(?:[cm]?[jt]s|"
    r"json|ya?ml|toml|ini|py|rb|properties)$|(?:^|/)(?:config|conf|settings)/[\w./-]+\.(?:[cm]?[jt]s|json|ya?ml|toml|"
    r"ini|py|rb)$"
)
_SHOWN = compile_pattern(
    r"(?i)example|sample|template|(?:^|[/._-])(?:locales?|i18n|lang(?:uages?)?|labels|messages|translations?|texts|strings)[/._-]|"
    r"(?:^|[/._-])(?:dist|tests?|specs?|docs?|fixtures|mocks?)(?:[/._-]|$)"
)
_SECRET = compile_pattern(
    r"(?i)\b\w*(?:password|passwd|pwd|secret|secret_?key|api_?key|access_?key|private_?key|auth_?token)[\"']?[ \t]*[:=]"
    r"[ \t]*[\"'`]([^\"'`\s$<{%]{3,80})[\"'`]|\b[a-z][a-z0-9+.-]{1,24}://[^\s:/@\"'`<>${]{0,64}:([^\s/\"'`<>${@]{3,80})@|"
    r"\b(?:loadStripe|stripe[\"']?\)?)\([ \t]*[\"'`]([^\"'`\s$<{]{3,80})[\"'`]"
)
# the name of a variable or of a type, or where a store of secrets keeps the value
_NO_VALUE = compile_pattern(
    r"^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|(?i:string|text|boolean|varchar|required|optional|(?:vault|arn|ref|env|file|op|ssm|"
    r"secretsmanager|projects)[:/]\S+))$"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the first secrets that the settings files of a proposal hold in writing."""
    for artifact in document.artifacts:
        if artifact.kind is Kind.FILE and _is_settings(artifact):
            written = _SECRET.finditer(document.running, artifact.start, artifact.end)
            yield from examine(document, written, partial(_judged, document))


def _is_settings(artifact: Artifact) -> bool:
    path = artifact.path.encode("ascii", "replace")
    return _SETTINGS.search(path) is not None and _SHOWN.search(path) is None


def _judged(document: Document, match: Match) -> Finding | None:
    value = next(each for each in match.groups() if each is not None)
    if _NO_VALUE.match(value) is not None:
        return None
    return _WRITTEN.finding(document, match.start(), match.end() - len(value) - 1)
