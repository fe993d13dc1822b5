"""The deployment: files that decide how the service is built, shipped, run and configured.

Owns which files these are, by their names. What single kinds of files say has analyzers of its own; what is announced
is `words.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
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
    ),
    lookalikes=(
        in_file("routes/a.js", "run();"),
        in_file("tsconfig.json", "{}"),
        in_file("config/theme.js", "module.exports = {};"),
        in_file("locales/en.json", "{}"),
        in_file(".env.example", "PORT="),
    ),
)
RULES: tuple[Rule, ...] = (_DEPLOYMENT_FILE,)

_DEPLOYMENT = compile_pattern(
    r"(?i)(?:^|/)(?:(?:[\w-]+\.)?Dockerfile(?:\.[\w-]+)?|(?:docker-)?compose(?:[.-][\w-]+)?\.ya?ml|"
    r"docker-entrypoint\.sh|Procfile|"
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
    r"pgbouncer|sshd?|logrotate)[^/]*\.(?:conf|cnf)|[^/]*\.env|\.env\.(?:production|prod|staging|local|live|"
    r"development|test))$"
    r"|(?:^|/)(?:\.github|\.circleci|workflows|ci[-_]?cd|k8s|kubernetes|helm|charts|terraform|ansible|playbooks|"
    r"cloudformation|"
    r"deploy(?:ment)?s?|infra(?:structure)?|manifests|cron\.d|systemd|sites-(?:available|enabled)|pipelines?|secrets)/"
    r"|(?:^|/)[^/]*(?:kube|k8s|ingress|helm)[^/]*\.ya?ml$"
    r"|(?:^|/)(?:config|conf|configs|configuration|environments?|settings|\.config)/(?:[\w.-]+/)*[\w.-]+"
    r"\.(?:json|ya?ml|toml|ini|env|conf|properties|cfg)$"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield how a proposal changes the deployment."""
    for artifact in document.artifacts:
        if artifact.named_at and _DEPLOYMENT.search(artifact.path.encode("ascii")) is not None:
            yield _DEPLOYMENT_FILE.finding(
                document, artifact.named_at, artifact.named_at + len(artifact.path)
            )
