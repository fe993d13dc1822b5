"""Shell commands where they run: what a proposal's scripts, images, workflows, code and sentences would do.

Owns the walk over the places, one budget of work for all of them, and what the script around a command makes sure of.
The rules stand in the modules that it names, by kind of harm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gatekeeper.assessment.analyzers.shell import access as shell_access
from gatekeeper.assessment.analyzers.shell import defence as shell_defence
from gatekeeper.assessment.analyzers.shell import destruction as shell_destruction
from gatekeeper.assessment.analyzers.shell import evasion as shell_evasion
from gatekeeper.assessment.analyzers.shell import exfiltration as shell_exfiltration
from gatekeeper.assessment.analyzers.shell import exposure as shell_exposure
from gatekeeper.assessment.analyzers.shell import passwords as shell_passwords
from gatekeeper.assessment.analyzers.shell import removals as shell_removals
from gatekeeper.assessment.analyzers.shell import unseen as shell_unseen
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import REPORTED_PER_RULE, Rule
from gatekeeper.assessment.shell.deeds import deeds_of
from gatekeeper.assessment.shell.places import Place, places_in
from gatekeeper.assessment.shell.rules import Acts, CommandRule, Situation, programs
from gatekeeper.assessment.shell.script import Script, read_script
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

MOST_SCRIPT_BYTES = 96_000

_UNREAD = Rule(
    "unassessable.shell_unread",
    Hazard.INCOHERENT,
    "Shell too long or too deeply nested to be read",
    1.0,
    (),
    (),
)
_MODULES = (
    shell_removals,
    shell_destruction,
    shell_unseen,
    shell_access,
    shell_defence,
    shell_exposure,
    shell_exfiltration,
    shell_passwords,
    shell_evasion,
)
RULES: tuple[Rule, ...] = (*(rule for module in _MODULES for rule in module.RULES), _UNREAD)

_ACTS = Acts(rule for rule in RULES if isinstance(rule, CommandRule))
_JUDGES = tuple(module.judge for module in _MODULES)
_ALSO_JUDGED = (
    "rm rmdir find xargs truncate rsync psql mysql mariadb sqlite3 chmod chown printenv env cat echo printf source "
    "eval tee true exit sh bash zsh nc curl wget scp sudo head tail base64"
)
_ANY_PROGRAM = (
    r"\b(?:"
    + "|".join(sorted({re.escape(each.decode()) for each in _ACTS.programs} | set(_ALSO_JUDGED.split())))
    + r")\b|/dev/(?:tcp|[shv]d)|/var/(?:log|lib)|>[ \t]*/|authorized_keys|\|\|\s*:|:\(\)|HISTFILE|_history|/etc/"
)
_MAY_MATTER, _MENTIONS = compile_pattern(_ANY_PROGRAM), SIGNS.add(_ANY_PROGRAM)
_NAME = compile_pattern(r"^([A-Za-z_]\w*)\+?=(.*)")
_DOWNLOADS = compile_pattern(r"(?: -[a-zA-Z]*[oO] ?| --output(?:-document)?[ =])(\S+)")
_URL = compile_pattern(r" https?://\S+/([\w.-]+)(?: |$)")
_CHECKS = programs("sha256sum sha512sum shasum gpg cosign minisign gpgv sha1sum md5sum openssl")
_FETCHERS = programs("curl wget")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what the commands of a proposal would do."""
    if not document.shows(_MENTIONS):
        return
    left = MOST_SCRIPT_BYTES
    reported: Counter[str] = Counter()
    seen: set[tuple[str, int]] = set()
    for place in places_in(document, _MAY_MATTER):
        text = document.reading if place.text is None else place.text
        start, end = (place.start, place.end) if place.text is None else (0, len(text))
        left -= end - start
        if left < 0:
            yield _UNREAD.finding(document, place.start, place.end)
            return
        script = read_script(text, start, end, None if place.text is None else (place.start, place.end))
        if script.unread is not None:
            yield _UNREAD.finding(document, *script.unread)
        for rule, at, stop in _found(place, script, text, start, end):
            if (rule.id, at) in seen:
                continue
            seen.add((rule.id, at))
            reported[rule.id] += 1
            if reported[rule.id] <= REPORTED_PER_RULE:
                yield rule.finding(document, at, stop)


def _found(
    place: Place, script: Script, text: bytes, start: int, end: int
) -> Iterator[tuple[Rule, int, int]]:
    bomb = shell_defence.is_fork_bomb(text, start, end)
    if bomb is not None:
        yield shell_defence.HALTS, place.start, place.end
    assigned: set[bytes] = set()
    downloaded: set[bytes] = set()
    stops, checked, folder = False, False, b""
    for deed in deeds_of(script.commands):
        for each in deed.command.assignments:
            name = _NAME.match(each)
            if name is not None and name.group(2).strip(b"\"'"):
                assigned.add(name.group(1))
        stops = stops or (
            deed.program == b"set" and any(b"u" in word or word == b"nounset" for word in deed.words)
        )
        checked = checked or deed.program in _CHECKS
        folder = deed.words[0] if deed.program in (b"cd", b"pushd") and deed.words else folder
        situation = Situation(
            deed, place.setting, frozenset(assigned), stops, frozenset(downloaded), checked, folder
        )
        for rule in _ACTS.rules_of(deed):
            yield rule, deed.start, deed.end
        for judge in _JUDGES:
            for found in judge(situation):
                yield found, deed.start, deed.end
        if deed.program in _FETCHERS and not shell_unseen.is_known(deed.line):
            downloaded |= _saved(deed.line)


def _saved(line: bytes) -> set[bytes]:
    named = [match.group(1) for match in _DOWNLOADS.finditer(line)]
    named = [each for each in named if b"://" not in each and each != b"-"] or [
        match.group(1) for match in _URL.finditer(line)
    ]
    return {form for each in named for form in (each, b"./" + each)}
