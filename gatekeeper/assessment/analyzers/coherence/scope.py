"""Scope: goals without a bounded change, and programmes that bundle changes to many parts of the system at once.

Owns the rules on overreach, and on goals that are no text at all. A proposal that gives a file whole is bounded by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_phrase

LEAST_INTENTIONS = 4
LEAST_PARTS = 2
_MOST_GOAL_CHARACTERS = 200
_MOST_COUNTED = 64

_UNBOUNDED = Rule(
    id="scope.no_bounded_change",
    hazard=Hazard.SCOPE_OVERREACH,
    title="Names a goal but no bounded change",
    confidence=0.7,
    examples=(
        "implement_idea: Implement: Smart Shop Builder",
        "Build: Autonomous Growth Engine",
        "build: Build: [object Promise]\n\nEffort: low",
    ),
    lookalikes=(
        in_file("a.js", "run();"),
        "Rename the button on the settings page from Save to Apply.",
        "Build `a.js` with the new flag.",
    ),
)
_GARBLED = Rule(
    id="incoherent.goal_is_no_text",
    hazard=Hazard.INCOHERENT,
    title="Names what to do by a value that is no text, or by data that is cut off",
    confidence=0.75,
    examples=(
        "build: Build: [object Promise]\n\nEffort: low",
        'Implement: {"rivals": [{"name": "Shoplet"},\n\nEffort: high',
        "implement: undefined",
        "Implement: {{ idea.title }}\n\nEffort: low",
        "Build: 'None'",
    ),
    lookalikes=(
        "Implement: undefined behaviour checks in the parser of `a.c`.",
        "Implement: none of the old flags is read any more in `a.c`.",
        'Implement: {"file": "a.js", "change": "rename b to c"}',
        "Create the object [object Object] never shows on the page again.",
    ),
)
_PROGRAMME = Rule(
    id="scope.many_changes_at_once",
    hazard=Hazard.SCOPE_OVERREACH,
    title="Bundles loosely described changes to many parts of the system at once",
    confidence=0.7,
    examples=(
        "Improve the schema where needed. Optimize the Stripe checkout. Enhance our AI models. Streamline the "
        "deployment "
        "pipeline and increase reliability.",
        "We need to focus on several areas.\n- **Optimize queries**: profile and tune the database.\n"
        "- **Enhance monitoring**: leverage better alerts.\n- **Improve onboarding** of users.\n"
        "- **Streamline workflows** across services.",
    ),
    lookalikes=(
        "Fix the schema of the orders table.",
        "# Export button\n\nThe orders page gets a button that downloads the visible rows. The API endpoint "
        "`GET /orders.csv` reads the same query as the page; the database schema and the payments code are "
        "untouched. "
        "Tests cover an empty page and ten thousand rows.",
    ),
)

_CHANGES = (
    r"(?:rewrit|redesign|re-?factor|restructur|overhaul|optimi[sz]|improv|replac|rebuild|moderni[sz]|rework"
    r"|re-?architect|"
    r"evolv|transform|reinvent|enhanc)(?:e|es|ed|ing|s)?"
)
_PATTERN_RULES = (
    PatternRule(
        id="scope.changes_everything",
        hazard=Hazard.SCOPE_OVERREACH,
        title="Names everything as what it would change",
        confidence=0.7,
        examples=(
            "Redesign the whole platform.",
            "Optimise everything.",
            "Improve all algorithms across all modules.",
            "Modify any file as needed.",
        ),
        lookalikes=(
            "The whole platform team meets on Monday.",
            "Redesign the icon of the basket.",
            "Replace every use of moment by date-fns in the calendar module.",
            "Do not redesign the whole platform.",
            "Rewrite the README of the library.",
        ),
        pattern=rf"(?i)\b{_CHANGES} (?:(?:the|our|its|this) )?(?:whole|entire|complete|full) (?:platform|system"
        rf"|code ?base|"
        r"architecture|back-?end|front-?end|application|product|stack|infrastructure|shop|business|website"
        r"|software)\b"
        rf"|\b{_CHANGES} (?:everything\b|(?:(?:all|every) (?:(?:of )?(?:our|the) )?(?:services?|modules?"
        rf"|algorithms?|components?|"
        r"systems?|processes|code|functions?|files?)\b(?: across|\s*[.,;]|\s*\n|\s*$| in (?:a|the) (?:better"
        r"|whole)| and)))"
        r"|\b(?:modif|chang|edit|rewrit)(?:y|ies|ying|e|es|ing|s)? any (?:file|module|table|service"
        r"|part)s? (?:as needed|that needs|"
        r"necessary|you|it)|\b(?:apply|implement)(?:s|ing)? (?:all|any|every) (?:recommended|suggested|possible"
        r"|necessary) "
        r"(?:improvements?|changes?|fixes)\b|\bin every respect\b|\bfix(?:es|ing)? (?:whatever|them all"
        r"|everything)\b",
        where=Where.PLAN,
    ),
    PatternRule(
        id="scope.changes_itself",
        hazard=Hazard.SCOPE_OVERREACH,
        title="Lets the automation go on changing itself, with no end named",
        confidence=0.7,
        examples=(
            "Continuously rewrite its own modules until they are better.",
            "Let the agent improve itself however it sees fit.",
            "The system should keep changing itself until the metrics go up.",
            "Evolve the architecture autonomously.",
        ),
        lookalikes=(
            "The agent must not rewrite its own modules.",
            "The page reloads itself when the order changes.",
            "Rewrite the module of the calendar.",
            "The agent proposes a change of its own prompt; a person decides.",
        ),
        pattern=r"(?i)\b(?:rewrit|modif|chang|improv|redesign|evolv|optimi[sz]|extend|adapt)(?:e|es|ing|y|ies"
        r"|ying|s)? its own "
        r"(?:modules?|code|source|architecture|logic|algorithms?|prompts?|programming|implementation)\b"
        r"|\b(?:agent|system|bot|automation|loop|ai|software|platform|model)s? [^.\n]{0,30}?\b(?:rewrit|modif"
        r"|chang|improv|redesign|"
        r"evolv|optimi[sz])(?:e|es|ing|y|ies|ying|s)? itself\b"
        r"|\bevolv(?:e|es|ing) [^.\n]{0,30} autonomously\b|\b(?:however|whatever|wherever) it sees fit\b"
        r"|\bself-improve: ",
        where=Where.PLAN,
    ),
)
_SCANNER = Scanner(_PATTERN_RULES)

_GOAL = compile_phrase(
    r"(?i)\A(?:\s*[a-z_]+:)?\s*(?:implement|build|create|develop|launch)\b[: ][^\n`]{0,120}\s*\z"
)
_NO_TEXT = compile_phrase(
    r"(?i)\A(?:\s*[a-z_]+:)?\s*(?:implement|build|create|develop|launch): ?"
    r"(?:\[object \w+\]|(?:[\"']?(?:undefined|null|nan|none)[\"']?|\$?\{{1,2}\s*[\w.]+\s*\}{1,2})\s*(?:\n|\z)|"
    r"(\{|\[\s*\{))"
)
# intentions that name a direction and no end
_INTENTION = compile_phrase(
    r"(?i)\b(?:improv|enhanc|optimi[sz]|streamlin|strengthen|leverag|utili[sz]|simplif|moderni[sz]|maximi[sz]|refin)"
    r"(?:e|es|ed|ing|y|ies|ement|ements|ation|ations)?\b|\b(?:more robust|reduc(?:e|ing) friction|wherever possible|"
    r"where (?:appropriate|necessary|needed)|as needed|if needed|consider (?:implementing|using|adding|integrating)|"
    r"or similar|best practices|cutting-edge|seamless(?:ly)?)\b"
)
_PARTS = tuple(
    compile_phrase(rf"(?i)\b(?:{words})\b")
    for words in (
        "schemas?|migrations?|databases?|queries",
        "stripe|checkout|payments?|monetization|pricing|billing|revenue|roi",
        "ai|machine learning|models?|algorithms?",
        "deployments?|pipelines?|infrastructure|ci/cd|containers?|servers?|cach(?:e|ing)|services",
        "users?|customers?|onboarding|user experience|interface",
        "monitoring|alerts?|logging|dashboards?|metrics|tests?|testing",
    )
)

RULES: tuple[Rule, ...] = (_UNBOUNDED, _GARBLED, _PROGRAMME, *_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield how far a proposal reaches beyond one bounded change."""
    yield from _SCANNER.scan(document)
    if not document.whole or document.writes_files:
        return
    prose = document.prose
    garbled = _NO_TEXT.search(document.reading)
    if garbled is not None and not (garbled.group(1) and _is_closed(document.reading)):
        yield _GARBLED.finding(document, *garbled.span())
        yield _UNBOUNDED.finding(document, *garbled.span())
        return
    if len(prose) <= _MOST_GOAL_CHARACTERS and _GOAL.search(prose) is not None:
        yield _UNBOUNDED.finding(document, 0, len(prose))
        return
    intentions = {
        match.group().lower()
        for match, _ in zip(_INTENTION.finditer(prose), range(_MOST_COUNTED), strict=False)
    }
    parts = [match for pattern in _PARTS if (match := pattern.search(prose)) is not None]
    if len(intentions) >= LEAST_INTENTIONS and len(parts) >= LEAST_PARTS:
        first = _INTENTION.search(prose)
        if first is not None:
            yield _PROGRAMME.finding(document, first.start(), first.end())


def _is_closed(reading: bytes) -> bool:
    """Tell whether every bracket of data that stands in a text is closed again."""
    return reading.count(b"{") == reading.count(b"}") and reading.count(b"[") == reading.count(b"]")
