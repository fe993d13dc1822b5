"""Commands told in plain text: a line that is a command, a command after "run", inline code that is to be run.

Owns which words are programs and how a sentence around a command ends it. Refuses to read the commands.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.text.context import clause_start, is_denied
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern

_LONGEST_TOLD = 400

# Programs that no sentence would begin with or speak of by chance.
_PLAINLY = (
    r"sudo|doas|rm|rmdir|dd|wipefs|mkfs(?:\.\w+)?|mke2fs|fdisk|sfdisk|sgdisk|parted|blkdiscard|hdparm|"
    r"cryptsetup|lvremove|vgremove|"
    r"pvremove|zfs|zpool|mdadm|xargs|chmod|chown|chattr|setfacl|setcap|curl|wget|bash|zsh|ksh|eval|nc|"
    r"ncat|netcat|socat|mkfifo|"
    r"python[23]?|perl|psql|dropdb|dropuser|mysql|mysqladmin|mysqldump|mariadb|mongo|mongosh|redis-cli|"
    r"sqlite3|pg_dump|pg_dropcluster|"
    r"cqlsh|git|gh|glab|docker|docker-compose|podman|kubectl|helm|terraform|tofu|pulumi|eksctl|aws|gcloud|"
    r"gsutil|bq|az|doctl|heroku|"
    r"flyctl|vercel|npm|npx|yarn|pnpm|pip3?|apt-get|yum|dnf|rpm|dpkg|systemctl|journalctl|auditctl|"
    r"setenforce|ufw|iptables|ip6tables|"
    r"nft|firewall-cmd|sysctl|killall|pkill|telinit|crontab|userdel|deluser|useradd|usermod|adduser|"
    r"groupdel|passwd|visudo|ssh|scp|"
    r"sftp|rsync|sshpass|gzip|base64|xxd|openssl|gpg|printenv|printf|tee|logrotate|rake|php|sequelize|"
    r"sequelize-cli|knex|swapoff|"
    r"umount|nsenter|unshare|insmod|rmmod|modprobe|etcdctl|rclone|s3cmd|restic|borg|velero|nohup|wevtutil|"
    r"vssadmin|rabbitmqctl|"
    r"nslookup|awk|sed|tar|chroot|pytest|shred|srm|HISTFILE|chpasswd|gpasswd|xterm|pre-commit|dmesg|"
    r"unlink|mv|cp|ln|sh|su"
)
# Programs whose names are words too: they count where something else of a command stands beside them.
_ALSO_WORDS = (
    r"find|truncate|exec|source|telnet|ruby|node|influx|cdk|serverless|sls|fly|railway|apt|service|kill|"
    r"shutdown|reboot|halt|"
    r"poweroff|init|at|zip|history|unset|export|env|set|echo|cat|rails|artisan|prisma|alembic|mount|vault|"
    r"consul|timeout|watch|trap|"
    r"alias|cd|while|for|if|function|supabase|firebase|wrangler|ansible|make|reg|snap|launchctl|csrutil|"
    r"spctl|time|nice|bundle|go|"
    r"ls|diskutil|true|iex|net|touch|less|head|tail|strings|yes|declare|bun|deno|cargo|pushd|command|"
    r"format|badblocks|ip|openrc"
)
_PROMPT = r"(?:[$%>][ \t]+|\[?[\w.~:/-]+@[\w.~:/ -]+\]?[$#%>][ \t]+|PS [^>\n]*>[ \t]*)?"
_SET_BEFORE = r"(?:[A-Za-z_]\w*=\S*[ \t]+)*(?:[\w./-]*/)?"
_LINE = compile_pattern(
    rf"(?m)^(?:[ \t>*+-]*|[ \t]*\d+[.)][ \t]+){_PROMPT}"
    rf"({_SET_BEFORE}(?:(?:{_PLAINLY})|({_ALSO_WORDS}))(?:[ \t][^\n]*)?|"
    r"[A-Z_]+=\S+|:\(\)[^\n]*|:?[ \t]*[>&][ \t]*/[^\n]*|\.{0,2}/[\w./-]+\.sh\b[^\n]*)$"
)
_BESIDE = compile_pattern(
    r"[ \t]--?\w|[|&;<>$=*\"'\\]|[ \t]~?\.{0,2}/|^(?:history -|init \d|unset HIST|rails db:|"
    r"service \w+ (?:stop|disable)$|sudo )|"
    r"^(?:reboot|halt|poweroff)$"
)
_TOLD = compile_pattern(
    r"(?i)(?:\b(?:(?:run|execut|issu|invok|perform|typ|call)(?:e?s|ing|e)?|and|then|command|by|with|via|using)"
    r"(?:\s+(?:the\s+)?(?:following\s+)?command)?\s*[:;,]?\s+|[:;]\s+)([`\"']?)"
    rf"((?:[A-Z_]+=\S+\s+)*(?:(?:{_PLAINLY})|({_ALSO_WORDS}))\s+[^`\n]+|:\(\)[^\n]+|:?\s*>\s*[/~][^`\n]+)"
)
_RUNS = compile_pattern(
    r"(?i)\b(?:(?:run|execut|issu|invok|perform|typ|call|us)(?:e?s|ing|e)?|via|with|by)\b[^.\n]*$|"
    r"\b(?:and|then|first|finally|does|do|is|command|step|afterwards|job|script|cron|hook)[:,]?\s+$|"
    r"(?:^|\n)[ \t>*+\d.)-]*$|:\s*$"
)
_MIGHT = compile_pattern(
    r"(?i)\b(?:could|might|would|should someone|someone|somebody|anyone|anybody|attackers?|whoever|"
    r"users? (?:can|may|who)|"
    r"if|blocks?|blocked|blocking|detects?|rejects?|warns?|alerts?|explains?|describes?|forbids?|"
    r"dangerous|such as|like|e\.g\.)\b"
)
_INLINE = compile_pattern(
    rf"^[ \t]*{_PROMPT}{_SET_BEFORE}(?:{_PLAINLY}|{_ALSO_WORDS}|:\(\)|:?[ \t]*>)(?:[ \t]|\{{|$)"
)
_SENTENCE_GOES_ON = compile_pattern(
    r"((?:'[^']*'|\"[^\"]*\"|[^'\"])*?)\s(?:and|then|on|in|to|from|before|after|so|which|when|whenever|"
    r"with|at|because|that|as|every|"
    r"against|during|once|until|without|instead|nightly|daily)\s+[a-z]"
)


def command_lines(reading: bytes, start: int, end: int) -> list[Span]:
    """Return the lines of plain text that are commands, in order, without prompts and marks of lists."""
    return [
        line.span(1)
        for line in _LINE.finditer(reading, start, end)
        if line.start(2) < 0 or _BESIDE.search(line.group(1)) is not None
    ]


def told_commands(flowing: bytes, start: int, end: int) -> Iterator[tuple[Span, bytes]]:
    """Yield the commands that a sentence says are run, with what of them is the command."""
    for match in _TOLD.finditer(flowing, start, end):
        if match.start(3) >= 0 and _BESIDE.search(match.group(2)[:80]) is None:
            continue
        if _is_only_said(flowing, match.start(2), match.end(2)):
            continue
        told, quote = match.group(2)[:_LONGEST_TOLD], match.group(1)
        if quote and quote in told:
            told = told[: told.index(quote)]
        goes_on = _SENTENCE_GOES_ON.match(told)
        told = (goes_on.group(1) if goes_on is not None else told).rstrip(b".,'\"" if quote else b".,")
        program, blank, rest = told.partition(b" ")
        yield match.span(2), (program if b"=" in program else program.lower()) + blank + rest


def is_run_inline(reading: bytes, start: int, end: int) -> bool:
    """Tell whether inline code is a command that the words before it run."""
    if _INLINE.search(reading[start:end]) is None or _is_only_said(reading, start, end):
        return False
    return _RUNS.search(reading[max(0, start - 90) : start - 1]) is not None


def _is_only_said(text: bytes, start: int, end: int) -> bool:
    """Tell whether the command is denied, guarded against or only thought of in the clause before it."""
    return is_denied(text, start, end) or _MIGHT.search(text, clause_start(text, start), start) is not None
