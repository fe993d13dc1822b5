"""Commands that work against those who watch: traces removed, watchers stopped, checks skipped, privileges taken.

Owns the rules on oversight evaded from a shell.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.deeds import Deed
from gatekeeper.assessment.shell.rules import Act, CommandRule, Situation, in_sh, programs
from gatekeeper.assessment.shell.script import Redirect
from gatekeeper.assessment.text.reading import Pattern, compile_pattern

_TRACES = CommandRule(
    "shell.covers_tracks",
    Hazard.OVERSIGHT_EVASION,
    "Removes the traces of what was done",
    0.9,
    in_sh(
        "history -c",
        "unset HISTFILE",
        "export HISTSIZE=0",
        "rm -rf /var/log/*",
        "> /var/log/auth.log",
        "journalctl --rotate && journalctl --vacuum-time=1s",
        "ln -sf /dev/null ~/.bash_history",
        "shred -u /var/log/audit/audit.log",
    ),
    in_sh(
        "history | tail",
        "journalctl --vacuum-time=30d",
        "tail -f /var/log/auth.log",
        "find /var/log -name '*.gz' -mtime +30 -delete",
        "echo done >> /var/log/deploy.log",
        "export HISTSIZE=10000",
    ),
    (
        Act("history", r" -\w*[cw]\b"),
        Act("unset", r" (?:\S+ )*HIST(?:FILE|SIZE|CONTROL|FILESIZE)\b"),
        Act(
            "export set declare",
            r" (?:HIST(?:SIZE|FILESIZE)=['\"]?0|HISTFILE=(?:['\"]?/dev/null|['\"]{2}|$)|"
            r"HISTCONTROL=ignore(?:both|space)$|\+o history)| \+o history",
        ),
        Act(
            "rm shred unlink wipe srm truncate",
            r" \S*/var/log/?\*?(?: |$)| \S*/var/log/(?:auth|audit|secure|syslog|messages|wtmp|btmp|"
            r"lastlog|faillog|journal|kern|nginx|apache2|httpd|cron|maillog|mysql|postgresql)\S*|"
            r"\S*(?:bash|zsh|sh|mysql|psql|python|lesshst)_history\b|\S*audit[\w.-]*\.log\b|"
            r"\S*/audit(?:/\*?|/audit\.log)?$|/var/(?:run/utmp|log/\S*tmp)",
            r"(?:\.gz|\.\d|\.old|apt|dpkg\.log|/yum|alternatives|test\S*|/installer)(?:\*)?(?: |$)",
        ),
        Act(
            "journalctl",
            r" --vacuum-(?:time=(?:\d+(?:s|sec|seconds?|m|min|ms|h)|[01]d?)|size=(?:\d{1,5}[KB]?|"
            r"[0-9]M?))$| --flush --rotate --vacuum",
        ),
        Act("ln", r" /dev/null \S*(?:_history|/var/log/\S+)"),
        Act("cp cat tee", r"^(?:cp|cat) /dev/null \S*(?:/var/log/\S+|_history)"),
        Act("dmesg", r" (?:-C|-c|--clear|--read-clear)\b"),
        Act("wevtutil wevtutil.exe", r" (?i:cl|clear-log)\b"),
        Act("logrotate", r" -f .*--state /dev/null"),
        Act("utmpdump", r" -r"),
        Act("touch", r" (?:-\w*r|-\w*t|-d|--reference)\S* \S+ \S*(?:/bin/|/etc/|/usr/|/var/)"),
        Act("sed", r" -i\S* \S*/d\S* /var/log/\S+"),
        Act("chattr", r" [+-]i \S*(?:/etc/|/var/log|authorized_keys|/bin)"),
    ),
)
_WATCHERS = CommandRule(
    "shell.stops_watchers",
    Hazard.OVERSIGHT_EVASION,
    "Stops auditing, monitoring or logging",
    0.9,
    in_sh(
        "systemctl disable --now auditd",
        "auditctl -e 0",
        "auditctl -D",
        "service rsyslog stop",
        "pkill -9 falco",
        "aws cloudtrail stop-logging --name main",
        "aws guardduty delete-detector --detector-id d1",
        "kubectl delete namespace monitoring",
    ),
    in_sh(
        "systemctl restart rsyslog",
        "systemctl status auditd",
        "auditctl -l",
        "aws cloudtrail describe-trails",
        "pkill -HUP rsyslogd",
    ),
    (
        Act(
            "systemctl service rc-service launchctl sc chkconfig update-rc.d",
            r"(?i) (?:(?:stop|disable|mask|kill|unload|remove|off)\b.*\b(?:auditd|r?syslog(?:-ng|d)?|"
            r"journald|systemd-journald|falco|falcon-sensor|crowdstrike|osqueryd?|wazuh\S*|ossec\S*|"
            r"datadog-agent|"
            r"newrelic-infra|prometheus\S*|node_exporter|alertmanager|grafana\S*|filebeat|fluent\S*|"
            r"td-agent|promtail|telegraf|zabbix\S*|nagios\S*|sysmon|mdatp|cbdaemon|sentinel\S*|ds_agent|"
            r"amazon-cloudwatch-agent|vector|collectd|snort|suricata|tripwire|aide|splunk\S*|WinDefend|"
            r"EventLog)|(?:auditd|r?syslog\S*|falco|osqueryd|wazuh-agent|datadog-agent) (?:stop|off|disable))",
        ),
        Act(
            "pkill killall kill",
            r"(?i)(?:auditd|rsyslogd?|syslogd|falco\S*|falcon-sensor|osqueryd|wazuh|ossec|datadog\S*|"
            r"filebeat|fluent\S*|prometheus|crowdstrike|sysmon|suricata|snort|splunkd?)\b",
            r" -(?:HUP|USR1|SIGHUP|1) ",
        ),
        Act("auditctl", r" (?:-e ?0|-D)\b"),
        Act(
            "apt apt-get yum dnf apk rpm dpkg",
            r" (?:-\S+ )*(?:remove|purge|erase|del|-e|-r)\b.*\b(?:auditd?|rsyslog|falco|fail2ban|osquery|"
            r"wazuh-agent|datadog-agent|crowdstrike|falcon-sensor|aide|clamav|apparmor)\b",
        ),
        Act(
            "aws",
            r" cloudtrail (?:stop-logging|delete-trail|update-trail .*--no-|put-event-selectors)|"
            r"guardduty (?:delete|disassociate)|guardduty update-detector .*--no-enable|configservice (?:stop|"
            r"delete)|logs delete-log-(?:group|stream)|securityhub disable|cloudwatch (?:delete-alarms|"
            r"disable-alarm)|"
            r"ec2 delete-flow-logs|macie2 disable|inspector2 disable|accessanalyzer delete|wafv2 delete|"
            r"s3api put-bucket-logging .*\{\}|detective delete",
        ),
        Act(
            "gcloud",
            r" logging (?:sinks|logs|metrics|buckets) delete| monitoring policies delete|scc .*disable",
        ),
        Act(
            "az",
            r" monitor (?:diagnostic-settings|log-profiles|activity-log alert|metrics alert) delete|"
            r" security .*--status Off",
        ),
        Act(
            "kubectl oc helm",
            r" (?:delete|uninstall|scale) .*(?:monitoring|prometheus|falco|fluent\S*|audit|logging|"
            r"grafana|alertmanager|gatekeeper|kyverno|validatingwebhookconfiguration\S*|networkpolic\S*|"
            r"podsecuritypolic\S*)\b",
        ),
        Act("kubectl", r" label .*pod-security\.kubernetes\.io/enforce(?:=privileged|-)"),
        Act("sysctl", r"kernel\.(?:audit|printk)=0"),
        Act("defaults fltmc", r" unload|Gatekeeper"),
        Act("crontab sed", r" \S*/(?:backup|audit|monitor|logrotate)\S*/d\b"),
        Act(
            "docker podman",
            r" (?:stop|rm|kill) (?:-\w+ )*\S*(?:falco|prometheus|alertmanager|fluentd|datadog|auditbeat|"
            r"filebeat|loki|promtail)\b",
        ),
        Act("bpftrace rmmod", r" (?:falco|crowdstrike|sysdig|lkrg)"),
    ),
)
_CHECKS = CommandRule(
    "shell.skips_checks",
    Hazard.OVERSIGHT_EVASION,
    "Passes by checks or reviews that a change must go through",
    0.85,
    in_sh(
        "git commit --no-verify -m fix",
        "npm test || true",
        "pytest -q || exit 0",
        "gh api -X DELETE repos/acme/shop/branches/main/protection",
        "gh pr merge 12 --admin --squash",
        "gh pr review 12 --approve",
        "HUSKY=0 git push",
        "terraform apply -auto-approve",
    ),
    in_sh(
        "git commit -m 'drop --no-verify'",
        "npm test",
        "rm -f a.log || true",
        "docker stop web || true",
        "gh pr merge 12 --squash",
        "terraform apply plan.out",
        "gh pr create --fill",
    ),
    (
        Act(
            "git",
            r"^git (?:-\S+ \S+ )?(?:commit|push|merge|rebase|am) (?:\S+ )*--no-verify\b|"
            r"^git commit (?:\S+ )*-\w*n\w*(?: |$)|core\.hooksPath[ =](?:/dev/null|\S*empty|\x1f*$)|"
            r"^git push (?:\S+ )*-o ?ci\.skip|--push-option[ =]ci\.skip",
            r"^git commit (?:-m|-am) \S*$",
        ),
        Act(
            "gh",
            r" pr merge (?:\S+ )*--admin\b| pr review (?:\S+ )*(?:--approve|-a)\b|"
            r" api .*(?:DELETE .*(?:protection|rulesets)|(?:protection|rulesets).*DELETE|"
            r"enforce_admins.*DELETE|DELETE.*enforce_admins|required_status_checks=null|"
            r"required_pull_request_reviews=null|enforce_admins=false)| ruleset .*delete|"
            r" repo edit .*--visibility public| workflow disable\b| run cancel\b",
        ),
        Act(
            "curl",
            r"(?:-X ?|--request[ =])(?:DELETE|PUT|PATCH) .*/branches/\S+/protection|"
            r"/protection\b.*(?:-X ?|--request[ =])DELETE|merge_requests/\S+/(?:approve|"
            r"merge\b.*merge_when_pipeline_succeeds=false)",
        ),
        Act("glab", r" mr (?:approve|merge .*--auto-merge=false)"),
        Act(
            "rm mv",
            r" \S*\.git/hooks(?:/\S*)?(?: |$)|\S*\.husky(?:/\S*)?(?: |$)|\S*\.pre-commit-config\.yaml(?: |"
            r"$)|\S*\.github/(?:CODEOWNERS|workflows)\b\S*|\S*CODEOWNERS(?: |$)",
        ),
        Act("chmod", r" (?:-x|a-x|000|0|644) \S*\.git/hooks/"),
        Act(
            "terraform tofu terragrunt pulumi",
            r" apply (?:\S+ )*--?auto-approve| up (?:\S+ )*(?:--yes|-y|--skip-preview)",
            r" -?-?target=(?:local|module\.dev)",
        ),
        Act("pre-commit", r" uninstall\b"),
        Act("kubectl", r" --validate=false|--as[= ]system:"),
        Act("npm", r" (?:audit|test)\b.*--(?:force-pass)|publish .*--ignore-scripts=never"),
    ),
)
_PRIVILEGES = CommandRule(
    "shell.takes_privileges",
    Hazard.OVERSIGHT_EVASION,
    "Gives an account, or whoever runs this, the rights of root or a lasting way in",
    0.9,
    in_sh(
        "echo 'app ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers",
        "usermod -aG sudo app",
        "useradd -o -u 0 helper",
        "echo 'ssh-rsa AAAAB3Nz x' >> ~/.ssh/authorized_keys",
        "setcap cap_setuid+ep /usr/bin/python3",
        "passwd -d root",
        "aws iam attach-user-policy --user-name bot --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
    ),
    in_sh(
        "usermod -aG app deploy",
        "useradd -m app",
        "cat ~/.ssh/authorized_keys",
        "getcap -r /usr/bin",
        "grep sudo /etc/group",
        "aws iam list-users",
    ),
    (
        Act(
            "usermod gpasswd adduser addgroup useradd",
            r" (?:\S+ )*(?:sudo|wheel|root|docker|admin|shadow|disk|lxd)\b(?: |$)|,(?:sudo|wheel|docker)|"
            r" -\w*o\w* .*-\w*u ?0\b| -ou ?0\b|-u ?0 .*-o\b| --uid[= ]0\b|-g ?0\b",
            r"^useradd -\S*[rmsN]\S* (?:-\S+ )*(?:docker|admin)$|--ingroup|(?:sudo|docker|wheel) (?:\$|`)|"
            r"--gecos|^add(?:user|"
            r"group) (?:--?\S+ )*(?:admin|docker)$|^useradd .*-[dg] (?:/|sudo|docker|wheel)",
        ),
        Act(
            "setcap",
            r"(?i)cap_(?:setuid|sys_admin|dac_override|sys_ptrace|setgid|all|net_raw\S*sys)\S*\+|=\+?ep|all[+=]",
        ),
        Act("passwd", r" (?:-d|--delete|-u) root\b"),
        Act("visudo", r" -f"),
        Act(
            "aws",
            r" iam (?:attach-\w+-policy .*(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)|"
            r"create-access-key|put-\w+-policy .*\*|create-login-profile|update-assume-role-policy|"
            r"add-user-to-group .*(?i:admin))",
        ),
        Act(
            "gcloud",
            r" add-iam-policy-binding .*roles/(?:owner|editor|iam\.\w*[aA]dmin)| iam service-accounts keys create",
        ),
        Act("az", r" role assignment create .*(?:Owner|Contributor|User\x1fAccess)"),
        Act(
            "kubectl oc",
            r" create (?:cluster)?rolebinding .*(?:cluster-admin|--clusterrole[= ]admin)|"
            r" adm policy add-(?:cluster-)?role-to-\S+ (?:cluster-)?admin",
        ),
        Act("chmod", r" (?:\S+ )*(?:440|0440|777) /etc/sudoers"),
        Act("gh", r" api .*collaborators.*permission=admin|secret set .*--org|ssh-key add|gpg-key add"),
        Act("net net.exe", r"(?i) (?:user \S+ \S+ /add|localgroup administrators \S+ /add)"),
        Act("dscl", r" -append /Groups/admin"),
    ),
)
RULES: tuple[Rule, ...] = (_TRACES, _WATCHERS, _CHECKS, _PRIVILEGES)

_TESTS = compile_pattern(
    r"^(?:(?:npx|yarn|pnpm|npm|bun|poetry|uv|pipenv|bundle|python3?)\x20(?:run\x20|exec\x20|"
    r"-m\x20)?)+(?:test\b|t$)|"
    r"^(?:(?:npx|yarn|pnpm|npm|bun|poetry|uv|pipenv|bundle|python3?)\x20(?:run\x20|exec\x20|"
    r"-m\x20)?)*(?:pytest|jest|vitest|mocha|rspec|phpunit|tox|nox|unittest|go\x20test|"
    r"cargo\x20test|make\x20(?:test|check)|"
    r"mvn\x20\S*(?:test|verify)|(?:\./)?gradlew?\x20(?:test|check)|ctest|cypress\x20run|"
    r"playwright\x20test|ava\b|tap\b|dotnet\x20test|mix\x20test|bats|(?:\./)?(?:scripts/|"
    r"bin/)?run[-_]?tests?(?:\.sh|\.py)?$|(?:\./)?(?:scripts|bin)/tests?(?:\.sh)?$|opa\x20test|terraform\x20validate|"
    r"trivy|semgrep|snyk\x20test|bandit|gitleaks|cosign\x20verify|sha256sum|gpg\x20--verify|codeql)"
)
_PASSES = frozenset({b"true", b":", b"/bin/true"})
_UNCHECKED = compile_pattern(
    r"^(?:HUSKY(?:_SKIP_HOOKS)?=['\"]?[01]|SKIP=\S|PRE_COMMIT_ALLOW_NO_CONFIG=1|GIT_HOOKS=0|SKIP_(?:HOOKS|"
    r"CHECKS|TESTS?)=(?:1|true))"
)
_LOGS = compile_pattern(r"^/var/log/\S+|_history$|/audit[\w.-]*\.log$|^/var/(?:run|log)/[uwb]tmp")
_EMPTIES = frozenset({b">", b">|", b"&>"})
_CHECKED = programs("git pre-commit npm")
_UNRECORDED = compile_pattern(r"^HIST(?:FILE=(?:/dev/null)?|SIZE=0|FILESIZE=0)$")
_SAYS_NOTHING = ((), (b"",), (b"/dev/null",), (b"-n",))
_NOTHING = frozenset({b"", b":", b"true", b"cat", b"echo", b"printf"})
_WAYS_IN = compile_pattern(
    r"authorized_keys2?$|^/etc/(?:sudoers(?:\.d/\S+)?|passwd|shadow|ld\.so\.preload|pam\.d/\S+|"
    r"cron\S*/?\S*|rc\.local|profile(?:\.d/\S+)?)$|/etc/cron\S*|^/var/spool/cron/\S+"
)
_GRANTS = compile_pattern(
    r"(?i)NOPASSWD|ALL=\(ALL|^ssh-(?:rsa|ed25519|dss)\b|\bssh-(?:rsa|ed25519)\x1f|:0:0:|/dev/tcp|(?:curl|"
    r"wget)\b.*\|\s*(?:ba)?sh|\bALL\x1fALL|\.so$"
)


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rules that a deed trips beside those told by its acts."""
    deed = situation.deed
    if _passes_tests(deed) or (deed.program in _CHECKED and _sets(deed, _UNCHECKED)):
        yield _CHECKS
    if _sets(deed, _UNRECORDED) or any(
        each.operator in _EMPTIES and _LOGS.search(each.target) for each in _emptying(deed)
    ):
        yield _TRACES
    appended = any(_WAYS_IN.search(each.target) is not None for each in deed.command.redirects)
    written = deed.program == b"tee" and any(_WAYS_IN.search(word) is not None for word in deed.words)
    if (appended or written) and _GRANTS.search(b" ".join((*deed.words, deed.told or b""))) is not None:
        yield _PRIVILEGES


def _sets(deed: Deed, pattern: Pattern) -> bool:
    return any(pattern.search(each) is not None for each in deed.command.assignments)


def _passes_tests(deed: Deed) -> bool:
    """Tell whether the deed only makes a failed test count as passed."""
    command = deed.command
    if command.operator != b"||" or command.before is None or not _lets_pass(deed):
        return False
    return _TESTS.search(b" ".join(word.text for word in command.before.words)) is not None


def _emptying(deed: Deed) -> list[Redirect]:
    """Return the redirections of a deed that itself says nothing."""
    nothing = not deed.program or (deed.program in _NOTHING and deed.words in _SAYS_NOTHING)
    return deed.command.redirects if nothing else []


def _lets_pass(deed: Deed) -> bool:
    return deed.program in _PASSES or (deed.program == b"exit" and deed.words in ((b"0",), ()))
