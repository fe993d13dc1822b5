"""Settings that a service starts with, written over: its database, its environment, its list of packages.

Owns the rules on connections that lead nowhere, environments of production that are replaced, and a manifest without
what it must hold. Values that are secrets are `secrets/values.py`; placeholders for keys are `stubs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.central_files import Part
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

_LEADS_NOWHERE_EXAMPLES = (
    in_file("config/database.js", "module.exports = (sequelize) => sequelize;"),
    in_file("config/db.json", '{"host": "localhost", "username": "your_db_user", "dialect": "postgres"}'),
    in_file("config/database.env", "DATABASE_URL=postgres://user:password@localhost:5432/shop"),
    in_file("secrets/database_url", "postgres://localhost/shop"),
    in_file(
        "config.js",
        "exports.databaseUrl = 'postgres://user:password@localhost/shop';\nexports.key = process.env.KEY;",
    ),
)
_LEADS_NOWHERE_LOOKALIKES = (
    in_file(
        "config/database.js",
        "const { Pool } = require('pg');\n"
        "module.exports = new Pool({ connectionString: process.env.DATABASE_URL });",
    ),
    in_file("config/db.js", "const host = process.env.DB_HOST || 'localhost';\nmodule.exports = { host };"),
    in_file(
        "config/config.json",
        '{"development": {"host": "localhost"}, "production": {"use_env_variable": "DATABASE_URL"}}',
    ),
    in_file(".env.example", "DATABASE_URL=postgres://user:password@localhost:5432/shop"),
    in_file(".env.test", "DATABASE_URL=postgres://localhost/shop_test"),
    in_file(".env", "DATABASE_URL=postgres://db.internal.shop.net/shop"),
    in_file("config.js", "exports.pageSize = 20;"),
    in_file("config/redis.json", '{"host": "localhost"}'),
)
_LEADS_NOWHERE = Rule(
    id="incoherent.leads_nowhere",
    hazard=Hazard.INCOHERENT,
    title="Is the database's configuration and names no database of production",
    confidence=0.75,
    examples=_LEADS_NOWHERE_EXAMPLES,
    lookalikes=_LEADS_NOWHERE_LOOKALIKES,
)
_LOSES_DATABASE = Rule(
    id="overwrite.database_settings",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites the configuration of the database with one that leads nowhere",
    confidence=0.75,
    examples=_LEADS_NOWHERE_EXAMPLES,
    lookalikes=_LEADS_NOWHERE_LOOKALIKES,
)
_LOSES_PACKAGES = Rule(
    id="overwrite.no_dependencies",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites the list of packages with one that installs nothing, or that npm cannot read",
    confidence=0.8,
    examples=(
        in_file(
            "package.json",
            '{\n  "name": "shop",\n  "scripts": {"start": "node app.js"},\n  "dependencies": {}\n}',
        ),
        in_file("package.json", '{\n  "name": "shop",\n  "main": "server.js"\n}'),
        in_file("package.json", '{\n  "dependencies": {"express": "^4.18.0"}\n  // ... the rest\n}'),
    ),
    lookalikes=(
        in_file("package.json", '{\n  "name": "shop",\n  "dependencies": {"express": "^4.18.0"}\n}'),
        in_file(
            "package.json", '{\n  "name": "root",\n  "private": true,\n  "workspaces": ["packages/*"]\n}'
        ),
        in_file("packages/dates/package.json", '{\n  "name": "dates",\n  "main": "index.js"\n}'),
        in_file("package.json", '{\n  "name": "rules",\n  "devDependencies": {"eslint": "^9.0.0"}\n}'),
        in_file("composer.json", '{\n  "name": "shop"\n}'),
    ),
)
_NEW_ENVIRONMENT = Rule(
    id="infra.live_settings",
    hazard=Hazard.INFRA_CHANGE,
    title="Overwrites the settings that production is started with",
    confidence=0.75,
    examples=(
        in_file(".env", "DATABASE_URL=postgres://db.internal.shop.net/shop"),
        in_file("config/mail.env", "MAIL_REGION=eu"),
        in_file("config/database.json", '{"host": "db.internal.shop.net", "pool": 4}'),
        in_file("secrets/database_url", "postgres://db.internal.shop.net/shop"),
    ),
    lookalikes=(
        in_file(".env.example", "MAIL_REGION=eu"),
        in_file("docs/mail.env", "MAIL_REGION=eu"),
        in_file("config/mail.js", "exports.region = process.env.MAIL_REGION;"),
    ),
)

RULES: tuple[Rule, ...] = (_LEADS_NOWHERE, _LOSES_DATABASE, _LOSES_PACKAGES, _NEW_ENVIRONMENT)

_UNREAL = (
    r"(?:\blocalhost\b|\b127\.0\.0\.1\b|\b(?:your|my)[-_]\w*|<[\w -]+>|\bexample\.(?:com|org|net)\b|\bplaceholder\b|"
    r"\buser(?:name)?:pass(?:word)?@|\bchange[-_ ]?me\b)"
)
_INSTALLS = ("dependencies", "devDependencies", "peerDependencies", "workspaces")
# settings in general: they need not speak of a database
_GENERAL = compile_pattern(r"(?i)(?:^|/)config(?:/(?:index|config))?\.\w+$")
_NOT_THE_REAL_ONE = compile_pattern(f"(?i){_UNREAL}")
# an address that is written down as it is, not what is fallen back to
_UNREAL_ADDRESS = compile_pattern(
    rf"(?i)\b\w*(?:url|uri|host|connection(?:_?string)?)['\"]?\s*[:=]\s*['\"`][^'\"`\n]*{_UNREAL}"
)
_OF_DEVELOPERS = compile_pattern(r"(?i)\b(?:development|test)\b")
_OF_DATABASE = compile_pattern(r"(?i)\b(?:postgres\w*|mysql|mongo\w*|neon|database|db)(?:_?\w*)\b")
_FROM_ENVIRONMENT = compile_pattern(
    r"\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b|\benv\s*\(|\buse_env_variable\b"
)
_CONNECTS = compile_pattern(
    r"(?i)\bnew\s+(?:\w+\.)?(?:pool|client|sequelize|prismaclient|datasource|database|mongoclient)\b|"
    r"\b(?:create(?:pool|connection|client)|connect|knex|pgp|postgres|neon|drizzle|open|authenticate)\s*\("
)
_DECLARES_CONNECTION = compile_pattern(r"(?i)\b(?:host|connection(?:string)?|url|dialect|client)['\"]?\s*:")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what a proposal's files do to the settings that a service starts with."""
    for artifact in document.artifacts:
        if artifact.kind is not Kind.FILE:
            continue
        part = artifact.part
        if part is Part.MANIFEST and _installs_nothing(document, artifact):
            yield _named(document, _LOSES_PACKAGES, artifact)
        elif part is Part.DATABASE or part is Part.SETTINGS:
            yield from _settings(document, artifact, part)


def _settings(document: Document, artifact: Artifact, part: Part) -> Iterator[Finding]:
    if part is Part.SETTINGS or artifact.language == "json":
        yield _named(document, _NEW_ENVIRONMENT, artifact)
    if _leads_nowhere(document, artifact, part):
        yield _named(document, _LEADS_NOWHERE, artifact)
        yield _named(document, _LOSES_DATABASE, artifact)


def _leads_nowhere(document: Document, artifact: Artifact, part: Part) -> bool:
    # In a file of no known language `//` begins an address, not a comment.
    content = (document.running if artifact.language else document.reading)[artifact.start : artifact.end]
    if part is Part.SETTINGS:
        of_database = _OF_DATABASE.search(content) or _OF_DATABASE.search(artifact.path.encode())
        return of_database is not None and _NOT_THE_REAL_ONE.search(content) is not None
    if _FROM_ENVIRONMENT.search(content) is not None:
        return _UNREAL_ADDRESS.search(content) is not None and _OF_DEVELOPERS.search(content) is None
    if _NOT_THE_REAL_ONE.search(content) is not None:
        return True
    if _GENERAL.search(artifact.path.encode()) is not None:
        return False
    return _CONNECTS.search(content) is None and _DECLARES_CONNECTION.search(content) is None


def _installs_nothing(document: Document, artifact: Artifact) -> bool:
    try:
        manifest = orjson.loads(document.source(artifact.start, artifact.end))
    except orjson.JSONDecodeError:
        return True
    if not isinstance(manifest, Mapping):
        return True
    return not any(manifest.get(name) for name in _INSTALLS)


def _named(document: Document, rule: Rule, artifact: Artifact) -> Finding:
    return rule.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
