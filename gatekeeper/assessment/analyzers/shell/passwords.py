"""Passwords typed on a command line, where every process and every log shows them.

Owns which options and variables take a password. Values that only stand for one are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.rules import Act, CommandRule, Situation, in_sh
from gatekeeper.assessment.text.reading import compile_pattern

_TYPED = CommandRule(
    "shell.types_a_password",
    Hazard.SECRET_EXPOSURE,
    "Gives a password on the command line, where every process and log shows it",
    0.75,
    in_sh(
        "mysql -u root -pTr0ub4dor3 shop",
        "docker login -u app -p Tr0ub4dor3x",
        "sshpass -p Tr0ub4dor3 ssh web",
        "curl -u admin:Tr0ub4dor3 https://api.internal",
        "PGPASSWORD=Tr0ub4dor3 psql shop",
        "echo Tr0ub4dor3 | sudo -S reboot",
    ),
    in_sh(
        'mysql -u root -p"$DB_PASSWORD" shop',
        "mysql -u root -p shop",
        "docker login -u app --password-stdin",
        'curl -u "$USER:$PASSWORD" https://api.internal',
        'PGPASSWORD="$DB_PASSWORD" psql shop',
        "docker run -p 80:80 app",
        "curl -u username:password https://api.example.com",
    ),
    (
        Act(
            "mysql mysqladmin mysqldump mariadb mariadb-dump",
            r" (?:-p[^\s$\"'{<%]{4,}|--password=[^\s$\"'{<%]{4,})",
        ),
        Act("docker podman helm oras crane", r" login .*(?:-p|--password)[ =][^\s$\"'{<%-]\S{3,}"),
        Act("sshpass", r" -p ?[^\s$\"'{<%]{4,}"),
        Act(
            "curl wget",
            r" (?:-u|--user|--password|--http-password)[ =]?[\w.@-]+:[^\s$\"'{<%:]{4,}(?: |$)|"
            r"--(?:http-)?password=[^\s$\"'{<%]{4,}",
            r"[:=](?i:password|passwd|passphrase|secret|token|your\w*|example|changeme|xxx+|api_?key"
            r"|placeholder)(?: |$)",
        ),
        Act("redis-cli", r" -a [^\s$\"'{<%]{4,}"),
        Act(
            "az gcloud aws",
            r" (?:--password|--client-secret|-p|--master-user-password|--admin-password|"
            r"--secret-string)[ =][^\s$\"'{<%@-][^\s$]{5,}",
        ),
        Act(
            "docker podman",
            r" (?:--build-arg|-e|--env)[ =]\w*(?:PASSWORD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY)\w*=[^\s$\"'{<%]{6,}",
        ),
        Act(
            "export",
            r" \w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|"
            r"PRIVATE_KEY)\w*=[^\s$\"'{<%`(/.]*[0-9][^\s$\"'{<%`(]{5,}",
            r"=(?i:test|dummy|changeme|example|password|secret|your|xxx|ci-|fake|placeholder|1234567)",
        ),
        Act("smbclient net", r" -U \S+%[^\s$]{4,}"),
        Act("htpasswd", r" -\w*b\w* .*\S+ \S+ [^\s$]{4,}"),
        Act("chpasswd passwd", r":[^\s$]{4,}"),
        Act("useradd usermod", r" (?:-p|--password) [^\s$]{4,}"),
        Act("openssl", r" -pass(?:in|out)? pass:[^\s$]{4,}"),
        Act("zip 7z", r" -P ?[^\s$]{4,}"),
        Act("git", r"https://[\w.-]+:[^\s$@{<*]{8,}@"),
    ),
)
RULES: tuple[Rule, ...] = (_TYPED,)

_PASSED = compile_pattern(
    r"^(?:PGPASSWORD|MYSQL_PWD|SSHPASS|REDISCLI_AUTH|AWS_SECRET_ACCESS_KEY|VAULT_TOKEN|GH_TOKEN|NPM_TOKEN|"
    r"\w*_PASSWORD)=([^\s$\"'{<%`(]{6,})$"
)
_MADE_UP = compile_pattern(
    r"(?i)^(?:test|dummy|changeme|example|password|postgres|secret|your|xxx|ci|fake|root|admin|guest)"
)


def judge(situation: Situation) -> Iterator[Rule]:
    """Yield the rule, where a password is given by a variable set for the command or piped to sudo."""
    deed = situation.deed
    told = deed.told if deed.program == b"sudo" and b"-S" in deed.words else None
    typed = any(_is_typed(each) for each in deed.command.assignments) and bool(deed.words)
    if typed or (told is not None and b"$" not in told):
        yield _TYPED


def _is_typed(assignment: bytes) -> bool:
    match = _PASSED.match(assignment)
    return match is not None and _MADE_UP.match(match.group(1)) is None
