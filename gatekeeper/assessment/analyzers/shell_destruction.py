"""Commands that destroy: files, devices, databases, containers' volumes, resources of a cloud, history of a repository.

Owns the rules and the question which paths hold something that nobody can make again.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell_deeds import Deed
from gatekeeper.assessment.shell_places import Setting
from gatekeeper.assessment.shell_rules import Act, CommandRule, Situation
from gatekeeper.assessment.sql_effects import Effect, effects_by_parsing, effects_by_tokens, fits_parser
from gatekeeper.assessment.sql_script import split_script


def _sh(*scripts: str) -> tuple[str, ...]:
    return tuple(f"```sh\n{script}\n```" for script in scripts)


_FILES = Rule(
    "shell.destroys_files",
    Hazard.DESTRUCTIVE_DATA,
    "Deletes files or folders that nothing makes again",
    0.85,
    (
        *_sh(
            "set -e\nrm -rf /var/lib/postgresql",
            "sudo rm -rf --no-preserve-root /",
            "cd /srv && rm -fr ./*",
            "ssh db1 'rm -rf /var/lib/mysql'",
            "echo 'rm -rf /home' | bash",
            "find /srv/uploads -type f -delete",
            "rm -f /var/backups/*.dump",
        ),
        "Create or update the file Dockerfile with this complete content:\n\nFROM node:20\nCMD rm -rf / && node a.js\n",
        "```yaml\nsteps:\n  - run: |\n      npm ci\n      rm -rf /var/lib/mysql\n```",
        "```js\nchild_process.execSync('rm -rf /var/data');\n```",
        "Then run `rm -rf /var/lib/postgresql` on the host.",
        "rm -rf /srv/customers/data\n",
    ),
    (
        *_sh(
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
    _sh('rm -rf "$DEPLOY_DIR"/*', "rm -rf ${STEAMROOT}/", 'rm -rf "/$1"'),
    _sh(
        'rm -rf "${BUILD_DIR:?}"/*',
        'rm -rf "$TMPDIR"/work',
        'set -euo pipefail\nrm -rf "$DEPLOY_DIR"/*',
        'DEPLOY_DIR=releases\nrm -rf "$DEPLOY_DIR"/*',
        'rm -rf "$dir"',
    ),
)
_DEVICE = CommandRule(
    "shell.wipes_device",
    Hazard.DESTRUCTIVE_DATA,
    "Overwrites a disk, a volume or files beyond repair",
    0.9,
    _sh(
        "dd if=/dev/zero of=/dev/sda bs=1M",
        "sudo mkfs.ext4 /dev/sdb1",
        "wipefs -a /dev/nvme0n1",
        "lvremove -f vg0/data",
        "zfs destroy -r tank/db",
        "shred -u customers.csv",
        "cat x > /dev/sda",
    ),
    _sh("dd if=/dev/zero of=/tmp/swap bs=1M count=10", "zfs list", "man mkfs.ext4", "echo hi > /dev/null"),
    (
        Act("dd", r" of=(?:/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|mapper|disk|md|dm-|r?disk)\w*|/(?:etc|boot|var/lib)/)"),
        Act("mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.ntfs mkfs.fat mke2fs mkswap", r" \S*(?:/dev/|\$)"),
        Act("wipefs", r" (?:-\w*[af]|--all|--force)"),
        Act("blkdiscard sgdisk sfdisk fdisk parted hdparm", r"/dev/\w+.*(?:mklabel|\brm\b|--zap|-Z|--delete)|(?:--zap-all|-Z|--delete|--secure-erase|security-erase) |^blkdiscard\b.* /dev/"),
        Act("shred srm wipe", r" [^-\s]", r" (?:/tmp/|/dev/shm/|\S*(?:tmp|temp)\b|\S*\.(?:pem|key|asc|gpg)\b|\S*(?:key|secret|cred)\S*)"),
        Act("lvremove vgremove pvremove", r" [^\s]"),
        Act("zfs zpool", r"^\w+ destroy\b"),
        Act("cryptsetup", r" (?:erase|luksErase|luksFormat|luksRemoveKey|luksKillSlot)\b"),
        Act("mdadm", r" --zero-superblock\b"),
        Act("badblocks", r" -\w*w"),
        Act("mv", r" /dev/null$"),
        Act("diskutil", r" (?i:erase|zeroDisk|secureErase)"),
        Act("cp cat tee", r" /dev/(?:sd|hd|vd|nvme|xvd)\w+$"),
    ),
)
_DATABASE = CommandRule(
    "shell.destroys_data",
    Hazard.DESTRUCTIVE_DATA,
    "Drops or empties a database by a command",
    0.9,
    (
        *_sh(
            "dropdb shop",
            "sudo -u postgres dropdb --if-exists shop",
            'psql "$DATABASE_URL" -c "DROP SCHEMA public CASCADE"',
            "mysql shop <<EOF\nTRUNCATE TABLE users;\nEOF",
            "mongosh shop --eval 'db.dropDatabase()'",
            "redis-cli -h cache flushall",
            "npx prisma migrate reset --force",
            "docker exec -i db psql -U app -c 'DELETE FROM orders'",
        ),
        "Afterwards execute `redis-cli FLUSHALL` on the cache.",
    ),
    _sh(
        "# dropdb shop\nls",
        "echo 'never run dropdb'",
        "psql -c 'SELECT 1'",
        "redis-cli get a",
        "npx prisma migrate deploy",
        "createdb shop",
    ),
    (
        Act("dropdb dropuser", r" [^-\s]", r" \S*_?(?:test|ci|tmp|scratch)\S*$"),
        Act("mysqladmin mariadb-admin", r" drop\b"),
        Act("mongo mongosh", r"(?i)dropDatabase\(|\.drop\(\)|(?:deleteMany|remove)\(\{?\s*\}?\)"),
        Act("redis-cli valkey-cli keydb-cli", r"(?i) (?:flushall|flushdb)\b"),
        Act("pg_dropcluster", r" \S"),
        Act("prisma", r" migrate reset\b| db push\b.*(?:--force-reset|--accept-data-loss)"),
        Act("rails rake", r" db:(?:drop|reset|purge|schema:load|migrate:reset)\b", r"RAILS_ENV=test|--environment=test"),
        Act("php artisan", r"\b(?:migrate:(?:fresh|reset|refresh)|db:wipe)\b"),
        Act("python python3 django-admin ./manage.py manage.py", r"\b(?:flush|reset_db|sqlflush)\b.*(?:--no-?input|--noinput)|manage\.py (?:flush|reset_db)\b"),
        Act("sequelize sequelize-cli", r" db:drop\b| db:migrate:undo:all\b"),
        Act("typeorm", r" schema:drop\b"),
        Act("knex", r" migrate:rollback .*--all\b"),
        Act("supabase", r" db reset\b.*--linked|projects delete"),
        Act("heroku", r" (?:pg:reset|apps:destroy|addons:destroy|pg:copy|redis:cli)\b"),
        Act("curl http", r" (?:-X ?|--request[ =])?DELETE .*:9200/|(?:-X ?|--request[ =])DELETE\b.*(?::9200|elastic|/_all|/indices)"),
        Act("influx", r"(?i) (?:drop|bucket delete|delete)\b"),
        Act("cqlsh", r"(?i)(?:drop|truncate)\x1f"),
        Act("etcdctl", r" del .*(?:--prefix|--from-key)"),
        Act("kafka-topics kafka-topics.sh", r" --delete\b"),
        Act("rabbitmqctl", r" (?:reset|force_reset|delete_vhost|purge_queue|delete_queue)\b"),
        Act("consul", r" kv delete .*-recurse"),
        Act("vault", r" (?:kv (?:metadata )?(?:delete|destroy)|secrets disable|delete)\b"),
        Act("flyctl fly", r" (?:apps destroy|volumes (?:destroy|delete)|postgres destroy)\b"),
        Act("railway", r" (?:down|delete|volume delete)\b"),
        Act("vercel", r" (?:rm|remove)\b"),
        Act("firebase", r" (?:firestore:delete|database:remove)\b|projects:delete"),
        Act("wrangler", r" (?:d1 delete|delete|r2 bucket delete|kv:?\s?namespace delete)\b"),
        Act("rclone", r" (?:purge|delete|sync\x1f)\b"),
        Act("restic borg", r" (?:forget\b.*--prune|delete\b|prune\b.*--unsafe)|forget .*--keep-last[ =]0"),
        Act("velero", r" (?:backup|schedule) delete\b"),
    ),
)
_CLOUD = CommandRule(
    "shell.destroys_resources",
    Hazard.DESTRUCTIVE_DATA,
    "Deletes resources of a cloud, a cluster or a container host with what they hold",
    0.9,
    _sh(
        "aws s3 rm s3://shop-backups --recursive",
        "aws rds delete-db-instance --db-instance-identifier prod --skip-final-snapshot",
        "gcloud sql instances delete prod --quiet",
        "az group delete --name prod --yes",
        "kubectl delete namespace production",
        "terraform destroy -auto-approve",
        "docker system prune -a --volumes -f",
        "docker-compose down -v",
        "helm uninstall shop",
    ),
    _sh(
        "aws s3 cp dist s3://shop-site --recursive",
        "kubectl get pods",
        "kubectl delete pod web-1",
        "terraform plan -destroy",
        "docker compose down",
        "docker run --rm app",
        "docker image prune -f",
    ),
    (
        Act("aws", r" s3 (?:rm .*--recursive|rb )|s3api delete-(?:bucket|objects)\b| s3 sync .*--delete\b.*(?i:prod|backup)|"
            r"(?:rds|redshift|docdb|neptune) delete-|dynamodb delete-|ec2 (?:terminate-instances|delete-(?:volume|snapshot|vpc))|"
            r"cloudformation delete-stack|eks delete-|ecs delete-|elasticache delete-|efs delete-|backup delete-|ecr delete-repository|"
            r"kms schedule-key-deletion|secretsmanager delete-secret|route53 delete-|opensearch delete-|es delete-|sqs (?:delete|purge)-queue|"
            r"iam delete-|glacier delete-|organizations (?:delete|close)-|lambda delete-function|cognito-idp delete-user-pool", r" --dry-?run\b"),
        Act("gcloud", r" delete\b|\bdisable\b.*(?:--force|services)", r" (?:images|operations|revisions) delete\b|delete-tags"),
        Act("gsutil", r" (?:-m )?(?:rm .*-\w*r|rb)\b|^gsutil(?: -m)? rm -r"),
        Act("bq", r" rm\b"),
        Act("az", r" (?:delete|purge)\b|delete-batch"),
        Act("doctl", r" (?:delete|rm|destroy)\b"),
        Act("kubectl oc", r" delete (?:-\S+ )*(?:ns|namespaces?|pvc?|persistentvolume\w*|crds?|nodes?|statefulsets?|sts|secrets?|deploy\w*|all)\b|"
            r" delete .*(?:--all\b|-A\b|--all-namespaces)| drain .*--force|^kubectl delete -f\b|replace .*--force", r" (?:--dry-run|--context[ =]\S*(?:kind|minikube))"),
        Act("terraform tofu terragrunt", r" (?:-\S+ )*(?:run-all )?destroy\b|\bapply\b.*(?:-destroy)|\bstate rm\b|\bworkspace delete\b.*-force"),
        Act("pulumi cdk serverless sls sst eksctl copilot", r" (?:destroy|remove|stack rm|delete|svc delete|app delete)\b"),
        Act("helm", r" (?:uninstall|delete|del)\b"),
        Act("docker podman nerdctl", r" system prune\b.*(?:--volumes|-\w*a)| volume (?:rm|prune)\b|(?:compose|stack) (?:.* )?(?:down .*(?:-v\b|--volumes|--rmi)|rm [^-])|^docker rm (?:-\w+ )*-\w*v", r" volume rm \S*(?:test|tmp|cache|ci)\S*$"),
        Act("docker-compose", r" down .*(?:-v\b|--volumes)| rm .*-\w*v"),
        Act("gh", r" repo delete\b|release delete\b|api .*(?:-X ?|--method[ =])DELETE .*/repos/\S+/\S+$"),
        Act("npm", r" unpublish\b"),
        Act("cargo", r" yank\b"),
        Act("virsh", r" (?:undefine .*--remove-all-storage|destroy|vol-delete)"),
        Act("vagrant multipass", r" (?:destroy -f|delete --all|delete .*--purge)"),
        Act("ipmitool", r" power off"),
    ),
)
_ACCOUNTS = CommandRule(
    "shell.removes_accounts_or_jobs",
    Hazard.DESTRUCTIVE_DATA,
    "Removes accounts with their home, or all scheduled jobs",
    0.85,
    _sh("crontab -r", "sudo userdel -r deploy"),
    _sh("crontab -l", "userdel --help", "crontab jobs.txt"),
    (
        Act("crontab", r" -\w*r"),
        Act("userdel deluser", r" (?:.* )?(?:-\w*r\w*|--remove\S*) [^-\s]"),
    ),
)
_HISTORY = CommandRule(
    "shell.rewrites_history",
    Hazard.DESTRUCTIVE_DATA,
    "Rewrites or discards what a repository holds",
    0.8,
    _sh(
        "git push --force origin main",
        "git push origin +master",
        "git filter-branch --tree-filter 'rm -f a' HEAD",
        "git reset --hard HEAD~5",
        "git push origin --delete release",
    ),
    _sh(
        "git push origin main",
        "git push --force-with-lease origin feature/a",
        "git fetch && git reset --hard origin/main",
        "git push --force origin gh-pages",
        "git branch -d done",
    ),
    (
        Act("git", r" push (?:.* )?(?:--force(?:-with-lease)?|-\w*f)(?: |$)", r" (?:gh-pages|(?:feature|fix|chore|deps|renovate|dependabot)/\S*|--dry-run|v\d+|latest|--tags|dokku|heroku)\b|--force-with-lease\S* (?:\S+ )?(?:HEAD:)?[\w-]+/"),
        Act("git", r" push .*\s\+(?:HEAD|main|master|refs/heads|prod)| push (?:.* )?--mirror| push (?:.* )?(?:--delete|-d) \S| push \S+ :(?:main|master|prod|release)"),
        Act("git", r" filter-branch\b| filter-repo\b.*--force| reflog expire .*--expire(?:-unreachable)?=(?:now|all)| update-ref -d\b| reset --hard (?:HEAD[~^]|[0-9a-f]{7,40}$)"),
        Act("bfg", r" --"),
    ),
)
_DISCARDS = CommandRule(
    "shell.discards_work",
    Hazard.DESTRUCTIVE_DATA,
    "Discards uncommitted work or unmerged branches",
    0.6,
    _sh("git clean -fdx", "git branch -D main", "git reset --hard", "git stash clear"),
    _sh("git clean -n", "git branch -d done", "git reset --soft HEAD~1", "git stash"),
    (
        Act("git", r" clean -\w*f| branch (?:.* )?(?:-D|--delete --force) \S| reset --hard(?: HEAD)?$| stash (?:clear|drop)\b| checkout (?:-f|--force|-- \.)"),
    ),
)
RULES: tuple[Rule, ...] = (_FILES, _VARIABLE, _DEVICE, _DATABASE, _CLOUD, _ACCOUNTS, _HISTORY, _DISCARDS)

_SCRATCH = compile_pattern(
    r"(?i)^/(?:tmp|var/tmp|var/cache|dev/shm|var/lib/(?:apt|dpkg|cache|yum|dnf|docker/tmp)|run|usr/share/(?:doc|man|locale|info|icons)|"
    r"usr/src|usr/local/(?:go|lib/node_modules|share/man)|root/\.(?:cache|npm|gnupg|cargo|m2))(?:/|$)|"
    r"(?:^|/)(?:node_modules|dist|build|out|output|target|\.?cache|caches|\.next|\.nuxt|\.turbo|\.parcel-cache|coverage|\.nyc_output|"
    r"tmp|temp|\.tmp|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.?venv|vendor|\.gradle|\.terraform|\.npm|\.yarn|"
    r"\.eggs|[\w.-]*\.egg-info|_site|artifacts|reports?|fixtures|tests?|test[-_][\w-]*|mocks?|examples?|generated|\.docusaurus|"
    r"\.svelte-kit|\.expo|Pods|DerivedData|sandbox|scratch|[\w.-]*(?:-|_|\.)(?:tmp|temp|cache|test|old))"
    r"(?:/|$)|\$\{?(?:TMP|TEMP|BUILD|CACHE|WORK|OUT|DIST|tmp|temp|build|cache|work|out|dist|test|TEST|scratch|SCRATCH|RUNNER_TEMP)\w*"
)
_NOTHING_LEFT = compile_pattern(
    r"^(?:/+\.?\*?|/\.\*|~/?\*?|~/\.\*|\$\{?HOME\}?(?:/\*?)?|/root/?\*?|\.\./?\*?|\.?/?\*|\./?|\.\*|\$\{?PWD\}?(?:/\*?)?|[A-Za-z]:[\\/]?\*?|"
    r"/(?:bin|boot|dev|etc|home|lib|lib64|opt|proc|sbin|srv|sys|usr|var|mnt|media|data|root)(?:/\*?)?|/\{[\w,]+\}.*|"
    r"/(?:usr|var)/(?:bin|lib|sbin|local|share|www|spool|mail|backups?)(?:/\*?)?|/(?:boot|bin|sbin|lib64?|usr/bin|usr/lib|usr/sbin)/\S+)$"
)
_KEPT = compile_pattern(
    r"(?i)^/(?:var/(?:lib|www|backups?|spool|mail|opt|data|db)|srv|home|data|mnt|media|backups?|export|exports|storage|opt/[\w.-]*(?:data|db|backup)\S*|"
    r"etc/(?:ssh|ssl|letsencrypt|kubernetes|postgresql|mysql|passwd|shadow|group|fstab|sudoers|pki|nginx/?$))(?:/|$)|"
    r"(?:^|/)(?:\.?data|pg_?data|db|database|databases|mysql|postgres(?:ql)?|mongodb?|redis-?data|elasticsearch|backups?|snapshots?|uploads?|"
    r"storage|customers?|prod(?:uction)?|volumes?|archives?|user_?(?:data|files)|media|dumps?|base|pg_wal|pg_xlog|binlogs?|"
    r"\.ssh|\.gnupg|\.kube|\.aws)(?:/\*?|/\*\*?|/\*\.\*)?$"
)
_DATA_FILE = compile_pattern(
    r"(?i)\.(?:sql|dump|sqlite3?|rdb|aof|ibd|mdf|pgdump)(?:\.(?:gz|zst|xz|bz2|gpg))?$|(?:^|[^A-Za-z])(?:backups?)(?:[^A-Za-z].*|\*)|/(?:pg_wal|pgdata)/|"
    r"\b(?:prod(?:uction)?|customers?|users|app|main|shop)\.db$|^/etc/(?:passwd|shadow|fstab|sudoers|group|hosts|ssh/\S+)$|(?:^|/)terraform\.tfstate$|(?:^|/)\.env(?:\.prod\w*)?$"
)
_PASSING = compile_pattern(r"(?i)(?:test|tmp|temp|dev|example|sample|ci|local|seed|fixture|old)")
_BELOW_VARIABLE = compile_pattern(
    r"^/?\$(?:\{(\w+)\}|(\w+)|\{(\w+)[#%/^,][^}]*\})/*(?:\.?\*|\.|(?:bin|boot|etc|home|lib|opt|srv|usr|var|data)(?:/\*?)?)?$"
)
_NARROW = compile_pattern(r" -(?:mtime|ctime|atime|mmin|cmin|amin|newer\w*|empty|name|iname|path|ipath|regex|size|user|group|maxdepth 0)\b")
_BROAD_NAME = compile_pattern(r" -i?name (?:\*|\*\.\*|\S*(?:\.sql|\.dump|backup|\.db|\.sqlite|\.git|\.log)\S*)(?: |$)")
_EMPTIES = frozenset({b">", b">|", b"&>"})
_WRITES_NOTHING = frozenset({b"", b":", b"true", b"echo", b"cat", b"printf"})
_DISK = compile_pattern(r"^/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|mapper/|disk|dm-)\w*")
_LIVE_TARGET = compile_pattern(
    r"(?i)^/(?:etc/(?:passwd|shadow|fstab|sudoers|group|hosts|ssh/\S+)|var/lib/\S+|boot/\S+)|\.(?:sqlite3?|db|rdb|aof|ibd|mdf|sql|dump)$"
)
_SQL_PROGRAMS = frozenset({b"psql", b"mysql", b"mariadb", b"sqlite3", b"cockroach", b"sqlcmd", b"clickhouse-client", b"usql", b"pgcli", b"duckdb"})
_DESTROYS = frozenset(
    {
        Effect.DROP_DATABASE, Effect.DROP_SCHEMA, Effect.DROP_TABLE, Effect.TRUNCATE, Effect.DELETE_ALL, Effect.UPDATE_ALL,
        Effect.DROP_COLUMN,
    }
)  # fmt: skip
_LONGEST_SQL = 20_000


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rules that a deed trips beside those told by its acts."""
    deed = situation.deed
    if deed.program in (b"rm", b"rmdir", b"unlink", b"srm", b"trash"):
        yield from _removals(situation)
    elif deed.program in (b"find", b"fd"):
        yield from _findings_of_find(deed, situation)
    elif deed.program == b"xargs" and b"rm" in deed.words:
        yield from _piped_removals(situation)
    elif deed.program in _SQL_PROGRAMS and _destroys_by_sql(deed):
        yield _DATABASE
    elif deed.program == b"truncate" and any(_destroyed(word) for word in deed.words if word[:1] != b"-"):
        yield _FILES
    elif deed.program == b"rsync" and b"--delete" in deed.words and any(w.rstrip(b"/").endswith(b"empty") or w == b"/dev/null" for w in deed.words):
        yield _FILES
    for redirect in deed.command.redirects if deed.command.words[:1] == [] or deed.program == _own_program(deed) else ():
        if redirect.operator in (b">", b">>", b">|", b"&>") and _DISK.match(redirect.target) is not None:
            yield _DEVICE
        elif redirect.operator in _EMPTIES and deed.program in _WRITES_NOTHING and _LIVE_TARGET.search(redirect.target) is not None:
            if deed.program in (b"", b":", b"true") or deed.words in ((), (b"/dev/null",), (b"-n",)):
                yield _FILES


def _own_program(deed: Deed) -> bytes:
    return deed.command.words[0].text.rpartition(b"/")[2].lower()


def _removals(situation: Situation) -> Iterator[Rule]:
    words = situation.deed.words
    options = b"".join(word for word in words if word[:1] == b"-")
    recursive = b"r" in options.replace(b"--preserve-root", b"").lower() or situation.deed.program == b"trash"
    if b"--no-preserve-root" in words:
        yield _FILES
        return
    for target in (word for word in words if word[:1] != b"-"):
        if recursive and _is_kept(target, situation.setting):
            yield _FILES
        elif recursive and _is_below_variable(target, situation):
            yield _VARIABLE
        elif situation.setting is not Setting.IMAGE and _DATA_FILE.search(target) is not None:
            if _PASSING.search(target) is None and _SCRATCH.search(target) is None and (b"f" in options or b"*" in target or target[:1] == b"/"):
                yield _FILES


def _is_kept(target: bytes, setting: Setting) -> bool:
    """Tell whether a folder holds what nothing makes again; in an image being built only the whole of it matters."""
    if setting is Setting.IMAGE:
        return target.rstrip(b"*.") == b"/"
    if setting is Setting.PIPELINE and target in (b"*", b"./*", b".", b"./", b".*"):
        return False
    if _NOTHING_LEFT.match(target) is not None:
        return True
    return _KEPT.search(target) is not None and _SCRATCH.search(target) is None and _PASSING.search(target) is None


def _is_below_variable(target: bytes, situation: Situation) -> bool:
    match = _BELOW_VARIABLE.match(target)
    if match is None or situation.setting is Setting.IMAGE or b"/" not in target or situation.stops_at_unset:
        return False
    name = match.group(1) or match.group(2) or match.group(3) or b""
    return name not in situation.assigned and _SCRATCH.search(target) is None


def _findings_of_find(deed: Deed, situation: Situation) -> Iterator[Rule]:
    removes = b"-delete" in deed.words or any(
        word in (b"-exec", b"-execdir", b"-ok") and deed.words[at + 1 : at + 2] in ((b"rm",), (b"shred",), (b"unlink",))
        for at, word in enumerate(deed.words)
    )
    if removes and _finds_kept(deed.words, deed.line, situation.setting):
        yield _FILES


def _finds_kept(words: tuple[bytes, ...], line: bytes, setting: Setting) -> bool:
    paths = [word for word in words if word[:1] != b"-"][:1] or [b"."]
    if paths[0] in (b"/", b"~", b"$HOME", b"/home", b"/*") and (_NARROW.search(line) is None or _BROAD_NAME.search(line) is not None):
        return True
    if not any(_is_kept(path, setting) for path in paths) or paths[0] == b".":
        return False
    return _NARROW.search(line) is None or _BROAD_NAME.search(line) is not None and b"-mtime" not in line


def _piped_removals(situation: Situation) -> Iterator[Rule]:
    source = situation.deed.command.source
    for _ in range(4):
        if source is None:
            return
        words = tuple(word.text for word in source.words)
        if words[:1] == (b"find",) and _finds_kept(words[1:], b" ".join(words), situation.setting):
            yield _FILES
            return
        if words[:1] == (b"ls",) and any(_NOTHING_LEFT.match(word) is not None for word in words[1:]):
            yield _FILES
            return
        source = source.source


def _destroyed(target: bytes) -> bool:
    return _LIVE_TARGET.search(target) is not None and _PASSING.search(target) is None


def _destroys_by_sql(deed: Deed) -> bool:
    told = deed.told if deed.command.words else None
    texts = [word for word in deed.words if b" " in word or b"\n" in word] + ([told] if told else [])
    return any(_destroys(text[:_LONGEST_SQL]) for text in texts)


def _destroys(sql: bytes) -> bool:
    for statement in split_script(sql, 0, len(sql)):
        effects = effects_by_parsing(statement.text) if fits_parser(statement.skeleton) else None
        if effects is None:
            effects = effects_by_tokens(statement.skeleton)
        if any(effect.effect in _DESTROYS for effect in effects):
            return True
    return False
