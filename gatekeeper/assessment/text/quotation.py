"""Quotation: whether words that command somebody are shown as an example rather than said.

Owns this one question. An attack that is quoted by a text about attacks, or listed by a filter or its test, commands
nobody.
"""

from __future__ import annotations

from gatekeeper.assessment.text.context import heading_over, is_only_talked_about, lead_of_list
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern, compile_phrase

AROUND_CHARACTERS = 240

_TEST_FILE = compile_pattern(
    r"(?i)(?:^|/)(?:tests?|__tests__|specs?|fixtures|testdata)/|(?:^|/)test_[^/]*$|[._-](?:test|spec)\.[a-z]+$"
)
_ABOUT_ATTACKS = compile_phrase(
    r"(?i)\b(?:attack\w*|attackers?|inject\w*|jailbreak\w*|adversarial|payloads?|malicious|suspicious|filter\w*"
    r"|detect\w*|"
    r"patterns?|such as|e\.g\.|for (?:example|instance)|examples? (?:of|are|include)|examples?:|phrases?|sentences?"
    r"|(?:texts?|strings?|words?|messages?|comments?) "
    r"(?:like|such as|that say)|says?|said|flags?|flagged|is_injection|forbidden|blocklist|denylist"
    r"|reports? (?:each|them|it)|"
    r"deceiv\w*|trick\w*|untrusted)\b|\b(?:is_?)?(?:injection|attack|malicious|suspicious|blocked|forbidden)\w*"
)


def is_quoted_example(document: Document, start: int, end: int) -> bool:
    """Tell whether the command at `start:end` stands in quotes, or in a string of code, and is talked about there."""
    reading = document.flowing
    if document.runs_at(start):
        return document.is_string_at(start) and _is_of_a_filter(document, start)
    artifact = document.artifact_at(start)
    if artifact is not None and _TEST_FILE.search(artifact.path.encode("ascii")) is not None:
        return False
    if is_only_talked_about(reading, start, end):
        return True
    return _is_quoted(reading, start, end) and _is_about_attacks(reading, start, end)


def _is_of_a_filter(document: Document, start: int) -> bool:
    artifact = document.artifact_at(start)
    if artifact is not None and _TEST_FILE.search(artifact.path.encode("ascii")) is not None:
        return True
    return _ABOUT_ATTACKS.search(document.reading, max(0, start - AROUND_CHARACTERS), start) is not None


def _is_quoted(reading: bytes, start: int, end: int) -> bool:
    line = reading.rfind(b"\n", 0, start) + 1
    stop = reading.find(b"\n", end)
    rest = reading[start : stop if stop >= 0 else len(reading)]
    before = reading[line:start]
    return (
        before.lstrip().startswith(b">")
        or any(before.count(mark) % 2 == 1 and mark in rest for mark in (b'"', b"`"))
        or (before.rstrip()[-1:] == b"'" and b"'" in rest)
    )


def _is_about_attacks(reading: bytes, start: int, end: int) -> bool:
    around = reading[max(0, start - AROUND_CHARACTERS) : start], reading[end : end + AROUND_CHARACTERS // 2]
    context = (*around, lead_of_list(reading, start), heading_over(reading, start))
    return any(_ABOUT_ATTACKS.search(each) is not None for each in context)
