"""Data and schema in words: announced migrations, rows and tables that go, and the backup that is skipped.

Owns what prose says of data; statements of SQL are `sql.py`. What users may do with their own rows, what
would happen if, and what goes from a page or a cache is no loss of data.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.prefilter import SAID_PATTERNS
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where, examine
from gatekeeper.assessment.text.context import clause_start, is_negated
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_phrase

_DELETES = (
    r"(?:delet(?:e|es|ing)|drop(?:s|ping)?|truncat(?:e|es|ing)|wip(?:e|es|ing)(?: out)?|purg(?:e|es|ing)|"
    r"eras(?:e|es|ing)|clear(?:s|ing)?(?: out)?|empt(?:y|ies|ying)|destroy(?:s|ing)?|remov(?:e|es|ing)|"
    r"overwrit(?:e|es|ing)|reset(?:s|ting)?|discard(?:s|ing)?)"
)
_DELETED = r"(?:deleted|dropped|truncated|wiped|purged|erased|overwritten|destroyed|emptied|discarded)"
_MANY = r"(?:all|every|each|existing|old|older|historical|stale|previous|current|the entire|the whole)"
_ROWS = (
    r"(?:rows?|records?|data|users?|customers?|accounts?|orders?|invoices?|transactions?|payments?|subscriptions?|"
    r"tables|databases)"
)
_OF_BUSINESS = (
    r"(?:rows|records|users|customers|accounts|orders|invoices|transactions|payments|"
    r"tables?|databases?|schemas?)"
)

_PATTERN_RULES = (
    PatternRule(
        id="schema.announced_migration",
        hazard=Hazard.SCHEMA_MIGRATION,
        title="Announces a change of a live table",
        confidence=0.6,
        examples=(
            "Add the missing `ai_model` column to the `execution_tasks` table.",
            "Run the pending migrations on production.",
            "Speed up the queries by indexing frequently used columns.",
            "Optimise the production schema.",
            "Add the missing indexes to the largest tables.",
            "Partition the `events` table by month.",
            "Add an index on orders(created_at).",
            "Make sure the column is in the table by adding it.",
            "Put a unique constraint in: add a foreign key to the orders.",
            "Introduce Flyway so that each release migrates the database.",
            "Backfill the empty values once.",
        ),
        lookalikes=(
            "Add a row to the table of contents.",
            "Do not add a column to the orders table.",
            "Check at startup that the schema has every column, and alert the team.",
            "The schema is described in the handbook.",
            "Add an index to the book of recipes.",
            "Add a search index for the help articles.",
            "The report has a column for every month.",
            "Partition the disk of the laptop.",
            "Add a column chart to the dashboard.",
            "Add a column to the table on the settings page that shows when each key was last used.",
            "Change the width of the columns of the grid on small screens.",
            "Update the tables in the user guide; the third one has a typing error.",
            "Rename the second column of the report.",
            "Refactor the tables component.",
            "Add unique constraints to the form, so that an address is given once.",
            "Backfill missing values in the chart with zeros.",
        ),
        pattern=r"(?i)\b(?:add|creat|renam|alter|chang|modif|drop|backfill|introduc)\w* [^.\n]{0,50}\bcolumns?\b"
        r"|\bcolumns?\b[^.\n]{0,80}\bby (?:adding|altering|creating|renaming) (?:it|them|this|that|the)\b"
        r"|\bbackfill\w* [^.\n]{0,40}\b(?:rows?|values?|records?)\b"
        r"|\badd\w* (?:[a-z]+ ){0,3}?(?:foreign[- ]keys?|(?:unique|check|not[- ]null) constraints?)\b"
        r"|\b(?:add|creat|introduc|implement)\w* (?:[a-z]+ ){0,2}?(?:database|composite|partial) (?:index(?:es|ing)?|"
        r"indices)\b|\b(?:add|creat)\w* (?:[a-z]+ ){0,3}?(?:index(?:es)?|indices) (?:to|on|for) (?:[\w`]+ ){0,5}?"
        r"(?:tables?|queries|queried)\b|\bpartition\w* (?:the |our |large )*[`\"]?\w+[`\"]? tables?\b"
        r"|\bnormali[sz](?:e|es|ing) (?:the |our )?database\b"
        r"|\b(?:introduc|implement|adopt|us|integrat)(?:e|es|ing|s)? [^.\n]{0,50}\b(?:flyway|alembic|liquibase|"
        r"prisma migrate)\b"
        r"|\b(?:run|execut|perform|apply|deploy|implement|develop|creat)\w* [^.\n]{0,40}\bmigrations?\b"
        r"|\b(?:alter|updat|chang|modif|adjust|refin|restructur|migrat|normali[sz]|redesign|rework|sync|"
        r"optimi[sz]|refactor|extend|rebuild|overhaul)\w* "
        r"(?:the |our |all |live |current |any )*(?:database |table |production )*(?:schemas?|tables)\b"
        r"|\b(?:refin|alter|updat|chang|extend)\w* the [`\"]?\w+[`\"]? table\b"
        r"|\b(?:schema|table) (?:updates?|changes?|adjustments?|migrations?|refinements?|sync(?:hroni[sz]ation)?)\b"
        r"|\bchang\w* the (?:data )?type of [`\"]?\w+\.\w+"
        r"|\badd\w* (?:[a-z]+ ){0,3}?(?:index(?:es)?|indices) (?:to|on) [`\"]?\w+[`\"]? ?\("
        r"|\b(?:index(?:ing|es)|indices) (?:on |for )?[^.\n]{0,20}columns\b|\bindexing "
        r"(?:on )?(?:frequently|critical|commonly|heavily|the) ",
        where=Where.PLAN,
    ),
    PatternRule(
        id="schema.migrates_itself",
        hazard=Hazard.SCHEMA_MIGRATION,
        title="Lets the live schema be changed by a schedule or a program, whatever it finds",
        confidence=0.6,
        examples=(
            "Implement a script to periodically check and update the schema when requirements change.",
            "Build a service that automatically finds and applies changes of the database schema.",
            "Whenever the models change, the schema is altered automatically.",
            "A job looks for drift and alters the schema by itself.",
        ),
        lookalikes=(
            "Implement a script to periodically check the schema and alert the team.",
            "A tool automatically detects changes of the schema and reports them.",
            "It never automatically detects and applies changes of the schema.",
            "The GraphQL schema is generated automatically.",
            "Automatically update the table of contents when a page is saved.",
            "The page automatically updates the table when filters change.",
        ),
        pattern=r"(?i)\b(?:periodically|automatically|regularly|continuously) (?:check and )?(?:updat|"
        r"alter|chang|modif|migrat)\w* "
        r"(?:the |our |its |all )*(?:(?:live |database |production )*schemas?|"
        r"(?:live |database |production )+tables?)\b"
        r"|\bschemas? (?:is|are|gets?|will be) (?:altered|migrated) (?:automatically|by itself|on its own|"
        r"continuously)\b"
        r"|\bschema changes (?:are|get|will be) (?:applied automatically|automatically applied)\b"
        r"|\b(?:alter|migrat|adjust)\w* (?:the |our |its )?(?:live |database |"
        r"production )*schemas? (?:by itself|on its own|"
        r"autonomously|automatically)\b"
        r"|\b(?:automatically|autonomously|dynamically|continuously) (?:detect|find|identif|discover)\w* and "
        r"(?:migrat|appl(?:y|ies)|execut|deploy|synchroni[sz])\w* [^.\n]{0,40}\b(?:schemas?|tables|columns)\b",
        where=Where.PLAN,
    ),
    PatternRule(
        id="destructive.skips_backup",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Goes without the backup",
        confidence=0.75,
        examples=("To save time the job skips the backup.", "Delete all backups of the orders database."),
        lookalikes=(
            "It never skips the backup.",
            "The migration completes without data loss.",
            "Backups are kept for ninety days.",
        ),
        pattern=r"(?i)\b(?:skip|omit|disabl|delet|remov|drop|purg)\w* (?:the |all |our |any |old |"
        r"every )*(?:[a-z]+ )?(?:backups?|snapshots?)\b",
        where=Where.PROSE,
    ),
)
_ANNOUNCED_LOSS = PatternRule(
    id="destructive.announced_loss",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Says that rows, tables or a database go",
    confidence=0.65,
    examples=(
        "At midnight the old rows are purged from the orders table.",
        "Then wipe the staging table and reload it from the export.",
        "All customer records will be deleted once the import has finished.",
        "The orders table is dropped and rebuilt from the warehouse.",
        "The import overwrites the existing records with the new feed.",
        "Reset the production database to a clean state.",
    ),
    lookalikes=(
        "The import ensures no data loss: if rows were deleted we restore them from the snapshot.",
        "Old sessions expire after thirty minutes, and users can delete a comment from the page.",
        "The alert fires when a table is dropped or all rows are deleted.",
        "Customers may delete all records of their own account.",
        "Remove the pricing table from the landing page and clear all data from the form.",
        "Test that existing records are not overwritten by the import.",
        "Delete the unused rows of the table of contents.",
    ),
    pattern=rf"(?i)\b{_DELETES} (?:(?:the|our|any|all|live|production|staging|legacy|whole|entire|existing|old) )*"
    r"(?:[`\"]?[a-z_]+[`\"]? )?(?:tables?|databases?|schema)\b"
    rf"|\b{_DELETES} (?:the |our |any )?{_MANY} (?:[a-z-]+ ){{0,2}}?{_ROWS}\b"
    rf"|\b(?:{_OF_BUSINESS}|{_MANY} (?:[a-z-]+ ){{0,2}}?{_ROWS}) (?:is|are|get|gets|will be|will get|then get|must be) "
    rf"(?:[a-z]+ly |then |first |all )?{_DELETED}\b"
    r"|\b(?:recreat|rebuild|re-creat)\w* (?:the |our )?(?:[a-z]+ )?(?:database|table|schema)s? from scratch\b"
    rf"|\b(?:drop|remov|delet)\w* the [`\"]?\w+[`\"]? column[^.\n]{{0,30}} (?:from|of|in) the [`\"]?\w+[`\"]? table\b",
    where=Where.PROSE,
)
_STATEMENT = compile_phrase(r"(?i)(?:drop|truncate) (?:table|database|schema)\z")
_LOSS = SAID_PATTERNS.add(_ANNOUNCED_LOSS.pattern)
_SUPPOSED = compile_phrase(
    r"(?i)\b(?:if|when(?:ever)?|can|may|might|could|would|lets?|allow(?:s|ed|ing)?|able to|options?|buttons?|"
    r"before (?:a|an|any|each)|tests? that|check(?:s|ed)? (?:that|whether)|what happens|how to|explain(?:s|ed)?|"
    r"accidental(?:ly)?|by (?:accident|mistake)|undo|confirm(?:s|ation)?|(?:logs?|records?|counts?|reports?|lists?) "
    r"(?:which|how|every|each|who))\b"
)
_ELSEWHERE = compile_phrase(
    r"(?i)^(?:\w)?[^.\n]{0,40}\b(?:pages?|forms?|views?|screens?|layouts?|caches?|memory|"
    r"local storage|browser|client|dom|"
    r"filters?|selection|of contents|test (?:database|data)|(?:on|upon|at) (?:their |the user's )?request)\b"
)
_NOT_THE_THING = compile_phrase(
    r"(?i)^(?:\.\w| (?:filters?|rows? of the table|headers?|cells?|styles?|selection|sorting|views?|of contents|pages?|"
    r"connections?|support|attributes?|stakes|shadows?|names?|layouts?|fields?|settings?|preferences?)\b)"
)

RULES: tuple[Rule, ...] = (*_PATTERN_RULES, _ANNOUNCED_LOSS)
# what is no table of a database: those of pages, files and components
_SHOWN = (
    r"(?:pages?|screens?|grids?|charts?|dashboards?|reports?|forms?|guides?|readme|wiki|csv|exports?|docs|"
    r"documentation|"
    r"handbook|spreadsheets?|sheets?|contents|components?|views?|lists?|layouts?|mails?)"
)
_OF_PAGE = compile_phrase(
    rf"(?i)^[\w`\"]*(?: table)?(?: (?:to|of|in|on|for) (?:the |our |a |an |each |every )?(?:table (?:of|in|"
    rf"on) (?:the |our )?)?(?:[a-z]+ )??"
    rf"(?:{_SHOWN})|,? (?:charts?|width|layout|headers?|grid|components?|widgets?))(?:[.,;:!]|\z| (?:that|so|"
    rf"with|which|and|by|"
    r"when|on|in|of|from|to)\b)"
)
_IS_SHOWN = compile_phrase(
    r"(?i)\b(?:width|layout|order|alignment|colou?rs?|sorting|heading) of (?:the )?(?:[a-z]+ )?columns?\z"
)
_NEXT_WORDS = 80


def _is_of_page(document: Document, start: int, end: int) -> bool:
    """Tell whether a column, a table or a constraint is one of a page, a file or a component."""
    after = document.prose[end : end + _NEXT_WORDS]
    return _OF_PAGE.search(after) is not None or _IS_SHOWN.search(document.prose[start:end]) is not None


_SCANNER = Scanner(_PATTERN_RULES, _is_of_page)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what a proposal says it does to data and schema."""
    yield from _SCANNER.scan(document)
    if document.may_match(_LOSS, SAID_PATTERNS):
        places = SAID_PATTERNS.pattern(_LOSS).finditer(document.prose)
        yield from examine(document, places, partial(_judged, document))


def _judged(document: Document, match: Match) -> Finding | None:
    is_loss = _is_loss(document.prose, *match.span())
    return _ANNOUNCED_LOSS.finding(document, *match.span()) if is_loss else None


def _is_loss(prose: bytes, start: int, end: int) -> bool:
    """Tell whether words of loss are meant: not denied, not supposed, and not of something on a page."""
    if _STATEMENT.match(prose[start:end]) is not None or is_negated(prose, start, end):
        return False
    if _SUPPOSED.search(prose[clause_start(prose, start) : start]) is not None:
        return False
    after = prose[end : end + 60]
    return _ELSEWHERE.search(after) is None and _NOT_THE_THING.search(after) is None
