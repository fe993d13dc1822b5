"""The names of controls: what watches over a change, stops it, or asks people about it.

Owns this vocabulary as pieces of patterns, and which words beside a control make it something else: the page that
shows it, the library that does it, its duplicate.
"""

from __future__ import annotations

from gatekeeper.assessment.text.context import clause_start
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_phrase

PEOPLE = r"(?:human|manual|people|operator|reviewer|administrator)(?:'s|s')?"
AGENT = (
    r"(?:(?:the|this|our|an?|every|its) )?(?:[a-z-]+ )?(?:self-[a-z]+ (?:service|system|loop|process|engine|module)|"
    r"(?:agents?|bots?|botuser|automations?|assistants?|ai|planner|pipeline|service (?:account|principal)|"
    r"automated (?:user|account)|machine user)(?:'s)?(?: (?:service|user|account|role|process))?)"
)
CONTROLS = (
    r"(?:approvals?(?: (?:steps?|process(?:es)?|gates?|requirements?|checks?|workflows?|stages?|rules?))?"
    r"|(?:code|human|manual|security|peer|second|mandatory|independent|change) reviews?"
    r"|reviews? (?:steps?|process(?:es)?|gates?|requirements?|stages?)|change advisory board"
    r"|sign-?offs?|(?:second|other|human|manual) (?:approvers?|reviewers?|signatures?|confirmations?)"
    r"|four-eyes(?: (?:principle|rule|check))?|two-person (?:rule|control)|separation of duties"
    r"|audit(?:s|ing|(?:[-_]|\s+)?(?:logs?|logging|trails?|records?|entries|events|history|checks?|tables?))?"
    r"|logging|(?:access|security|event|command) logs?|(?:shell|command) history"
    r"|rate[- ]?limit(?:s|ing|ers?)?|(?:spending|budget|payout|transaction|withdrawal|transfer"
    r"|execution) (?:limits?|caps?)"
    r"|(?:guard ?rails?|safeguards?)|safety (?:checks?|limits?|gates?|protocols?|controls?|measures?|features?"
    r"|filters?)"
    r"|security (?:checks?|controls?|scans?|scanning|gates?)|(?:human )?oversight|human[- ]in[- ]the[- ]loop"
    r"|(?:policy|compliance|ci|status|permission|fraud) checks?|access controls?"
    r"|test suites?|(?:failing|flaky|unit|integration|regression|security|acceptance|end-to-end) tests"
    r"|monitoring|alerting|(?:security|error|payment|production|pagerduty) alerts|watchdogs?"
    r"|(?:intrusion|anomaly|fraud) detection|vulnerability scan(?:s|ners?|ning)?"
    r"|kill[- ]?switch(?:es)?|emergency (?:stops?|brakes?|shutdowns?)"
    r"|canar(?:y|ies)(?: (?:stages?|steps?|releases?|deployments?|phases?))?|(?:automatic |auto-?)rollbacks?"
    r"|rollback (?:jobs?|steps?)"
    r"|(?:deployment|change|code) freezes?|branch protections?(?: rules?)?|codeowners(?: file)?|required reviewers?"
    r"|pre-?commit hooks|commit signing|mfa|2fa|(?:multi|two)[- ]factor(?: auth(?:entication)?)?"
    r"|(?:account )?lockouts?"
    r"|selinux|apparmor|firewalls?|sandbox(?:ing)?|quorum)"
)

# what a control consists of: the approval queue, the rollback job
_PART = (
    r"(?: (?:queues?|flows?|jobs?|process(?:es)?|daemons?|service|agents?|scripts?|stages?|stack|tools?|rules?"
    r"|system|board|committee"
    r"|chain|hooks?|"
    r"phase|checks?))?"
)
_DETERMINERS = (
    r"(?:(?:the|all|any|our|its|every|most|slow|existing|current|redundant|mandatory|required|of|my|your"
    r"|these|those) )*"
)
OUR_CONTROLS = rf"{_DETERMINERS}(?:[a-z-]+ (?:[a-z-]+ )?(?:and|or) )?(?:[a-z-]+ )?{CONTROLS}{_PART}\b"
A_CONTROL = rf"{CONTROLS}{_PART}"

# a noun that follows a control and makes it a thing that only concerns it
_ONLY_ABOUT = compile_phrase(
    r"(?i)^[ -](?:librar|framework|formats?\b|statements?\b|calls?\b|lines?\b|code\b|pages?\b|columns?\b|buttons?\b|"
    r"icons?\b|stars?\b|widgets?\b|fields?\b|forms?\b|modules?\b|packages?\b|imports?\b|dependenc|helpers?\b"
    r"|labels?\b|"
    r"messages?\b|outputs?\b|comments?\b|banners?\b|menus?\b|tabs?\b|dialogs?\b|mails?\b|e-mails?\b|texts?\b"
    r"|titles?\b|"
    r"links?\b|in (?:with|via|through|to|from|by)\b|into\b|noise\b|docs?\b|documentation\b|sections?\b|templates?\b|"
    r"types?\b|class|functions?\b|methods?\b|endpoints?\b|routes?\b|variables?\b|names?\b|ui\b|views?\b"
    r"|components?\b|"
    r"plugins?\b|drivers?\b|levels?\b|exporters?\b|dashboards?\b|for (?:an? |the )?(?:user|person|customer"
    r"|account)s? who\b)"
)
_SPARE = compile_phrase(
    r"(?i)\b(?:duplicated?|obsolete|unused|unneeded|dead|stale|outdated|temporary|sample|demo|example|product"
    r"|customer|"
    r"spam|commented-out|deprecated|legacy|verbose|debug)\b"
)
_TAKES_OVER = compile_phrase(
    r"(?i)^[^.\n]{0,60}(?:\bin favou?r of\b|\breplaced (?:by|with)\b|\bsuperseded by\b|\breplaces (?:it|them)\b|"
    r"\b(?:stays?|remains?) (?:on|in place|required|mandatory|enabled)\b|\bwith (?:it|them)\b)([^.\n]{0,40})"
)
_NOTHING = compile_phrase(r"(?i)\b(?:auto|self|no|nothing|none|agents?|bots?|speed|always)\b")
_USERS_MAY = compile_phrase(
    r"(?i)\b(?:users?|customers?|visitors?|players?|members?|patients?|readers?|students?|subscribers?|guests?|"
    r"administrators?|admins?|operators?) (?:can|may|could|to|who|might|choose|wants?)\b"
    r"|\b(?:let|allow|allows|lets) (?:users?|customers?|visitors?|players?|members?|readers?|subscribers?)\b"
)


# "a value of zero disables logging" says what an option does, "set it to disable logging" asks for it
_DESCRIBES = compile_phrase(r"(?i)[a-z]*[^s]s\b")
_OPTION = compile_phrase(
    r"(?i)(?:^|\s)--?[a-z][\w-]*|\b(?:options?|settings?|parameters?|flags?|zero|superusers?|values?|attributes?|"
    r"(?:the|by) default|variables?|arguments?|modes?|commands?|functions?)\b|`"
)
_IN_THAT_CASE = compile_phrase(
    r"(?i)\b(?:if|when|whenever|unless|in case) (?:(?:the|an?|any|all|your|some) )*\z"
)


def is_excused(document: Document, start: int, end: int) -> bool:
    """Tell whether the words `start:end`, which would remove a control, remove something else or replace it."""
    reading = document.flowing
    after = reading[end : end + 120]
    if _ONLY_ABOUT.search(after) is not None or _SPARE.search(reading, start, end) is not None:
        return True
    clause = reading[clause_start(reading, start) : start]
    if _DESCRIBES.match(reading, start) is not None and _OPTION.search(clause) is not None:
        return True
    if _USERS_MAY.search(clause) is not None or _IN_THAT_CASE.search(clause) is not None:
        return True
    heir = _TAKES_OVER.search(after)
    return heir is not None and _NOTHING.search(after, heir.start(1), heir.end(1)) is None
