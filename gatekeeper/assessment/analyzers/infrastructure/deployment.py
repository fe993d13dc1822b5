"""The deployment: files that decide how the service is built, shipped, run and configured.

Owns which files these are, by their names or their heads, and settings in code. What single kinds of files say has
analyzers of its own; what is announced is `words.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.artifacts import Artifact
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

_DEPLOYMENT_FILE = Rule(
    id="infra.deployment_file",
    hazard=Hazard.INFRA_CHANGE,
    title="Writes a file of the deployment or of its environment",
    confidence=0.85,
    examples=(
        in_file("Dockerfile", "FROM node"),
        in_file(".github/workflows/ci.yml", "on: push"),
        in_file("config/k8s_ingress.yml", "kind: Ingress"),
        in_file("config/stripe-keys.env", "CURRENCY=eur"),
        in_file("railway.json", '{"deploy": {"numReplicas": 2}}'),
        in_file("config/database.yml", "production:\n  pool: 20"),
        in_file("nginx.conf", "events {}"),
        in_file("deploy.config/app.service", "[Service]"),
        in_file("code/worker.config", "{}"),
        in_file("scripts/deploy_api.sh", "kubectl rollout status deploy/api"),
        in_file(".travis.yml", "language: node_js"),
        in_file("config/dotenv.js", "require('dotenv').config();"),
    ),
    lookalikes=(
        in_file("routes/a.js", "run();"),
        in_file("tsconfig.json", "{}"),
        in_file("config/theme.js", "module.exports = {};"),
        in_file("config/database.js", "module.exports = (models) => models;"),
        in_file("locales/en.json", "{}"),
        in_file(".env.example", "PORT="),
        in_file("scripts/deployed_at.sh", "date"),
    ),
)
_CONNECTION = Rule(
    id="infra.connection_settings",
    hazard=Hazard.INFRA_CHANGE,
    title="Sets in code where the service finds its database",
    confidence=0.6,
    examples=(
        in_file("config/database.js", "module.exports = { host: process.env.PGHOST, port: 5432 };"),
        in_file("config.js", "exports.databaseUrl = 'postgres://db.internal.shop.net/shop';"),
        in_file("src/config/db.ts", "export default { connectionString: env.URL };"),
    ),
    lookalikes=(
        in_file("config/database.js", "module.exports = (models) => models;"),
        in_file("config.js", "module.exports = { pageSize: 20 };"),
        in_file("src/config/index.js", "module.exports = { pageSize: 20, host: process.env.HOST };"),
        in_file("routes/hosts.js", "const rows = { host: req.body.host };"),
        in_file("config/database.js", "// host: the address\nmodule.exports = {};"),
    ),
)
_STARTS = Rule(
    id="infra.start_settings",
    hazard=Hazard.INFRA_CHANGE,
    title="Sets what a deployment installs and starts",
    confidence=0.55,
    examples=(
        in_file("package.json", '{"name": "shop", "main": "boot.js"}'),
        in_file("package.json", '{"scripts": {"start": "node boot.js"}, // more'),
    ),
    lookalikes=(
        in_file("package.json", '{"name": "shop", "dependencies": {"pg": "^8.0.0"}}'),
        in_file("packages/dates/package.json", '{"name": "dates", "main": "index.js"}'),
    ),
)
_MANIFEST = PatternRule(
    id="infra.manifest",
    hazard=Hazard.INFRA_CHANGE,
    title="Gives a manifest of a workload, its network or its storage",
    confidence=0.6,
    examples=(
        in_file("notes.sql", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop"),
        "```yaml\nkind: CronJob\napiVersion: batch/v1\n```",
    ),
    lookalikes=(
        in_file("openapi.js", "apiVersion: 2\nkind: Setting"),
        "The manifest begins with an apiVersion and its kind: a Deployment or a Service.",
    ),
    pattern=r"\bapiVersion: ?[\"']?[\w./-]+[\"']?\s+kind: ?[\"']?(?:Deployment|StatefulSet|DaemonSet|CronJob|Job|Pod|"
    r"Service|Ingress|ConfigMap|NetworkPolicy|HorizontalPodAutoscaler|PersistentVolumeClaim|Kustomization)\b"
    r"|\bkind: ?[\"']?(?:Deployment|StatefulSet|DaemonSet|CronJob|Ingress)[\"']?\s+apiVersion: ?[\"']?\w+/v",
    where=Where.CODE,
)
RULES: tuple[Rule, ...] = (_DEPLOYMENT_FILE, _CONNECTION, _STARTS, _MANIFEST)
_SCANNER = Scanner((_MANIFEST,))

_DEPLOYMENT = compile_pattern(
    r"(?i)(?:^|/)(?:(?:[\w-]+\.)?Dockerfile(?:\.[\w-]+)?|(?:docker-)?compose(?:[.-][\w-]+)?\.ya?ml|"
    r"(?:docker-)?entrypoint\.sh|(?:[\w-]*[-_])?(?:deploy(?:ment)?|release|provision)(?:[-_][\w-]+)?\.(?:sh|"
    r"ya?ml|ps1)|Procfile|"
    r"\.(?:travis|drone|woodpecker)\.ya?ml|appveyor\.ya?ml|"
    r"\.?gitlab-ci\.ya?ml|Jenkinsfile|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|(?:buildspec|appspec|"
    r"cloudbuild|skaffold|"
    r"serverless|render|prometheus|alertmanager|traefik|kustomization|chart|values(?:[.-][\w-]+)?|playbook|"
    r"pulumi(?:\.[\w-]+)?|"
    r"mta|app)\.ya?ml|(?:railway|fly|netlify|wrangler|nixpacks)\.(?:json|toml)|(?:vercel|now|firebase|cdk|app|"
    r"pm2)\.json|"
    r"ecosystem\.config\.c?js|crontab|Caddyfile|Vagrantfile|(?:haproxy|supervisord?)\.(?:cfg|conf)|pg_hba\.conf|"
    r"\.nvmrc|"
    r"\.node-version|\.npmrc|[^/]*\.(?:tf|tfvars|hcl|nomad|service|timer|socket)|[^/]*(?:nginx|redis|postgresql|"
    r"apache2?|httpd|"
    r"pgbouncer|sshd?|logrotate)[^/]*\.(?:conf|cnf)|[^/]*\.config|[^/]*\.env|\.env\.(?:production|prod|staging|"
    r"local|live|"
    r"development|test))$"
    r"|(?:^|/)(?:\.github|\.circleci|\.buildkite|\.ebextensions|\.platform|argocd|docker|workflows|ci[-_]?cd|"
    r"k8s|kubernetes|helm|charts|terraform|ansible|playbooks|"
    r"cloudformation|"
    r"deploy(?:ment)?s?|infra(?:structure)?|manifests|cron\.d|systemd|sites-(?:available|enabled)|pipelines?|secrets)/"
    r"|(?:^|/)[^/]*(?:kube|k8s|ingress|helm)[^/]*\.ya?ml$|(?:^|/)(?:config|configs|"
    r"settings)/(?:dot)?env(?:ironment)?s?\.[jt]s$"
    r"|(?:^|/)(?:config|conf|configs|configuration|environments?|settings|\.config)/(?:[\w.-]+/)*[\w.-]+"
    r"\.(?:json|ya?ml|toml|ini|env|conf|properties|cfg)$"
)
_SETTINGS = compile_pattern(
    r"(?i)(?:^|/)(?:config/(?:[\w-]+/)*(?:index|config|[\w.-]*(?:database|db|connection|postgres|sequelize|"
    r"knex)[\w.-]*)|config|knexfile|ormconfig)\.[cm]?[jt]s$"
)
_CONNECTS_TO = compile_pattern(
    r"(?i)\b(?:host|hostname|connection_?string|database_?ur[li]|db_?(?:ur[li]|host))[\"']?\s*[:=]\s*[\w\"'`]"
)
_OF_DATABASE = compile_pattern(
    r"(?i)database|\bdb|db\b|postgres|\bpg|mysql|maria|mongo|redis|sequelize|knex|orm\b|ormconfig|dialect"
)
_STARTED = compile_pattern(r"[\"'](?:main|start|engines)[\"']\s*:")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield how a proposal changes the deployment."""
    yield from _SCANNER.scan(document)
    for artifact in document.artifacts:
        if not artifact.named_at:
            continue
        path = artifact.path.encode("ascii")
        if _DEPLOYMENT.search(path) is not None:
            yield _named(document, _DEPLOYMENT_FILE, artifact)
        elif _SETTINGS.search(path) is not None and _sets_connection(document, artifact):
            yield _named(document, _CONNECTION, artifact)
        elif artifact.path == "package.json" and _starts(document, artifact):
            yield _named(document, _STARTS, artifact)


def _sets_connection(document: Document, artifact: Artifact) -> bool:
    if _CONNECTS_TO.search(document.running, artifact.start, artifact.end) is None:
        return False
    of_database = _OF_DATABASE.search(artifact.path.encode("ascii")) is not None
    return of_database or _OF_DATABASE.search(document.running, artifact.start, artifact.end) is not None


def _starts(document: Document, artifact: Artifact) -> bool:
    return _STARTED.search(document.running, artifact.start, artifact.end) is not None


def _named(document: Document, rule: Rule, artifact: Artifact) -> Finding:
    return rule.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
