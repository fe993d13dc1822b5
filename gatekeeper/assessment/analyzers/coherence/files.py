"""Incoherence: files that are not what they claim to be and could not run as what their name says.

Owns the rules on content of another language, stray fences and markers, prose in code and scripts that do not parse.
What is left out of a file is `stubs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.parsing.parser_process import UnreadError
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.sql.syntax import first_foreign, first_unreadable, open_transaction
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern, compile_phrase

_OTHER_LANGUAGE = Rule(
    id="incoherent.other_language",
    hazard=Hazard.INCOHERENT,
    title="Holds another language than its name says",
    confidence=0.85,
    examples=(
        in_file("styles/a.css", "const express = require('express');"),
        in_file("a.sql", "module.exports = { up: async () => {} };"),
        in_file("a.js", "<form id='f' method='post'>\n  <input name='a'>\n</form>"),
        in_file("a.html", "import React from 'react';\n\nclass A extends React.Component {}"),
    ),
    lookalikes=(
        in_file("styles/a.css", ".a {\n  color: red;\n}"),
        in_file("a.js", "const q = 'CREATE TABLE x (id int)';"),
        in_file("a.sql", "CREATE TABLE IF NOT EXISTS a (id int);"),
        in_file("a.html", "<script type='module'>\nimport A from './a.js';\n</script>"),
    ),
)
_FENCE_INSIDE = Rule(
    id="incoherent.fence_in_file",
    hazard=Hazard.INCOHERENT,
    title="Holds a Markdown fence, which nothing but Markdown reads",
    confidence=0.8,
    examples=(
        in_file("a.sql", "SELECT 1;\n```\nThis query is nice."),
        in_file("a.js", "```js\nrun();\n```"),
    ),
    lookalikes=(
        in_file("README.md", "# A\n\n```js\nrun();\n```"),
        in_file("a.js", "const t = `x`;"),
        in_file("a.js", "const t = `\\`\\`\\`js`;"),
    ),
)
_FILE_INSIDE = Rule(
    id="incoherent.file_in_file",
    hazard=Hazard.INCOHERENT,
    title="Holds the marker of another file",
    confidence=0.85,
    examples=(in_file("a.sql", "SELECT 1;\n===FILE: b.js ===\nrun();"),),
    lookalikes=(in_file("a.sh", "echo '=== done ==='"),),
)
_PROSE_INSIDE = Rule(
    id="incoherent.prose_in_code",
    hazard=Hazard.INCOHERENT,
    title="Holds sentences where code should stand",
    confidence=0.75,
    examples=(
        in_file("a.js", "#### Step 4: the registration\nCreate the tokens during registration as follows:"),
        in_file("a.sql", "SELECT 1;\nHere is my attempt at completing this task as you asked."),
    ),
    lookalikes=(
        in_file("a.js", "// Here is the entry of the module.\nrun();"),
        in_file("a.js", "const text = `\nHere is a letter that we send to the people of the town.\n`;"),
        in_file("notes.md", "Here is my attempt at completing this task."),
        in_file("a.py", '"""\nHere is what the module does for the people.\n"""\nrun()'),
    ),
)
_DOES_NOT_PARSE = Rule(
    id="incoherent.does_not_parse",
    hazard=Hazard.INCOHERENT,
    title="Does not parse as what its name says",
    confidence=0.85,
    examples=(
        in_file("a.js", "const total = ;\nrun(total);"),
        in_file("a.ts", "export function total(items: Item[]): number {\n  return items.length;\n"),
        in_file("a.py", "def total(items:\n    return len(items)\n"),
        in_file("a.yml", 'name: "build\non: push\n'),
        in_file("package.json", '{"name": "a", "version" "1"}'),
        in_file("a.go", "package a\n\nfunc run() {"),
    ),
    lookalikes=(
        in_file("a.js", "```js\nconst total = items?.length ?? 0;\n```"),
        in_file("a.jsx", "export const A = () => <p>It is {new Date()}</p>;"),
        in_file("a.py", "match total:\n    case 1:\n        run()\n"),
        in_file("a.yml", "name: {{ .Values.name }}\nkind: A\n"),
        in_file("tsconfig.json", '// options\n{"compilerOptions": {}}'),
        "```js\nconst total = ...\n```",
    ),
)
_COMMENTED_JSON = Rule(
    id="incoherent.comment_in_json",
    hazard=Hazard.INCOHERENT,
    title="Is JSON with comments, which hardly any program reads",
    confidence=0.75,
    examples=(
        in_file("queues.json", '{\n  "mail": {"retries": 3} // enough for a day\n}'),
        in_file("package.json", '{\n  "name": "shop", /* for now */\n  "dependencies": {"express": "4"}\n}'),
    ),
    lookalikes=(
        in_file("queues.json", '{"page": "https://example.com/a//b", "note": "/* none */"}'),
        in_file("tsconfig.json", '// options\n{"compilerOptions": {}}'),
        in_file("biome.json", '{\n  // as in the style\n  "linter": {}\n}'),
        in_file(".vscode/settings.json", '{\n  "editor.tabSize": 2 // as in the style\n}'),
    ),
)
_LOSES_CODE = Rule(
    id="overwrite.broken",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites a file that the service cannot do without with one that cannot be read",
    confidence=0.75,
    examples=(
        in_file("routes/orders.js", "const router = express(;\nmodule.exports = router;"),
        in_file("routes/users.js", "```js\nmodule.exports = router;\n```"),
        in_file("server.js", "def main():\n    serve()\n"),
    ),
    lookalikes=(
        in_file("routes/orders.js", "const router = express();\nmodule.exports = router;"),
        in_file("docs/orders.js", "const router = express(;"),
        in_file("routes/notes.js", "const router = express(;"),
        in_file(".github/workflows/ci.yml", 'name: "build\non: push\n'),
    ),
)
_SQL_UNREADABLE = Rule(
    id="incoherent.sql_does_not_parse",
    hazard=Hazard.INCOHERENT,
    title="Is SQL that no database reads",
    confidence=0.85,
    examples=(
        in_file("a.sql", "CREATE TABLE a (id INTEGER REFEREN0S=b(id) NOT NULL);"),
        in_file("a.sql", "CREATE TABLE a (id INTEGER, "),
        in_file("a.sql", "CREATE TABLE a (id INTEGER, b INTEGER,\n);"),
        in_file("a.sql", "BEGIN TRANSACT_ION;\nCREATE TABLE a (id INTEGER);\nCOMMIT;"),
    ),
    lookalikes=(
        in_file("a.sql", "CREATE TABLE a (id INTEGER REFERENCES b(id) NOT NULL);"),
        in_file("a.sql", "BEGIN WORK;\nCREATE TABLE a (id INTEGER);\nROLLBACK TRANSACTION;"),
        in_file(
            "a.sql", "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql;"
        ),
        in_file("a.sql", "SET search_path = app;\n\\echo done\nCOMMENT ON TABLE a IS 'x';"),
    ),
)
_SQL_FOREIGN = Rule(
    id="incoherent.other_database",
    hazard=Hazard.INCOHERENT,
    title="Is SQL of another database than production's PostgreSQL",
    confidence=0.7,
    examples=(
        in_file("a.sql", "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY);"),
        in_file("a.sql", "ALTER TABLE a ADD COLUMN p ENUM('low', 'high');"),
        in_file("a.sql", "CREATE TABLE a (id INT, // the key\n b INT);"),
        in_file("a.sql", "CREATE TABLE a (id INT, # the key\n b LONGTEXT);"),
    ),
    lookalikes=(
        in_file("a.sql", "CREATE TYPE mood AS ENUM ('sad', 'ok');"),
        in_file("a.sql", "INSERT INTO a VALUES ('https://x // y', 'auto_increment');"),
        in_file("a.sql", "SELECT a # b, a #> '{x}' FROM c;"),
    ),
)
_SQL_OPEN = Rule(
    id="incoherent.open_transaction",
    hazard=Hazard.INCOHERENT,
    title="Opens a transaction and never ends it",
    confidence=0.8,
    examples=(in_file("a.sql", "BEGIN TRANSACTION;\nCREATE TABLE IF NOT EXISTS a (id int);"),),
    lookalikes=(
        in_file("a.sql", "BEGIN;\nCREATE TABLE IF NOT EXISTS a (id int);\nCOMMIT;"),
        in_file("a.sql", "DO $$ BEGIN PERFORM 1; END $$;"),
    ),
)

_UNREAD = Rule(
    "unassessable.syntax_unread",
    Hazard.INCOHERENT,
    "A file that no parser could read to its end",
    1.0,
    (),
    (),
)

RULES: tuple[Rule, ...] = (
    _OTHER_LANGUAGE,
    _FENCE_INSIDE,
    _FILE_INSIDE,
    _PROSE_INSIDE,
    _DOES_NOT_PARSE,
    _COMMENTED_JSON,
    _LOSES_CODE,
    _SQL_UNREADABLE,
    _SQL_FOREIGN,
    _SQL_OPEN,
    _UNREAD,
)

_FENCE = compile_phrase(r"(?m)^[ \t]*(?:```|~~~)[^\n]*")
_WHOLE_FENCE = compile_phrase(r"(?s)\A\s*(```|~~~)[^\n]*\n(.*\n)[ \t]*(?:```|~~~)\s*\z")
_MARKER = compile_phrase(r"(?m)^[ \t/#*-]*={2,}[ \t]*(?:FILE:|START FILE|END FILE)[^\n]*")
_MENTIONS_FENCE, _MENTIONS_MARKER = (
    SIGNS.add(r"```|~~~"),
    SIGNS.add(r"==[ \t]*(?:FILE:|START FILE|END FILE)"),
)
_SENTENCE = compile_phrase(
    r"(?m)^[ \t]*(?:#{2,6} [A-Z][^\n]{8,}|(?:\d+\. |- )?[A-Z][a-z']+(?:,? [A-Za-z'`-]+){5,}[^\n;{}]*[.:][ \t]*)$"
)
_READ_WITH_COMMENTS = compile_pattern(
    r"(?i)(?:^|/)(?:[\w.-]*[tj]sconfig[\w.-]*|\.?(?:eslintrc|jshintrc|babelrc|swcrc|devcontainer|oxlintrc|hintrc|"
    r"markdownlint|jscsrc)(?:\.json)?|api-extractor|biome|deno|nx|rush|tslint|turbo|wrangler|dprint|cspell|"
    r"pyrightconfig|renovate|language-configuration"
    r"|[\w.-]+\.code-\w+)(?:\.json)?$|(?:^|/)(?:\.vscode|\.devcontainer|\.zed)/"
)
_PROSE_LANGUAGES = ("markdown", "text", "html", "", "yaml", "env", "hcl")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's files is not what it claims to be."""
    for artifact in document.artifacts:
        if artifact.kind is Kind.FILE:
            yield from _in_file(document, artifact)


def _in_file(document: Document, artifact: Artifact) -> Iterator[Finding]:
    found = list(_broken(document, artifact))
    yield from found
    first = next((each for each in found if each.rule != _UNREAD.id), None)
    if first is not None and artifact.part is not None:
        yield _LOSES_CODE.finding_at(document, first.start, first.end)
    if artifact.language == "sql":
        yield from _in_sql(document, artifact)


def _broken(document: Document, artifact: Artifact) -> Iterator[Finding]:
    reading, span = document.reading, (artifact.start, artifact.end)
    if document.is_another_language(artifact):
        yield _OTHER_LANGUAGE.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
        return
    if artifact.language not in ("markdown", "text"):
        if document.shows(_MENTIONS_FENCE) and (fence := _FENCE.search(reading, *span)):
            yield _FENCE_INSIDE.finding(document, *fence.span())
        if document.shows(_MENTIONS_MARKER) and (marker := _MARKER.search(reading, *span)):
            yield _FILE_INSIDE.finding(document, *marker.span())
    if artifact.language not in _PROSE_LANGUAGES:
        yield from _sentences(document, artifact)
    if artifact.language == "json" and _READ_WITH_COMMENTS.search(artifact.path.encode("ascii")) is None:
        yield from _placed(document, _COMMENTED_JSON, document.first_comment(artifact))
    yield from _unparsed(document, artifact)


def _in_sql(document: Document, artifact: Artifact) -> Iterator[Finding]:
    reading, span = document.reading, (artifact.start, artifact.end)
    for rule, place in (
        (_SQL_UNREADABLE, first_unreadable(reading, *span)),
        (_SQL_FOREIGN, first_foreign(reading, *span)),
        (_SQL_OPEN, open_transaction(reading, *span)),
    ):
        yield from _placed(document, rule, place)


def _unparsed(document: Document, artifact: Artifact) -> Iterator[Finding]:
    fenced = None
    if document.shows(_MENTIONS_FENCE):
        fenced = _WHOLE_FENCE.search(document.reading[artifact.start : artifact.end])
    within = fenced.span(2) if fenced is not None else (0, artifact.end - artifact.start)
    start, end = artifact.start + within[0], artifact.start + within[1]
    try:
        error = document.syntax.first_error(artifact.path, document.source(start, end))
    except UnreadError:
        yield _UNREAD.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
        return
    if error is not None:
        yield _DOES_NOT_PARSE.finding_at(document, *document.place_in_source(start, end, error))


def _sentences(document: Document, artifact: Artifact) -> Iterator[Finding]:
    for sentence in _SENTENCE.finditer(document.reading, artifact.start, artifact.end):
        first = sentence.start() + len(sentence.group()) - len(sentence.group().lstrip())
        if document.runs_at(first) and not document.is_string_at(first):
            yield _PROSE_INSIDE.finding(document, first, sentence.end())
            return


def _placed(document: Document, rule: Rule, place: Span | None) -> Iterator[Finding]:
    if place is not None:
        yield rule.finding(document, *place)
