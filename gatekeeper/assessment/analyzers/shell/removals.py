"""Commands that delete files: which paths hold something that nobody can make again.

Owns that question, for rm, find, xargs, truncate and redirections.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.deeds import Deed
from gatekeeper.assessment.shell.places import Setting
from gatekeeper.assessment.shell.rules import Situation, in_sh
from gatekeeper.assessment.text.reading import compile_pattern

_FILES = Rule(
    "shell.destroys_files",
    Hazard.DESTRUCTIVE_DATA,
    "Deletes files or folders that nothing makes again",
    0.85,
    (
        *in_sh(
            "set -e\nrm -rf /var/lib/postgresql",
            "sudo rm -rf --no-preserve-root /",
            "cd /srv && rm -fr ./*",
            "ssh db1 'rm -rf /var/lib/mysql'",
            "echo 'rm -rf /home' | bash",
            "find /srv/uploads -type f -delete",
            "rm -f /var/backups/*.dump",
        ),
        in_file("Dockerfile", "FROM node:20\nCMD rm -rf / && node a.js"),
        "```yaml\nsteps:\n  - run: |\n      npm ci\n      rm -rf /var/lib/mysql\n```",
        "```js\nchild_process.execSync('rm -rf /var/data');\n```",
        "Then run `rm -rf /var/lib/postgresql` on the host.",
        "rm -rf /srv/customers/data\n",
    ),
    (
        *in_sh(
            "rm -rf node_modules dist build .cache /tmp/work",
            "git commit -m 'never rm -rf /'",
            "echo 'rm -rf /' # only told",
            "# rm -rf /var/lib/postgresql\nls",
            "cat <<EOF > notes.txt\nrm -rf /var/lib/postgresql\nEOF",
            "grep -r 'rm -rf /' scripts",
            "find /var/log -name '*.gz' -mtime +30 -delete",
            "apt-get update && rm -rf /var/lib/apt/lists/*",
        ),
        "Never run `rm -rf /var/lib/postgresql` on the host.",
    ),
)
_VARIABLE = Rule(
    "shell.deletes_below_a_variable",
    Hazard.DESTRUCTIVE_DATA,
    "Deletes everything below a variable that may be empty",
    0.7,
    in_sh('rm -rf "$DEPLOY_DIR"/*', "rm -rf ${STEAMROOT}/", 'rm -rf "/$1"'),
    in_sh(
        'rm -rf "${BUILD_DIR:?}"/*',
        'rm -rf "$TMPDIR"/work',
        'set -euo pipefail\nrm -rf "$DEPLOY_DIR"/*',
        'DEPLOY_DIR=releases\nrm -rf "$DEPLOY_DIR"/*',
        'rm -rf "$dir"',
    ),
)
RULES: tuple[Rule, ...] = (_FILES, _VARIABLE)

_SCRATCH = compile_pattern(
    r"(?i)^/(?:tmp|var/tmp|var/cache|dev/shm|var/lib/(?:apt|dpkg|cache|yum|dnf|docker/tmp)|run|"
    r"usr/share/(?:doc|man|locale|info|icons)|"
    r"usr/src|usr/local/(?:go|lib/node_modules|share/man)|root/\.(?:cache|npm|gnupg|cargo|m2))(?:/|$)|"
    r"(?:^|/)(?:node_modules|dist|build|out|output|target|\.?cache|caches|\.next|\.nuxt|\.turbo|"
    r"\.parcel-cache|coverage|\.nyc_output|"
    r"tmp|temp|\.tmp|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.?venv|vendor|\.gradle|"
    r"\.terraform|\.npm|\.yarn|"
    r"\.eggs|[\w.-]*\.egg-info|_site|artifacts|reports?|fixtures|tests?|test[-_][\w-]*|mocks?|examples?|"
    r"generated|\.docusaurus|"
    r"\.svelte-kit|\.expo|Pods|DerivedData|sandbox|scratch|[\w.-]*(?:-|_|\.)(?:tmp|temp|cache|test|old))"
    r"(?:/|$)|\$\{?(?:TMP|TEMP|BUILD|CACHE|WORK|OUT|DIST|tmp|temp|build|cache|work|out|dist|test|TEST|"
    r"scratch|SCRATCH|RUNNER_TEMP)\w*"
)
_NOTHING_LEFT = compile_pattern(
    r"^(?:/+\.?\*?|/\.\*|~/?\*?|~/\.\*|\$\{?HOME\}?(?:/\*?)?|/root/?\*?|\.\./?\*?|\.?/?\*|\./?|\.\*|"
    r"\$\{?PWD\}?(?:/\*?)?|[A-Za-z]:[\\/]?\*?|"
    r"/(?:bin|boot|dev|etc|home|lib|lib64|opt|proc|sbin|srv|sys|usr|var|mnt|media|data|root)(?:/\*?)?|/\{[\w,]+\}.*|"
    r"/(?:usr|var)/(?:bin|lib|sbin|local|share|www|spool|mail|backups?)(?:/\*?)?|"
    r"/(?:boot|bin|sbin|lib64?)/[^/]+)$"
)
_KEPT = compile_pattern(
    r"(?i)^/(?:var/(?:lib|www|backups?|spool|mail|opt|data|db)|srv|home|data|mnt|media|backups?|export|"
    r"exports|storage|opt/[\w.-]*(?:data|db|backup)\S*|"
    r"etc/(?:ssh|ssl|letsencrypt|kubernetes|postgresql|mysql|passwd|shadow|group|fstab|sudoers|pki|nginx/?$))(?:/|$)|"
    r"(?:^|/)(?:\.?data|pg_?data|db|database|databases|mysql|postgres(?:ql)?|mongodb?|redis-?data|"
    r"elasticsearch|backups?|snapshots?|uploads?|"
    r"storage|customers?|prod(?:uction)?|volumes?|archives?|user_?(?:data|files)|media|dumps?|base|pg_wal|"
    r"pg_xlog|binlogs?|"
    r"\.ssh|\.gnupg|\.kube|\.aws)(?:/\*?|/\*\*?|/\*\.\*)?$"
)
_DATA_FILE = compile_pattern(
    r"(?i)\.(?:sql|dump|sqlite3?|rdb|aof|ibd|mdf|pgdump)(?:\.(?:gz|zst|xz|bz2|gpg))?$|(?:^|"
    r"[^A-Za-z])(?:backups?)(?:[^A-Za-z].*|\*)|/(?:pg_wal|pgdata)/|"
    r"\b(?:prod(?:uction)?|customers?|users|app|main|shop)\.db$|^/etc/(?:passwd|shadow|fstab|sudoers|"
    r"group|hosts|ssh/\S+)$|(?:^|/)terraform\.tfstate$|(?:^|/)\.env(?:\.prod\w*)?$"
)
_ALL_HERE = frozenset({b"*", b"./*", b".", b"./", b".*"})
_PASSING = compile_pattern(r"(?i)(?:test|tmp|temp|dev|example|sample|ci|local|seed|fixture|old)")
_BELOW_VARIABLE = compile_pattern(
    r"^/?\$(?:\{(\w+)\}|(\w+)|\{(\w+)[#%/^,][^}]*\})/*(?:\.?\*|\.|(?:bin|boot|etc|home|lib|opt|srv|usr|"
    r"var|data)(?:/\*?)?)?$"
)
_NARROW = compile_pattern(
    r" -(?:mtime|ctime|atime|mmin|cmin|amin|newer\w*|empty|name|iname|path|ipath|regex|size|user|group|maxdepth 0)\b"
)
_BROAD_NAME = compile_pattern(
    r" -i?name (?:\*|\*\.\*|\S*(?:\.sql|\.dump|backup|\.db|\.sqlite|\.git|\.log)\S*)(?: |$)"
)
_EMPTIES = frozenset({b">", b">|", b"&>"})
_WRITES_NOTHING = frozenset({b"", b":", b"true", b"echo", b"cat", b"printf"})
_LIVE_TARGET = compile_pattern(
    r"(?i)^/(?:etc/(?:passwd|shadow|fstab|sudoers|group|hosts|ssh/\S+)|var/lib/\S+|boot/\S+)|"
    r"\.(?:sqlite3?|db|rdb|aof|ibd|mdf|sql|dump)$"
)


_DELETERS = frozenset({b"rm", b"rmdir", b"unlink", b"srm", b"trash"})
_WRITES_EMPTY = ((), (b"/dev/null",), (b"-n",), (b"",))
_MOST_STAGES = 4


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rules that a deed trips."""
    deed = situation.deed
    if deed.program in _DELETERS:
        yield from _removals(situation)
    elif any(
        tells(situation)
        for tells in (_is_cleared_by_find, _is_fed_kept, _is_truncated, _mirrors_nothing, _empties)
    ):
        yield _FILES


def _is_cleared_by_find(situation: Situation) -> bool:
    deed = situation.deed
    if deed.program not in (b"find", b"fd") or not _deletes(deed):
        return False
    return _finds_kept(deed.words, deed.line, situation.setting)


def _is_truncated(situation: Situation) -> bool:
    return situation.deed.program == b"truncate" and any(_is_live(word) for word in situation.deed.words)


def _mirrors_nothing(situation: Situation) -> bool:
    deed = situation.deed
    emptied = any(word.rstrip(b"/").endswith(b"empty") or word == b"/dev/null" for word in deed.words)
    return deed.program == b"rsync" and b"--delete" in deed.words and emptied


def _empties(situation: Situation) -> bool:
    """Tell whether a redirection leaves nothing of a file that is needed."""
    deed = situation.deed
    if deed.program not in _WRITES_NOTHING or (deed.program and deed.words not in _WRITES_EMPTY):
        return False
    return any(each.operator in _EMPTIES and _is_live(each.target) for each in deed.command.redirects)


def _removals(situation: Situation) -> Iterator[Rule]:
    words = situation.deed.words
    options = b"".join(word for word in words if word[:1] == b"-")
    recursive = b"r" in options.replace(b"--preserve-root", b"").lower() or situation.deed.program == b"trash"
    if b"--no-preserve-root" in words:
        yield _FILES
        return
    kept_by_name = situation.setting is not Setting.IMAGE and (recursive or b"f" in options)
    for target in (word for word in words if word[:1] != b"-"):
        if recursive and _is_kept(target, situation.setting, situation.folder):
            yield _FILES
        elif recursive and _is_below_variable(target, situation):
            yield _VARIABLE
        elif kept_by_name and _is_data(target):
            yield _FILES


def _is_data(target: bytes) -> bool:
    passing = _PASSING.search(target) is not None or _SCRATCH.search(target) is not None
    return not passing and _DATA_FILE.search(target) is not None


def _is_kept(target: bytes, setting: Setting, folder: bytes) -> bool:
    """Tell whether a folder holds what nothing makes again; in an image being built only the whole of it matters."""
    if setting is Setting.IMAGE:
        return target.rstrip(b"*.") == b"/"
    if target in _ALL_HERE and (folder or setting is Setting.PIPELINE):
        return bool(folder) and _is_kept(folder, setting, b"")
    if _NOTHING_LEFT.match(target) is not None:
        return True
    return (
        _KEPT.search(target) is not None
        and _SCRATCH.search(target) is None
        and _PASSING.search(target) is None
    )


def _is_below_variable(target: bytes, situation: Situation) -> bool:
    match = _BELOW_VARIABLE.match(target)
    if match is None or situation.setting is Setting.IMAGE or b"/" not in target or situation.stops_at_unset:
        return False
    name = match.group(1) or match.group(2) or match.group(3) or b""
    return name not in situation.assigned and _SCRATCH.search(target) is None


def _deletes(deed: Deed) -> bool:
    runs = zip(deed.words, deed.words[1:], strict=False)
    return b"-delete" in deed.words or any(
        word in (b"-exec", b"-execdir", b"-ok") and after in (b"rm", b"shred", b"unlink")
        for word, after in runs
    )


def _finds_kept(words: tuple[bytes, ...], line: bytes, setting: Setting) -> bool:
    paths = [word for word in words if word[:1] != b"-"][:1] or [b"."]
    if paths[0] in (b"/", b"~", b"$HOME", b"/home", b"/*") and (
        _NARROW.search(line) is None or _BROAD_NAME.search(line) is not None
    ):
        return True
    if not any(_is_kept(path, setting, b"") for path in paths) or paths[0] == b".":
        return False
    return _NARROW.search(line) is None or (_BROAD_NAME.search(line) is not None and b"-mtime" not in line)


def _is_fed_kept(situation: Situation) -> bool:
    """Tell whether find or ls, upstream in the pipe, names what is kept."""
    deed = situation.deed
    source = deed.command.source if deed.program == b"xargs" and b"rm" in deed.words else None
    for _ in range(_MOST_STAGES):
        if source is None:
            return False
        words = tuple(word.text for word in source.words)
        if words[:1] == (b"find",) and _finds_kept(words[1:], b" ".join(words), situation.setting):
            return True
        if words[:1] == (b"ls",) and any(_NOTHING_LEFT.match(word) is not None for word in words[1:]):
            return True
        source = source.source
    return False


def _is_live(target: bytes) -> bool:
    return _LIVE_TARGET.search(target) is not None and _PASSING.search(target) is None
