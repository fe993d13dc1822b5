"""Commands that take protections down: certificates unchecked, firewalls opened, hosts and services stopped.

Owns the rules on defences and on the availability of a host.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.rules import Act, CommandRule, Situation, in_sh
from gatekeeper.assessment.text.reading import compile_pattern

_CHECK_OFF = CommandRule(
    "shell.switches_off_check",
    Hazard.INSECURE_CODE,
    "Switches off the checking of certificates, host keys or signatures",
    0.8,
    in_sh(
        "curl -k https://api.internal/health",
        "wget --no-check-certificate https://x.example.net/a",
        "GIT_SSL_NO_VERIFY=true git clone https://x.example.net/a",
        "export NODE_TLS_REJECT_UNAUTHORIZED=0",
        "ssh -o StrictHostKeyChecking=no deploy@web uptime",
        "npm config set strict-ssl false",
        "git config --global http.sslVerify false",
        "pip install --trusted-host pypi.example.net a",
        "apt-get install -y --allow-unauthenticated a",
    ),
    in_sh(
        "curl -fsSL https://api.internal/health",
        "ssh-keyscan web >> ~/.ssh/known_hosts",
        "ssh -o StrictHostKeyChecking=accept-new deploy@web uptime",
        "echo 'curl -k is forbidden'",
        "export NODE_TLS_REJECT_UNAUTHORIZED=1",
    ),
    (
        Act(
            "curl",
            r" (?:-[a-zA-Z]*k[a-zA-Z]*|--insecure|--proxy-insecure|--doh-insecure)(?: |$)",
            r" https?://(?:localhost|127\.0\.0\.1|\[::1\])",
        ),
        Act("wget", r" --no-check-certificate\b"),
        Act("http https httpie xh", r" --verify[= ]no\b"),
        Act(
            "ssh scp sftp rsync sshpass ssh-copy-id autossh",
            r"(?i)StrictHostKeyChecking[= \x1f]?(?:no|off)\b|UserKnownHostsFile[= \x1f]/dev/null",
        ),
        Act("npm yarn pnpm", r"(?i) (?:config )?(?:set )?-?-?strict-ssl[ =]false|--no-strict-ssl"),
        Act("git", r"(?i)http\.sslVerify[ =]?(?:false|0)\b"),
        Act("pip pip3 python python3 uv", r" --trusted-host\b"),
        Act(
            "apt apt-get aptitude",
            r" --allow-unauthenticated\b| --force-yes\b|AllowInsecureRepositories=true|"
            r"AllowUnauthenticated=true|Verify-Peer=false|--allow-insecure-repositories",
        ),
        Act("yum dnf zypper microdnf", r" --nogpgcheck\b| --no-gpg-checks?\b"),
        Act("rpm", r" --no(?:signature|digest)\b|--nodeps\b.*--force"),
        Act("kubectl oc helm", r" --insecure-skip-tls-verify(?:=true)?(?: |$)"),
        Act(
            "docker podman dockerd",
            r" --(?:tls-verify=false|insecure-registry|disable-content-trust(?:=true)?)\b",
        ),
        Act(
            "export env cross-env setx set",
            r"\b(?:NODE_TLS_REJECT_UNAUTHORIZED=['\"]?0|GIT_SSL_NO_VERIFY=(?:1|true)|PYTHONHTTPSVERIFY=0|"
            r"CURL_INSECURE=1|npm_config_strict_ssl=false)",
        ),
        Act("conda", r" ssl_verify (?:false|False|no)\b"),
        Act("composer", r" (?:disable-tls true|secure-http false)"),
        Act("gem bundle", r"ssl_verify_mode 0|--no-verify-ssl"),
        Act("aws", r" --no-verify-ssl\b"),
        Act("openssl", r" -(?:verify_return_error 0|noverify)\b"),
        Act("sqlcmd", r" -C\b"),
    ),
)
_DEFENCE_DOWN = CommandRule(
    "shell.lowers_defence",
    Hazard.INSECURE_CODE,
    "Takes down a firewall, mandatory access control or protection of the kernel",
    0.85,
    in_sh(
        "setenforce 0",
        "sudo ufw disable",
        "iptables -F",
        "iptables -P INPUT ACCEPT",
        "systemctl stop firewalld",
        "echo 0 > /proc/sys/kernel/randomize_va_space",
        "sed -i 's/PermitRootLogin no/PermitRootLogin yes/' /etc/ssh/sshd_config",
    ),
    in_sh(
        "setenforce 1", "sudo ufw enable", "iptables -L", "systemctl restart firewalld", "ufw allow 443/tcp"
    ),
    (
        Act("setenforce", r" (?:0|(?i:permissive))(?: |$)"),
        Act(
            "ufw",
            r" (?:--force )?(?:disable|reset)$| default allow (?:incoming)?| allow from any$| allow (?:22|"
            r"3306|5432|6379|27017|9200)(?:/tcp)?$",
        ),
        Act(
            "iptables ip6tables",
            r" (?:-F|--flush|-X)(?: (?:INPUT|FORWARD))?$| (?:-P|--policy) (?:INPUT|FORWARD) ACCEPT|"
            r"-[AI] INPUT (?:\d+ )?-j ACCEPT$",
        ),
        Act("nft", r" flush ruleset\b"),
        Act(
            "systemctl service",
            r" (?:stop|disable|mask|kill)(?: --now| -\w+)* (?:firewalld|ufw|iptables|nftables|apparmor|"
            r"selinux|fail2ban|crowdsec|clamav\S*)|^service (?:firewalld|ufw|iptables|apparmor|fail2ban) stop",
        ),
        Act(
            "firewall-cmd",
            r" --panic-off| --add-source=0\.0\.0\.0/0|--set-default-zone=trusted|"
            r"--zone=public --add-port=(?:1-65535|0-65535)",
        ),
        Act("aa-teardown aa-disable", ""),
        Act("aa-complain", r" "),
        Act(
            "sysctl",
            r"(?:randomize_va_space|dmesg_restrict|kptr_restrict|ptrace_scope|protected_symlinks|"
            r"protected_hardlinks)\s*=\s*0|(?:unprivileged_userns_clone|tcp_syncookies)=0",
        ),
        Act(
            "sed",
            r"(?i)PermitRootLogin[^/|]*[/|][^/|]*PermitRootLogin\x1f+yes|"
            r"PasswordAuthentication\x1f+yes/?[a-z]*$|SELINUX=(?:disabled|permissive)|"
            r"PermitEmptyPasswords\x1f+yes|requiretty|trust/?g?['\"]?$",
        ),
        Act(
            "echo printf tee",
            r"(?i)PermitRootLogin\x1f+yes|PermitEmptyPasswords\x1f+yes|SELINUX=(?:disabled|permissive)|"
            r"^echo (?:host\x1f+all|0\.0\.0\.0/0\x1ftrust)",
        ),
        Act(
            "aws",
            r" ec2 authorize-security-group-ingress .*0\.0\.0\.0/0|put-public-access-block .*=false|"
            r"delete-public-access-block| put-bucket-acl .*public-read|--acl public-read|"
            r"publicly-accessible(?: |$)|put-bucket-policy .*Principal\S*\*",
        ),
        Act(
            "gcloud",
            r" firewall-rules create .*0\.0\.0\.0/0|allUsers|allAuthenticatedUsers|"
            r"authorized-networks[= ]0\.0\.0\.0/0",
        ),
        Act("gsutil", r" (?:iam ch|acl ch).*(?:allUsers|AllUsers)|defacl set public"),
        Act(
            "az",
            r"0\.0\.0\.0.*255\.255\.255\.255|--source-address-prefixes? (?:\*|Internet|0\.0\.0\.0/0)|"
            r"--public-access (?:blob|container)|allow-blob-public-access true",
        ),
        Act("spctl csrutil", r" (?:--master-disable|disable)"),
        Act("mokutil", r" --disable-validation"),
        Act(
            "docker podman",
            r" (?:run|create|exec) .*(?:--privileged(?: |=true)|--security-opt[ =](?:seccomp|"
            r"apparmor)[=:]unconfined|--cap-add[ =](?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|NET_ADMIN)|"
            r"(?:-v|--volume)[ =](?:/|/etc|/root|/var/run|/proc|/home):|docker\.sock|source=/,|"
            r"--pid[ =]host|--ipc[ =]host|--userns[ =]host)",
        ),
        Act("docker", r"^docker (?:run|create) .*--net(?:work)?[ =]host"),
        Act(
            "kubectl oc",
            r" create clusterrolebinding .*--clusterrole=cluster-admin|"
            r" adm policy add-scc-to-\S+ privileged|--privileged|hostPID",
        ),
        Act("dockerd", r" (?:-H|--host)[ =]tcp://(?:0\.0\.0\.0)?:?2375"),
        Act("xhost", r" \+$"),
        Act(
            "redis-cli",
            r"(?i) config set (?:protected-mode no|requirepass \x1f*$|dir /(?:root|var/spool|etc))",
        ),
    ),
)
HALTS = CommandRule(
    "shell.takes_host_down",
    Hazard.INFRA_CHANGE,
    "Stops the host, a service that others need, or fills it up",
    0.8,
    in_sh(":(){ :|:& };:", "sudo shutdown -h now", "kill -9 -1", "systemctl stop postgresql", "reboot"),
    in_sh("shutdown --help", "systemctl restart app", 'kill "$PID"', "f() { g; }; f"),
    (
        Act("shutdown", r" (?:-\w+ )*(?:now|\+?\d)"),
        Act("reboot halt poweroff", r"^\w+(?: -\w+)*$"),
        Act("init telinit", r" [06]$"),
        Act("kill", r" (?:-9|-KILL|-SIGKILL|-s KILL) -1$| -9 1$"),
        Act("killall5", ""),
        Act(
            "pkill killall",
            r"(?: -\w+)* (?:-u root|postgres|mysqld?|nginx|sshd|redis-server|mongod|dockerd|systemd|java|node)$",
        ),
        Act(
            "systemctl service",
            r" (?:stop|disable|mask|kill)(?: --now| -\w+)* (?:postgresql|mysql|mariadb|mongod|redis|nginx|"
            r"apache2|httpd|docker|kubelet|sshd?|cron|network\S*|NetworkManager)\S*|isolate (?:rescue|"
            r"emergency)|^service (?:postgresql|mysql|mongod|redis\S*|nginx|docker|sshd?|cron) stop|"
            r" (?:poweroff|reboot|halt|emergency)$",
        ),
        Act("ip ifconfig", r" link set (?:dev )?(?:eth|ens|enp)\w* down|^ifconfig \S+ down"),
        Act("swapoff", r" -a"),
        Act("sysctl", r"kernel\.(?:panic|sysrq)"),
        Act("kubectl", r" (?:scale .*--replicas[= ]0|cordon|drain)\b"),
        Act("stress stress-ng", r" "),
        Act("rmmod modprobe", r" -r|^rmmod "),
        Act("xmrig minerd cpuminer ccminer", ""),
    ),
)
RULES: tuple[Rule, ...] = (_CHECK_OFF, _DEFENCE_DOWN, HALTS)

_FORK_BOMB = compile_pattern(
    r"(?::|\b\w+)\s*\(\)\s*\{\s*(?::\s*\|\s*:\s*&|(?:\w+)\s*\|\s*\w+\s*&)\s*;?\s*\}\s*;"
)
_UNVERIFIED = compile_pattern(
    r"^(?:NODE_TLS_REJECT_UNAUTHORIZED=['\"]?0|GIT_SSL_NO_VERIFY=(?:1|true)|PYTHONHTTPSVERIFY=0|"
    r"NPM_CONFIG_STRICT_SSL=false|GIT_SSH_COMMAND=.*StrictHostKeyChecking=no|"
    r"DOCKER_CONTENT_TRUST=0|GOINSECURE=|GONOSUMCHECK=1|GOFLAGS=-insecure)"
)


_KERNEL = (b"/proc/sys/kernel/randomize", b"/proc/sysrq", b"/sys/fs/selinux/enforce")


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rules that a deed trips beside those told by its acts."""
    command = situation.deed.command
    if any(_UNVERIFIED.search(each) is not None for each in command.assignments):
        yield _CHECK_OFF
    if any(redirect.target.startswith(_KERNEL) for redirect in command.redirects):
        yield _DEFENCE_DOWN


def is_fork_bomb(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Return where a function that starts itself twice for ever stands, if one does."""
    match = _FORK_BOMB.search(text, start, end)
    return None if match is None else match.span()
