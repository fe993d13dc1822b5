"""Commands that destroy: devices, databases, containers' volumes, resources of a cloud, history of a repository.

Owns these rules. Deleted files are for `removals.py`; the meaning of SQL is for `sql/effects.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.deeds import Deed
from gatekeeper.assessment.shell.rules import Act, CommandRule, Situation, in_sh, programs
from gatekeeper.assessment.sql.effects import effects_of
from gatekeeper.assessment.sql.grammar import Effect
from gatekeeper.assessment.sql.script import split_script
from gatekeeper.assessment.text.reading import compile_pattern

_DEVICE = CommandRule(
    "shell.wipes_device",
    Hazard.DESTRUCTIVE_DATA,
    "Overwrites a disk, a volume or files beyond repair",
    0.9,
    in_sh(
        "dd if=/dev/zero of=/dev/sda bs=1M",
        "sudo mkfs.ext4 /dev/sdb1",
        "wipefs -a /dev/nvme0n1",
        "lvremove -f vg0/data",
        "zfs destroy -r tank/db",
        "shred -u customers.csv",
        "cat x > /dev/sda",
    ),
    in_sh("dd if=/dev/zero of=/tmp/swap bs=1M count=10", "zfs list", "man mkfs.ext4", "echo hi > /dev/null"),
    (
        Act(
            "dd",
            r" of=(?:/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|mapper|disk|md|dm-|r?disk)\w*|/(?:etc|boot|var/lib)/)",
        ),
        Act(
            "mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.ntfs mkfs.fat mke2fs mkswap",
            r" \S*(?:/dev/|\$)",
        ),
        Act("wipefs", r" (?:-\w*[af]|--all|--force)"),
        Act(
            "blkdiscard sgdisk sfdisk fdisk parted hdparm",
            r"/dev/\w+.*(?:mklabel|\brm\b|--zap|-Z|--delete)|(?:--zap-all|-Z|--delete|--secure-erase|"
            r"security-erase) |^blkdiscard\b.* /dev/",
        ),
        Act(
            "shred srm wipe",
            r" [^-\s]",
            r" (?:/tmp/|/dev/shm/|\S*(?:tmp|temp)\b|\S*\.(?:pem|key|asc|gpg)\b|\S*(?:key|secret|cred)\S*)",
        ),
        Act("lvremove vgremove pvremove", r" [^\s]"),
        Act("zfs zpool", r"^\w+ destroy\b"),
        Act("cryptsetup", r" (?:erase|luksErase|luksFormat|luksRemoveKey|luksKillSlot)\b"),
        Act("mdadm", r" --zero-superblock\b"),
        Act("badblocks", r" -\w*w"),
        Act("mv", r" /dev/null(?: |$)"),
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
        *in_sh(
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
    in_sh(
        "# dropdb shop\nls",
        "echo 'never run dropdb'",
        "psql -c 'SELECT 1'",
        "redis-cli get a",
        "npx prisma migrate deploy",
        "createdb shop",
    ),
    (
        Act("dropdb dropuser", r" [^-\s]", r" \S*(?:test|_ci|tmp|scratch)\S*"),
        Act("mysqladmin mariadb-admin", r" drop\b"),
        Act("mongo mongosh", r"(?i)dropDatabase\(|\.drop\(\)|(?:deleteMany|remove)\(\{?\s*\}?\)"),
        Act("redis-cli valkey-cli keydb-cli", r"(?i) (?:flushall|flushdb)\b"),
        Act("pg_dropcluster", r" \S"),
        Act("prisma", r" migrate reset\b| db push\b.*(?:--force-reset|--accept-data-loss)"),
        Act(
            "rails rake",
            r" db:(?:drop|reset|purge|schema:load|migrate:reset)\b",
            r"RAILS_ENV=test|--environment=test",
        ),
        Act("php artisan", r"\b(?:migrate:(?:fresh|reset|refresh)|db:wipe)\b"),
        Act(
            "python python3 django-admin ./manage.py manage.py",
            r"\b(?:flush|reset_db|sqlflush)\b.*(?:--no-?input|--noinput)|manage\.py (?:flush|reset_db)\b",
        ),
        Act("sequelize sequelize-cli", r" db:drop\b| db:migrate:undo:all\b"),
        Act("typeorm", r" schema:drop\b"),
        Act("knex", r" migrate:rollback .*--all\b"),
        Act("supabase", r" db reset\b.*--linked|projects delete"),
        Act("heroku", r" (?:pg:reset|apps:destroy|addons:destroy|pg:copy|redis:cli)\b"),
        Act(
            "curl http",
            r" (?:-X ?|--request[ =])?DELETE .*:9200/|(?:-X ?|--request[ =])DELETE\b.*(?::9200|elastic|"
            r"/_all|/indices)",
        ),
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
    in_sh(
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
    in_sh(
        "aws s3 cp dist s3://shop-site --recursive",
        "kubectl get pods",
        "kubectl delete pod web-1",
        "terraform plan -destroy",
        "docker compose down",
        "docker run --rm app",
        "docker image prune -f",
    ),
    (
        Act(
            "aws",
            r" s3 (?:rm .*--recursive|rb )|s3api delete-(?:bucket|objects)\b| s3 sync .*--delete\b.*(?i:prod|backup)|"
            r"(?:rds|redshift|docdb|neptune) delete-|dynamodb delete-|ec2 (?:terminate-instances|"
            r"delete-(?:volume|snapshot|vpc))|"
            r"cloudformation delete-stack|eks delete-|ecs delete-|elasticache delete-|efs delete-|"
            r"backup delete-|ecr delete-repository|"
            r"kms schedule-key-deletion|secretsmanager delete-secret|route53 delete-|opensearch delete-|"
            r"es delete-|sqs (?:delete|purge)-queue|"
            r"iam delete-|glacier delete-|organizations (?:delete|close)-|lambda delete-function|"
            r"cognito-idp delete-user-pool",
            r" --dry-?run\b",
        ),
        Act(
            "gcloud",
            r" delete\b|\bdisable\b.*(?:--force|services)",
            r" (?:images|operations|revisions) delete\b|delete-tags",
        ),
        Act("gsutil", r" (?:-m )?(?:rm .*-\w*r|rb)\b|^gsutil(?: -m)? rm -r"),
        Act("bq", r" rm\b"),
        Act("az", r" (?:delete|purge)\b|delete-batch"),
        Act("doctl", r" (?:delete|rm|destroy)\b"),
        Act(
            "kubectl oc",
            r" delete (?:-\S+ )*(?:ns|namespaces?|pvc?|persistentvolume\w*|crds?|nodes?|statefulsets?|sts|"
            r"secrets?|deploy\w*|all)\b|"
            r" delete .*(?:--all\b|-A\b|--all-namespaces)| drain .*--force|^kubectl delete -f\b|replace .*--force",
            r" (?:--dry-run|--context[ =]\S*(?:kind|minikube))",
        ),
        Act(
            "terraform tofu terragrunt",
            r" (?:-\S+ )*(?:run-all )?destroy\b|\bapply\b.*(?:-destroy)|\bstate rm\b|\bworkspace delete\b.*-force",
        ),
        Act(
            "pulumi cdk serverless sls sst eksctl copilot",
            r" (?:destroy|remove|stack rm|delete|svc delete|app delete)\b",
        ),
        Act("helm", r" (?:uninstall|delete|del)\b"),
        Act(
            "docker podman nerdctl",
            r" system prune\b.*(?:--volumes|-\w*a)| volume (?:rm|prune)\b|(?:compose|"
            r"stack) (?:.* )?(?:down .*(?:-v\b|--volumes|--rmi)|rm [^-])|^docker rm (?:-\w+ )*-\w*v",
            r" volume rm \S*(?:test|tmp|cache|ci)\S*$",
        ),
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
    in_sh("crontab -r", "sudo userdel -r deploy"),
    in_sh("crontab -l", "userdel --help", "crontab jobs.txt"),
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
    in_sh(
        "git push --force origin main",
        "git push origin +master",
        "git filter-branch --tree-filter 'rm -f a' HEAD",
        "git reset --hard HEAD~5",
        "git push origin --delete release",
    ),
    in_sh(
        "git push origin main",
        "git push --force-with-lease origin feature/a",
        "git fetch && git reset --hard origin/main",
        "git push --force origin gh-pages",
        "git branch -d done",
    ),
    (
        Act(
            "git",
            r" push (?:.* )?(?:--force(?:-with-lease)?|-\w*f)(?: |$)",
            r" (?:gh-pages|(?:feature|fix|chore|deps|renovate|dependabot)/\S*|--dry-run|v\d+|latest|"
            r"--tags|dokku|heroku)\b|--force-with-lease\S* (?:\S+ )?(?:HEAD:)?[\w-]+/",
        ),
        Act(
            "git",
            r" push .*\s\+(?:HEAD|main|master|refs/heads|prod)| push (?:.* )?--mirror|"
            r" push (?:.* )?(?:--delete|-d) \S| push \S+ :(?:main|master|prod|release)",
        ),
        Act(
            "git",
            r"^git (?:-\S+ )*filter-branch\b| filter-repo\b.*--force| reflog expire .*--expire(?:-unreachable)?=(?:now|"
            r"all)| reset --hard (?:HEAD[~^]|[0-9a-f]{7,40}$)",
        ),
        Act("bfg", r" --"),
    ),
)
_DISCARDS = CommandRule(
    "shell.discards_work",
    Hazard.DESTRUCTIVE_DATA,
    "Discards uncommitted work or unmerged branches",
    0.6,
    in_sh("git clean -fdx", "git branch -D main", "git reset --hard", "git stash clear"),
    in_sh("git clean -n", "git branch -d done", "git reset --soft HEAD~1", "git stash"),
    (
        Act(
            "git",
            r" clean -\w*f| branch (?:.* )?(?:-D|--delete --force) \S| reset --hard(?: HEAD)?$|"
            r" stash (?:clear|drop)\b| checkout (?:-f|--force|-- \.)",
        ),
    ),
)
RULES: tuple[Rule, ...] = (_DEVICE, _DATABASE, _CLOUD, _ACCOUNTS, _HISTORY, _DISCARDS)

_DISK = compile_pattern(r"^/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|mapper/|disk|dm-)\w*")
_SQL_PROGRAMS = programs("psql mysql mariadb sqlite3 cockroach sqlcmd clickhouse-client usql pgcli duckdb")
_DESTROYS = frozenset(
    {
        Effect.DROP_DATABASE, Effect.DROP_SCHEMA, Effect.DROP_TABLE, Effect.TRUNCATE, Effect.DELETE_ALL,
        Effect.UPDATE_ALL, Effect.DROP_COLUMN,
    }
)  # fmt: skip
_LONGEST_SQL = 20_000


_OUTPUT = frozenset({b">", b">>", b">|", b"&>"})


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rules that a deed trips beside those told by its acts."""
    deed = situation.deed
    if deed.program in _SQL_PROGRAMS and _destroys_by_sql(deed):
        yield _DATABASE
    if any(each.operator in _OUTPUT and _DISK.match(each.target) for each in deed.command.redirects):
        yield _DEVICE


def _destroys_by_sql(deed: Deed) -> bool:
    told = deed.told if deed.command.words else None
    texts = [word for word in deed.words if b" " in word or b"\n" in word] + ([told] if told else [])
    return any(_destroys(text[:_LONGEST_SQL]) for text in texts)


def _destroys(sql: bytes) -> bool:
    for statement in split_script(sql, 0, len(sql)):
        if any(effect.effect in _DESTROYS for effect in effects_of(statement)):
            return True
    return False
