"""What a file name says: its language, and whether a running service depends on the file.

Owns the lists of live and inert places in an ordinary service; which live files are central is `central_files.py`. It
sees only the name, never a disk.
"""

from __future__ import annotations

import posixpath

from gatekeeper.assessment.text.reading import compile_pattern

_LANGUAGES = {
    "sql": "sql", "psql": "sql", "pgsql": "sql", "ddl": "sql",
    "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascript",
    "ts": "javascript", "tsx": "javascript", "javascript": "javascript", "typescript": "javascript",
    "node": "javascript",
    "py": "python", "python": "python", "python3": "python", "rb": "ruby", "ruby": "ruby", "go": "go", "rego": "rego",
    "sh": "shell", "bash": "shell", "zsh": "shell", "shell": "shell", "console": "shell", "dockerfile": "shell",
    "yml": "yaml", "yaml": "yaml", "json": "json", "env": "env", "ini": "env", "toml": "env", "properties": "env",
    "css": "css", "scss": "css", "less": "css", "html": "html", "htm": "html", "md": "markdown", "txt": "text",
    "text": "text",
    "plain": "text", "plaintext": "text", "markdown": "markdown",
    "tf": "hcl", "tfvars": "hcl", "hcl": "hcl", "terraform": "hcl", "tofu": "hcl", "nomad": "hcl", "conf": "env",
    "cfg": "env", "cnf": "env", "service": "env", "timer": "env", "nginx": "env",
    "php": "php", "php3": "php", "phtml": "php", "java": "java", "kt": "java", "kts": "java", "kotlin": "java",
    "golang": "go", "cs": "csharp", "csharp": "csharp", "c#": "csharp", "cshtml": "csharp", "razor": "csharp",
    "c": "c", "h": "c", "cc": "c", "cpp": "c", "cxx": "c", "c++": "c", "hpp": "c", "diff": "diff", "patch": "diff",
    "postgres": "sql", "postgresql": "sql", "mysql": "sql", "sqlite": "sql",
}  # fmt: skip

_INERT = compile_pattern(
    r"(?i)(?:^|/)(?:tests?|__tests__|specs?|docs?|examples?|samples?|fixtures)/|(?:^|/)generated[_-]?\d|"
    r"\.(?:test|spec)\.[a-z]+$|\.(?:md|txt|rst|css|scss|less|example|sample|dist)$"
)
_LIVE = compile_pattern(
    r"(?i)(?:^|/)(?:routes?|api|controllers?|middlewares?|services?|models?|migrations?|migrate|db|database|config|conf|"
    r"src|lib|app|server|auth|payments?|billing|workflows|\.github|ci-?_?cd|deploy(?:ment)?s?|k8s|helm|terraform|infra|"
    r"policies|helpers|jobs|workers?|webhooks?)/|"
    r"(?:^|/)(?:server|app|index|main|worker|knexfile|schema)\.[a-z]+$|(?:^|/)(?:package(?:-lock)?\.json|Dockerfile|"
    r"docker-compose\.ya?ml|docker-entrypoint\.sh|Procfile|railway\.(?:json|toml)|(?:vercel|app)\.json|(?:fly|netlify)\.toml|ecosystem\.config\.c?js|nginx\.conf|Makefile|requirements\.txt|"
    r"[^/]*\.env(?:\.[a-z]+)?|\.gitlab-ci\.yml)$"
)
_MIGRATION = compile_pattern(r"(?i)(?:^|/)(?:migrations?|migrate)/[^/]+\.(?:sql|[cm]?[jt]s)$")


def normal(path: str) -> str:
    """Return the name of the file that would be written, whatever way round the folders `path` takes to it."""
    return posixpath.normpath(path.replace("\\", "/"))


def language_of(name: str) -> str:
    """Return the language that a file ending or a fence's info word stands for, or "" when unknown."""
    last = name.rsplit("/", 1)[-1].lower()
    return _LANGUAGES.get(last.rsplit(".", 1)[-1], "")


def is_inert(path: str) -> bool:
    """Tell whether nothing loads a file of this name by itself: tests, documents, numbered scratch files."""
    return _INERT.search(path.encode("ascii", "replace")) is not None


def is_live(path: str) -> bool:
    """Tell whether a running service, its build or its database loads a file of this name."""
    return not is_inert(path) and _LIVE.search(path.encode("ascii", "replace")) is not None


def is_migration(path: str) -> bool:
    """Tell whether a file of this name is a script that runs by itself, on the database, at the next deployment."""
    return not is_inert(path) and _MIGRATION.search(path.encode("ascii", "replace")) is not None
