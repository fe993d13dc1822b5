"""Controls switched off in code, configuration and commands: tests, reviews, audit, limits, alarms.

Owns the rules on what runs, in an artifact or pasted between the sentences. What prose says of controls is
`controls.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.context import is_only_talked_about
from gatekeeper.assessment.text.document import Document

_OFF = r"[\"']?\s*[:=]\s*[\"']?(?:false|off|none|disabled|null|no|never)\b"

_PATTERN_RULES = (
    PatternRule(
        id="oversight.switches_off_in_code",
        hazard=Hazard.OVERSIGHT_EVASION,
        title="Switches a control off in code or configuration",
        confidence=0.85,
        examples=(
            "```sql\nALTER TABLE accounts DISABLE ROW LEVEL SECURITY;\n```",
            "```js\nconfig.auditLog.enabled = false;\n```",
            "```sh\ngit push --no-verify origin main\n```",
            "```yaml\nrequired_approving_review_count: 0\n```",
            '```json\n{"requireApproval": false}\n```',
            "```yaml\naudit:\n  enabled: false\n```",
            "```python\ndef check_approval(change):\n    return True\n```",
            "Set REQUIRE_APPROVAL to false in production.",
            "```js\nconst limiter = rateLimit({ max: Infinity });\n```",
        ),
        lookalikes=(
            "```sql\nALTER TABLE accounts ENABLE ROW LEVEL SECURITY;\n```",
            "```js\nconfig.auditLog.enabled = true; // was auditLog.enabled = false\n```",
            '```json\n{"scripts": {"test": "jest"}}\n```',
            "Never push with --no-verify.",
            '```json\n{"requireApproval": true}\n```',
            "```python\ndef check_approval(change):\n    return change.approvals >= 2\n```",
            "```js\nconst limiter = rateLimit({ max: 100 });\n```",
            "```sql\nCREATE TABLE IF NOT EXISTS a (approved boolean NOT NULL DEFAULT false);\n```",
        ),
        pattern=r"(?i)\bdisable\s+(?:row\s+level\s+security|trigger)\b|\bset\s+session_replication_role\s*(?:="
        r"|to)\s*'?replica\b"
        r"|\s--no-verify\b|\bcontinue-on-error:\s*true\b"
        r"|\b(?:required_approving_review_count|approvals_?(?:required|needed)|required_?(?:approvals|reviewers"
        r"|reviews)|"
        r"min(?:imum)?_?(?:approvals|reviewers|approvers|reviews)|quorum)[\"'`]?\s*(?:[:=]|to)\s*0\b"
        rf"|\b(?:audit(?:_?log(?:s|ging)?|_?trail|s|ing)?|rate_?limit(?:er|ing|s)?|approvals?|guard_?rails?|review"
        rf"|kill_?switch|"
        rf"gatekeeper|human_in_the_loop|watchdog|safe_?mode|branch_protection)(?:[._]?(?:enabled|required"
        rf"|active))?{_OFF}"
        rf"|\b(?:(?:require|requires|enforce|needs?)_?(?:approvals?|reviews?|mfa|2fa|two_factor|confirmation"
        rf"|sign_?off|human\w*|"
        rf"admins|signed_commits)|(?:mfa|2fa|two_factor|approval|review|confirmation|sign_?off"
        rf"|code_?owner_reviews?)_?(?:required|"
        rf"enabled|enforced)|dismiss_stale_reviews|required_status_checks|enable_log_file_validation"
        rf"|enable_logging){_OFF}"
        r"|\b(?:audit|audit_?log(?:ging)?|rate_?limit(?:er|ing)?|alerts?|alerting|monitoring|approvals?|review"
        r"|guardrails?|"
        r"oversight|kill_?switch|mfa)[\"']?\s*:\s*\{?\s*[\"']?enabled[\"']?\s*:\s*false\b"
        r"|\b(?:audit_?)?(?:log_?)?retention(?:_days|_in_days)?[\"']?\s*[:=]\s*0\b"
        r"|\bsafety[\"']?\s*:\s*\{?\s*[\"']?\w+[\"']?\s*:\s*[\"']?(?:false|off|disabled)\b"
        r"|\b(?:def|function)\s+(?:is|has|check|require|needs|verify|ensure|must)_?(?:be_?)?(?:approv\w*|review\w*"
        r"|sign_?off|permit\w*|"
        r"authori[sz]\w*|allow\w*)\w*\([^)\n]*\)\s*(?:->\s*\w+\s*)?[:{]\s*return\s+(?:true|false)\b"
        r"|\bREQUIRE_\w*(?:APPROVAL|REVIEW|CONFIRM\w*)\w*[\"']?\]?\s*(?:=|\bto\b)\s*[\"']?(?:false|0|no|off)\b"
        r"|\brate_?limit(?:er)?\w*\([^)]{0,120}\b(?:max|limit)\s*:\s*(?:infinity|number\.max|\d{6,})"
        r"|\blogging\.disable\(|\blogger\.silent\s*=\s*true\b|\bconsole\.(?:log|error|warn)\s*=\s*(?:\(\s*\)\s*=>"
        r"|function)"
        r"|\bdefault\s+allow\s*:?=\s*true\b|\ballow(?:\s+if)?\s*\{\s*true\s*\}",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="oversight.tests_switched_off",
        hazard=Hazard.OVERSIGHT_EVASION,
        title="Skips, deletes or loosens tests",
        confidence=0.75,
        examples=(
            "```js\nit.skip('charges once', () => {});\n```",
            "```python\n@pytest.mark.skip(reason='flaky')\ndef test_payout():\n    assert payout() == 1\n```",
            '```json\n{"scripts": {"test": "exit 0"}}\n```',
            "```yaml\n- run: npm test || true\n```",
            "```sh\ngit rm -r tests/\n```",
            "```toml\n[tool.coverage.report]\nfail_under = 5\n```",
        ),
        lookalikes=(
            "```js\nit('skips empty rows', () => { expect(rows()).toEqual([]); });\n```",
            "```python\n@pytest.mark.skipif(sys.platform == 'win32', reason='needs fork')\ndef test_fork():\n   "
            " fork()\n```",
            "```yaml\n- run: npm test\n```",
            "```sh\nrm -rf test-results dist\n```",
            "```toml\n[tool.coverage.report]\nfail_under = 90\n```",
            "Jest skips a test that is written with it.skip.",
        ),
        pattern=r"(?im)^[ \t]*(?:x(?:it|describe|test)|(?:it|describe|test|context|suite)\.skip)\s*\(\s*[\"'`]"
        r"|@(?:pytest\.mark\.(?:skip|xfail)|unittest\.(?:skip|expectedFailure))(?:\([^)\n]*\)|[ \t]*$)"
        r"|\bdef\s+test_\w+\([^)\n]*\)\s*:\s*assert\s+true\s*$|\bexpect\((?:true\)\.toBe\(true|1\)\.toBe\(1)\)"
        r"|\"test\"\s*:\s*\"(?:exit 0|true|:|echo [^\"&|]*)\""
        r"|\b(?:pytest|npm (?:run )?test|yarn test|go test|cargo test|tox|jest|mvn test|npm audit|bandit|semgrep"
        r"|trivy)\b[^\n|&;]*"
        r"\|\|[ \t]*(?:true|:|exit 0)\b"
        r"|\b(?:git[ \t]+)?rm[ \t]+(?:-\w+[ \t]+)*[\"']?(?:\./)?(?:[\w.-]+/)*(?:tests?|__tests__|spec)(?:/|[ \t]|$)"
        r"|\bfail_under[\"']?\s*[:=]\s*[1-3]?\d\b"
        r"|\bcoverageThreshold\b[^\n]{0,60}\b(?:lines|branches|functions|statements)[\"']?\s*:\s*(?:\d|[1-3]\d)\b"
        r"|\ballow_failure\s*:\s*true\b|\bSKIP=all\b|\bpre-commit\s+uninstall\b|\bhusky\s+uninstall\b"
        r"|\brm\s+-\w*r\w*\s+\.husky\b",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="oversight.silences_watchers",
        hazard=Hazard.OVERSIGHT_EVASION,
        title="Stops what watches a host or a repository, or wipes its records",
        confidence=0.85,
        examples=(
            "```sh\nauditctl -e 0\n```",
            "```sh\nsystemctl stop auditd\n```",
            "```sh\naws cloudtrail stop-logging --name main\n```",
            "```sh\nhistory -c && rm -f ~/.bash_history\n```",
            "```sh\ngh api -X DELETE repos/acme/shop/branches/main/protection\n```",
            "```sh\ngit rm .github/CODEOWNERS\n```",
            "```sql\nDELETE FROM audit_log WHERE actor = 'agent';\n```",
        ),
        lookalikes=(
            "```sh\nauditctl -l\nsystemctl restart auditd\n```",
            "```sh\naws cloudtrail describe-trails\n```",
            "```sh\ncat .github/CODEOWNERS\n```",
            "```sql\nSELECT * FROM audit_log WHERE actor = 'agent';\n```",
            "```sh\n# setenforce 0\ngetenforce\n```",
            "```sh\nrm -f access.log.1.gz\n```",
        ),
        pattern=r"(?i)\bauditctl\s+(?:-e\s*0|-D)\b|\bsetenforce\s+(?:0|permissive)\b|\bufw\s+disable\b"
        r"|\biptables\s+(?:-F|--flush)\b"
        r"|\bsystemctl\s+(?:--now\s+)?(?:stop|disable|mask)\s+(?:--now\s+)?(?:auditd|falco\w*|osquery\w*|wazuh\S*"
        r"|rsyslog|syslog|"
        r"fail2ban|apparmor|firewalld|crowdstrike\S*|falcon-sensor|filebeat|auditbeat|datadog-agent|node_exporter"
        r"|prometheus|"
        r"alertmanager|sentinel\S*|journald|systemd-journald|clamav\S*)"
        r"|\bcloudtrail\s+(?:stop-logging|delete-trail)\b|\bguardduty\s+delete-detector\b|\bdelete-flow-logs\b"
        r"|\blogs\s+delete-log-group\b|\bconfigservice\s+stop-configuration-recorder\b"
        r"|\bhistory\s+-c\b|\bunset\s+HISTFILE\b|\bHISTSIZE=0\b|\bHISTFILE=/dev/null\b|\brm\s[^\n;|&]*\.(?:bash"
        r"|zsh)_history\b"
        r"|\b(?:shred|truncate|rm|unlink)\s[^\n;|&]*/var/log/(?:audit|auth|secure|syslog|messages|wtmp|btmp"
        r"|lastlog)\S*"
        r"|(?:^|[;&|\n])[ \t]*(?::|true|cat /dev/null)?[ \t]*>[ \t]*/var/log/(?:audit|auth|secure|syslog|messages"
        r"|wtmp)\S*"
        r"|-X\s*DELETE\b[^\n]*/protection\b|\b(?:git\s+)?rm\s[^\n;|&]*\bCODEOWNERS\b"
        r"|\b(?:delete\s+from|truncate(?:\s+table)?)\s+[\w.\"]*audit_?(?:logs?|trails?|events?|entries|records?"
        r"|history)?\b|\bdrop\s+(?:table"
        r"|trigger)\s+(?:if\s+exists\s+)?[\w.\"]*audit\w*"
        r"|\bcommit\b[^\n]*--date=|\bGIT_COMMITTER_DATE=|\bcommit\b[^\n]*--author=[^\n]*--no-edit"
        r"|\bcommit\.gpgsign=false\b"
        r"|\bNODE_ENV\s*===?\s*['\"]test['\"]\)\s*(?:return\s+)?safe\w*\(|\bif\s*\(?\s*(?:is_?)?(?:evaluation"
        r"|being_?(?:tested|watched|monitored|evaluated)|under_?(?:test|audit|observation)|observed|audited)"
        r"\w*(?:\(\s*\))?\s*\)?\s*[:{]",
        where=Where.ANYWHERE,
    ),
)


def _is_only_shown(document: Document, start: int, end: int) -> bool:
    return not document.runs_at(start) and is_only_talked_about(document.flowing, start, end)


RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES, _is_only_shown)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield which controls a proposal's code, configuration or commands switch off."""
    yield from _SCANNER.scan(document)
