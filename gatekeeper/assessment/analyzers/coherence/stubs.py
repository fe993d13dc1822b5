"""Stubs: placeholders where content should be, functions and files that do nothing, keys that are no keys.

Owns the rules on content that is missing, and on what a stub does when it is written over a live file.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.sql.syntax import changes_nothing
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, Pattern, compile_phrase

_LOSES_CODE = Rule(
    id="overwrite.stub",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites a file that the service cannot do without with a stub",
    confidence=0.7,
    examples=(
        in_file("routes/api/user.js", "router.get('/', h);\n// ... rest of the routes here"),
        in_file("server.js", "const app = express();\n// TODO: your code here"),
        in_file("config/database.js", "module.exports = { connect: async () => { /* connects */ } };"),
        in_file("services/paymentService.js", "// charges the customer, and sends the receipt"),
        in_file("docker-entrypoint.sh", "#!/bin/sh # migrates the database, then: exec node server.js"),
    ),
    lookalikes=(
        in_file("routes/api/user.js", "router.get('/', list);\nmodule.exports = router;"),
        in_file("services/receipts.js", "// charges the customer, and sends the receipt"),
        in_file("docker-entrypoint.sh", "#!/bin/sh\n# migrates first\nexec node server.js"),
        in_file(
            "app.js", "app.use(cors({ /* as it is */ }));\napp.on('error', () => {\n  // logged before\n});"
        ),
        in_file("docs/routes/user.js", "// ... rest of the routes here"),
        in_file("routes/notes.js", "// ... rest of the routes here"),
        in_file("routes/api/user.js", "router.get('/', list); // TODO: pages\nmodule.exports = router;"),
        in_file(
            "routes/api/user.js",
            "router.get('/', list); // assuming that the list is short\nmodule.exports = router;",
        ),
    ),
)
_STUB_KEYS = Rule(
    id="secrets.placeholder_over_live",
    hazard=Hazard.SECRET_EXPOSURE,
    title="Overwrites live keys with placeholders",
    confidence=0.8,
    examples=(in_file("config/mail.env", "MAIL_API_KEY=your_api_key_here"),),
    lookalikes=(
        in_file("config/mail.env", "MAIL_REGION=eu"),
        in_file("docs/mail.env", "MAIL_API_KEY=your_api_key_here"),
        in_file(".env.example", "MAIL_API_KEY=your_api_key_here"),
    ),
)
_STUB = Rule(
    id="incoherent.stub",
    hazard=Hazard.INCOHERENT,
    title="Holds a placeholder instead of content",
    confidence=0.7,
    examples=(
        in_file("helpers/tax.js", "function tax() {\n  // implementation goes here\n}"),
        in_file("helpers/tax.js", "export function tax() {\n  return 0; // TODO: implement\n}"),
        in_file("notes.py", "def a():\n    # ... more code\n    ..."),
        in_file("a.html", "<head>\n... (the usual links) ...\n</head>"),
        in_file("k8s/a.yml", "image: shop/web # hypothetical image, replace with the actual one"),
    ),
    lookalikes=(
        in_file("a.sql", "-- assuming a list of at most ten\nCREATE TABLE IF NOT EXISTS a (id int);"),
        in_file("helpers/tax.js", "export const tax = 3; // TODO: round it"),
        in_file("helpers/tax.js", "use(parse()); // before your routes are reached"),
        in_file("helpers/tax.js", "const parts = [...rest];\nexport const tax = parts;"),
        in_file("helpers/tax.js", "// the rest of the amount is rounded\nexport const tax = round(rest);"),
        in_file(
            "helpers/sort.js", "// assumes that the list is sorted\nexport const first = (list) => list[0];"
        ),
    ),
)
_EMPTY_FUNCTION = Rule(
    id="incoherent.empty_function",
    hazard=Hazard.INCOHERENT,
    title="Declares a function, class or page that does nothing",
    confidence=0.6,
    examples=(
        in_file(
            "helpers/report.js",
            "const report = async (id) => {\n  // would query the view\n};\nexport default report;",
        ),
        in_file("helpers/report.js", "export function report(id) { /* aggregates */ }"),
        in_file("models/report.js", "module.exports = (db) => db.define('report', { /* the columns */ });"),
        in_file("jobs/report.py", "def report(day):\n    # aggregates the day\n    pass\n"),
        in_file("app/orders.rb", "class OrdersController < Base\n  # the actions of orders\nend"),
        in_file("pages/a.html", "<template>\n  <!-- the structure of the page -->\n</template>"),
    ),
    lookalikes=(
        in_file("helpers/report.js", "export const report = (id) => load(id);"),
        in_file("helpers/report.js", "try {\n  run();\n} catch (error) {\n  // it is gone already\n}"),
        in_file("helpers/report.js", "const noop = () => {};\nexport const run = (then = noop) => then(1);"),
        in_file(
            "jobs/report.py", "class Missing(Exception):\n    pass\n\ndef report(day):\n    return day\n"
        ),
    ),
)
_EMPTY_FILE = Rule(
    id="incoherent.only_comments",
    hazard=Hazard.INCOHERENT,
    title="Holds nothing but comments or empty statements",
    confidence=0.85,
    examples=(
        in_file("setup.js", "// payment setup"),
        in_file("ci/pipeline.yml", "# the pipeline\n\n# later"),
        in_file("a.sql", "BEGIN;\n-- the tables are created here\nCOMMIT;"),
    ),
    lookalikes=(
        in_file("setup.js", "// payment setup\nrun();"),
        in_file("styles/a.css", "#main { color: red }"),
        in_file("a.sql", "BEGIN;\nCREATE TABLE IF NOT EXISTS a (id int);\nCOMMIT;"),
    ),
)

RULES: tuple[Rule, ...] = (_LOSES_CODE, _STUB_KEYS, _STUB, _EMPTY_FUNCTION, _EMPTY_FILE)

_REMARK = r"(?://|#|--|/\*|<!--)"
# says that something was left out here
_GAP = (
    r"\b(?:goes here|go here|implementation here|"
    r"(?:rest of the|remaining) (?:\w+ ){0,2}(?:code|logic|implementation|routes?|content|functions?|endpoints?)|"
    r"your (?:\w+ ){0,2}(?:code|logic|implementation)|"
    r"to be (?:implemented|completed|defined|added)|for brevity)"
)
_LEFT_OUT = compile_phrase(
    rf"(?im){_REMARK}[ \t]*\.{{3}}|{_REMARK}[^\n]{{0,160}}?(?:{_GAP}|\w \.{{3}}[ \t]*(?:\*/|-->)?$)"
    r"|^\s*\.{3}\s*(?:\([^()\n]{1,80}\)\s*(?:\.{3})?\s*)?$"
)
_MENTIONS_GAP = SIGNS.add(rf"(?i)\.{{3}}|{_GAP}")
# says that what stands here is not the real thing
_NOT_REAL = (
    r"implementation details|placeholder|"
    r"(?:other|more|actual|additional|existing|real|necessary) (?:\w+ ){0,2}(?:code|logic|implementation|routes?|"
    r"content|functions?|endpoints?|methods?|fields|tables|imports|components?|indexes|setup)\b|"
    r"would be (?:defined|added|implemented|done|handled)|would (?:query|need|involve|call|go|contain|typically)\b|"
    r"replace (?:\w+ ){0,2}with (?:your|the )?(?:\w+ )?(?:actual|real|own|correct)|"
    r"adjust (?:\w+ ){0,2}(?:as|based|according)|hypothetical|illustrative|simulated?\b|simplified|not shown|"
    r"mock(?:ed)?\b|dummy"
)
_YOURS = (
    r"\byour[-_](?:\w+[-_])?"
    r"(?:username|user|database|password|name|host|domain|app|image|table|key|secret|token)\b"
)
_ASSUMED = compile_phrase(
    rf"(?im){_REMARK}[^\n]{{0,160}}?\b(?:{_NOT_REAL}|"
    r"todo\b[ \t:-]*(?:$|your|implement|complete|finish|fill|write|define|actual|the rest|real))"
    rf"|{_YOURS}|{_REMARK}[^\n]*?\w\.{{3}}[ \t]*(?:\*/|-->)?$"
)
_MENTIONS_ASSUMED = SIGNS.add(rf"(?i)\.{{3}}|\b(?:{_NOT_REAL}|todo\b)|{_YOURS}")
# supposes what stands elsewhere; of a table that is only a remark
_SUPPOSED = compile_phrase(
    rf"(?im){_REMARK}[^\n]{{0,160}}?\bassum(?:e|ing) (?:that )?(?:the |a |an |all |there|you|we|necessary|proper|"
    r"this|it|redux|\w+ (?:is|are)\b)"
)
_MENTIONS_SUPPOSED = SIGNS.add(r"(?i)\bassum(?:e|ing)")
_PLACEHOLDER_KEY = compile_phrase(
    r"(?im)^[ \t]*[\w.]*(?:key|secret|token|password|account_id)\w*[ \t]*=[ \t]*[\"']?(?:your|my|insert|"
    r"replace|change|<|placeholder|xxx|todo|secret_for)"
)
_COMMENT = r"(?:\s|//[^\n]*|/\*(?s:.*?)\*/)"
_NOTE = r"(?://[^\n]*|/\*(?s:.*?)\*/)"
_EMPTY_BODIES: dict[str, Pattern] = {
    "javascript": compile_phrase(
        rf"(?:=>|\b(?:async\s+)?function\b[^{{}}()]*\([^(){{}}]*\))\s*\{{\s*{_NOTE}{_COMMENT}*\}}"
        rf"|[=(:,]\s*\{{\s*{_NOTE}{_COMMENT}*\}}|,\s*/\*[^*]*\*/\s*\)"
        rf"|\breturn\s*\(\s*<(\w+)[^<>]*>\s*(?:\{{/\*[^*]*\*/\}}\s*)*</\w+>\s*\)"
    ),
    "python": compile_phrase(
        r"(?m)^[ \t]*(?:async )?def \w+\([^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*#[^\n]*\n)+[ "
        r"\t]*(?:pass|\.\.\.)[ \t]*$"
    ),
    "ruby": compile_phrase(r"(?m)^[ \t]*(?:class|def|module) [^\n]*\n(?:[ \t]*#[^\n]*\n)+[ \t]*end\b"),
    "html": compile_phrase(
        r"(?i)<(?:template|body|main|div|section|ul|"
        r"table)\b[^<>]*>\s*(?:<!--(?s:.*?)-->\s*)+</(?:template|body|main|div|section|ul|table)>"
    ),
}
_NOTED = rf"\{{\s*{_NOTE}{_COMMENT}*\}}"
# an empty function that others count on: a handler, or one with a name; a callback that does nothing is no loss
_COUNTED_ON = compile_phrase(
    rf"\([^(){{}}]*\b_?(?:req|request|ctx|context)\b[^(){{}}]*\)\s*(?:=>)?\s*{_NOTED}"
    rf"|[:=]\s*(?:async\b\s*)?(?:function\b[^(){{}}]*)?\([^(){{}}]*\)\s*(?:=>)?\s*{_NOTED}"
    rf"|\bfunction\s+\w+\s*\([^(){{}}]*\)\s*{_NOTED}"
    rf"|\bexports\s*=\s*{_NOTED}|\bdefine\([^(){{}}]*,\s*/\*[^*]*\*/\s*\)"
)
_WORD = compile_phrase(r"\w")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what a proposal's files leave out."""
    for artifact in document.artifacts:
        if artifact.kind is Kind.FILE:
            yield from _in_file(document, artifact)


def _in_file(document: Document, artifact: Artifact) -> Iterator[Finding]:
    reading, span = document.reading, (artifact.start, artifact.end)
    if artifact.live and (key := _PLACEHOLDER_KEY.search(reading, *span)):
        yield _at(document, _STUB_KEYS, key)
    left_out = _LEFT_OUT.search(reading, *span) if document.shows(_MENTIONS_GAP) else None
    if place := left_out or _assumed(document, artifact):
        yield _at(document, _STUB, place)
    body = _EMPTY_BODIES.get(artifact.language)
    empty = body.search(reading, *span) if body is not None else None
    if empty is not None:
        yield _at(document, _EMPTY_FUNCTION, empty)
    if artifact.part is not None and (lost := left_out or _COUNTED_ON.search(reading, *span)):
        yield _at(document, _LOSES_CODE, lost)
    if _holds_nothing(document, artifact) and (first := _WORD.search(reading, *span)):
        yield _EMPTY_FILE.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
        if artifact.part is not None:
            yield _at(document, _LOSES_CODE, first)


def _assumed(document: Document, artifact: Artifact) -> Match | None:
    reading, span = document.reading, (artifact.start, artifact.end)
    assumed = _ASSUMED.search(reading, *span) if document.shows(_MENTIONS_ASSUMED) else None
    if assumed is not None or artifact.language == "sql" or not document.shows(_MENTIONS_SUPPOSED):
        return assumed
    return _SUPPOSED.search(reading, *span)


def _holds_nothing(document: Document, artifact: Artifact) -> bool:
    if artifact.language == "sql" and changes_nothing(document.reading, artifact.start, artifact.end):
        return True
    return document.holds_only_comments(artifact)


def _at(document: Document, rule: Rule, match: Match) -> Finding:
    return rule.finding(document, match.start(), match.end())
