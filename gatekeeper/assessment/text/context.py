"""Words in context: whether a hazard word is denied, prevented, only warned of, or only talked about.

Owns the reading of the clause around a phrase, of the list and of the section it stands in. Refuses to judge code:
what runs, runs, whatever is said of it.
"""

from __future__ import annotations

from gatekeeper.assessment.text.reading import compile_pattern, compile_phrase

CLAUSE_CHARACTERS = 120
SENTENCE_CHARACTERS = 240
LIST_CHARACTERS = 1200
SECTION_CHARACTERS = 4000

_BOUNDARY = compile_phrase(
    r"(?i)[.!?;:](?:\s|$)|\n|>|\b(?:but|however|instead we|then|and (?:also|just))\b|,\s*(?:we|it|they|just|and)\b"
)
_DENIAL = compile_phrase(
    r"(?i)\b(?:no|not|never|nobody|nothing|none|without|nor|neither|cannot|"
    r"(?:do|does|did|is|are|was|must|should|will|would|can|could)n.?t|"
    r"avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?|forbid(?:s|den)?|prohibit(?:s|ed)?|disallow(?:s|ed)?|"
    r"refus(?:e|es|ed|ing)|reject(?:s|ed|ing)?|block(?:s|ed|ing) |den(?:y|ies|ied)|guard(?:s|ed)? against|"
    r"protect(?:s|ed|ing)? (?:against|from)|instead of|rather than|detect(?:s|ed|ing)?|"
    r"(?:alert|flag|warn|page)(?:s|ed|ing)? (?:[a-z]+ )?(?:when|if|on|about|whenever|before|any|against)|"
    r"mitigat(?:e|es|ed|ing)|safe from|free (?:of|from)|minimi[sz](?:e|es|ing)|"
    r"(?:reduce|eliminate)s? the risk of|risk of|attempts? to|tries to|anyone who)\b"
)
# what makes a denial none: "not only", "do not hesitate to", "without asking anybody"
_DOUBLED = compile_phrase(
    r"(?i)^ (?:only|just|merely|simply)\b|^ (?:(?:to )?hesitat\w*|shy away|shrink|refrain\w*|wait(?:ing)?|be afraid"
    r"|mind)\b"
    r"|^ (?:(?:any|a|further|the|more|prior) ){0,2}(?:hesitation|delay|ado|qualms?|objections?|scruples|asking"
    r"|telling|notice|warning|waiting|backups?|confirmation|approval|consent)\b"
)
_INSIDE = compile_phrase(r"(?i)\b(?:never|not|cannot|must ?n.t|does ?n.t|do ?n.t|will ?n.t)\b")
_TURNED = compile_phrase(
    r"(?i)^[^.\n]{0,40}\b(?:is|are|will be|must be|should be) "
    r"(?:never|not|forbidden|prohibited|rejected|blocked|refused|disallowed)\b"
)
# what somebody else would do, what was weighed and what is explained: talk, and no plan
_TALK = compile_phrase(
    r"(?i)\b(?:attackers?|adversar(?:y|ies)|intruders?|insiders?|hackers?|malicious [a-z]+|someone|somebody|"
    r"considered|considering|alternatives?|what if|what happens|whether|"
    r"(?:explain|describ|document|discuss|show|list|say|said|ask|tell|teach|decid|learn|know|check|clarif"
    r"|defin)(?:s|e|es|"
    r"ed|ing|ies)? (?:how|why|what|when|whether|which|who|if|that)|how (?:to|can|could|would|might|does|do|is|are))\b"
)
_WEIGHED = compile_phrase(
    r"(?i)^[^.\n]{0,80}\b(?:decided against|(?:was|were|been) (?:rejected|declined|dismissed|ruled out|discarded)|"
    r"mitigated by|not acceptable|would be (?:wrong|dangerous|unsafe|a mistake))\b|^[^.\n]{0,80}[.;] (?:this was "
    r"|it was )?"
    r"(?:rejected|declined|dismissed|ruled out|discarded|mitigat(?:ion|ed))\b"
)
_SENTENCE_END = compile_pattern(r"[.!?](?:[\s\"')]|\z)|\n[ \t]*\n")
_TALK_HEADING = compile_phrase(
    r"(?i)\b(?:alternatives?|rejected|threats?(?: models?)?|attacks?|non-goals?|out of scope|anti-?patterns?|"
    r"root cause|timeline|what (?:went wrong|happened)|lessons|glossary|abuse cases?|misuse|risks?|prohibited"
    r"|forbidden)\b"
)
_HEADING = compile_pattern(
    r"(?m)^(?:#{1,6}[ \t]+|\*\*)([^\n*]{1,80})(?:\*\*)?:?[ \t]*$|^([^\n]{3,80})\n[=~^-]{3,}[ \t]*$"
)
_ITEM = compile_pattern(r"(?m)^[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]+[^\n]*$")
_TALK_BEFORE_LIST = compile_phrase(
    r"(?i)\b(?:such as|examples?|attacks?|texts?|strings?|patterns?|payloads?|attackers?|insiders?|threats?|"
    r"considered|rejected)\b"
)


def clause_start(reading: bytes, start: int) -> int:
    """Return where the clause that leads up to `start` begins."""
    begin = max(0, start - CLAUSE_CHARACTERS)
    for boundary in _BOUNDARY.finditer(reading, begin, start):
        begin = boundary.end()
    return begin


def is_denied(reading: bytes, start: int, end: int) -> bool:
    """Tell whether the words around `start:end` deny, forbid or only warn of what stands there."""
    for denial in _DENIAL.finditer(reading, clause_start(reading, start), start):
        if _DOUBLED.search(reading[denial.end() : start]) is None:
            return True
    return _TURNED.search(reading[end : end + 80].partition(b" so ")[0]) is not None


def is_negated(reading: bytes, start: int, end: int) -> bool:
    """Tell whether the phrase at `start:end` is denied around it or inside it rather than done."""
    return is_denied(reading, start, end) or _INSIDE.search(reading, start, end) is not None


def is_only_talked_about(reading: bytes, start: int, end: int) -> bool:
    """Tell whether a phrase of prose is asked, weighed, explained or feared rather than planned."""
    if _TALK.search(reading, clause_start(reading, start), start) is not None:
        return True
    if _WEIGHED.search(reading[end : end + 160]) is not None or _is_asked(reading, end):
        return True
    return _is_listed_as_talk(reading, start) or _is_in_talking_section(reading, start)


def _is_asked(reading: bytes, end: int) -> bool:
    stop = _SENTENCE_END.search(reading, end, min(len(reading), end + SENTENCE_CHARACTERS))
    return stop is not None and stop.group()[:1] == b"?"


def _is_listed_as_talk(reading: bytes, start: int) -> bool:
    """Whether the line is an item of a list whose leading line denies it or only names examples."""
    line = reading.rfind(b"\n", 0, start) + 1
    if _ITEM.match(reading, line) is None:
        return False
    lead = lead_of_list(reading, start)
    if not lead.rstrip().endswith(b":"):
        return False
    return _DENIAL.search(lead) is not None or _TALK_BEFORE_LIST.search(lead) is not None


def lead_of_list(reading: bytes, start: int) -> bytes:
    """Return the line that leads the list in which `start` stands."""
    line = reading.rfind(b"\n", 0, start) + 1
    begin = max(0, line - LIST_CHARACTERS)
    for each in reversed(reading[begin:line].split(b"\n")):
        if each.strip() and _ITEM.match(each) is None and not each.startswith((b"  ", b"\t")):
            return each
    return b""


def heading_over(reading: bytes, start: int) -> bytes:
    """Return the heading of the section in which `start` stands, or nothing."""
    heading = b""
    for each in _HEADING.finditer(reading, max(0, start - SECTION_CHARACTERS), start):
        heading = each.group()
    return heading


def _is_in_talking_section(reading: bytes, start: int) -> bool:
    return _TALK_HEADING.search(heading_over(reading, start)) is not None
