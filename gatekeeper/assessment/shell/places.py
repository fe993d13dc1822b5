"""Where shell stands in a proposal: scripts, images, workflow steps, recipes, strings that code runs, told commands.

Owns the finding of these places. A comment, a quoted message and a document stand nowhere. Refuses to read shell
itself: that is `script.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from gatekeeper.assessment.shell.dockerfiles import images_in, instructions, is_image, json_words
from gatekeeper.assessment.shell.told import command_lines, is_run_inline, told_commands
from gatekeeper.assessment.shell.yaml_scripts import scripts_in_yaml
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.context import is_denied
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span, is_within, lex
from gatekeeper.assessment.text.reading import Pattern, compile_pattern

MOST_PLACES = 2000
_LONGEST_GAP = 40
_RUNNING = ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK")


class Setting(StrEnum):
    """Where a script runs: on a host, while an image is built, in a pipeline, from code, or as the text tells."""

    HOST = "host"
    IMAGE = "image"
    PIPELINE = "pipeline"
    CODE = "code"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Place:
    """A script at `start:end`; `text` is None when it stands there as it is, else it is put together from there."""

    setting: Setting
    start: int
    end: int
    text: bytes | None = None


_PROMPT = compile_pattern(r"\s*(?:[$%>]|\[?[\w.~:/-]+@[\w.~:/ -]+\]?[$#%>])[ \t]+[a-z:>]")
_PROMPT_LINE = compile_pattern(r"(?m)^[ \t]*(?:[$%>]|\[?[\w.~:/-]+@[\w.~:/ -]+\]?[$%#>])[ \t]+([^\n]*)$")
_SHEBANG = compile_pattern(r"\s*#![^\n]*\b(?:sh|bash|zsh|dash|ksh|ash)\b")
_YAML = compile_pattern(
    r"(?m)^[ \t]*(?:-[ \t]+)?(?:run|script|before_script|command|args|entrypoint|jobs|steps|services|stages)[ \t]*:"
)
_RUNNER = compile_pattern(
    r"(?:\b(?:exec(?:Sync|File|FileSync|Async|_command|v[pe]*|l[pe]*)?|spawn(?:Sync)?|system|popen\w*|"
    r"Popen|run(?:Command|_command|Script)?|"
    r"call|check_call|check_output|getoutput|getstatusoutput|shell_exec|passthru|proc_open|execa\w*|shell|"
    r"sh|bash|Command(?:::new)?|"
    r"CommandContext|create_subprocess_\w+|sudo|local|invoke|ProcessBuilder|start|cmd|"
    r"\$)\s*[(!]?\(?\s*(?:ctx,\s*)?(?:script\s*:\s*)?"
    r"(?:new\s+String\[\]\s*\{|\[|\{|List\.of\(|Arrays\.asList\()?\s*[rbfu]{0,2}|\$|%x|(?:\b(?:cmd|"
    r"command|script|shellCommand)\s*(?::|:=|=)\s*[rbf]?))"
    r"[\"'`]{1,3}$"
)
_BETWEEN_WORDS = compile_pattern(r"[\"'`]\s*(?:,\s*\[?|\)\s*\.args?\(\s*&?\[?|\s)\s*[rbfu]{0,2}[\"'`]$")
_MAKE_RULE = compile_pattern(r"(?m)^[\w./%$(){} -]+:(?:[^=\n][^\n]*)?\n\t")
_RECIPE = compile_pattern(r"(?m)^\t[@+-]*((?:[^\\\n]|\\(?s:.))*)$")
_CALLS = compile_pattern(
    r"\b(?:exec|spawn|system|popen|subprocess|Command|shell_exec|passthru)\w*[.(]|"
    r"\bsh[ (]+['\"]"
)
_SCRIPTS = compile_pattern(r"\"scripts\"\s*:\s*\{([^{}]*)\}")
_JSON_VALUE = compile_pattern(r"\"[\w:.-]+\"\s*:\s*\"((?:[^\"\\\n]|\\.)*)\"")
_CRON_LINE = compile_pattern(
    r"(?m)^[ \t]*(?:@(?:reboot|daily|hourly|weekly|monthly|yearly|midnight)|"
    r"(?:[\d*][\d*/,-]*[ \t]+){4}[\d*][\d*/,-]*)[ \t]+(?:(?:root|postgres|www-data|ubuntu|deploy|app|"
    r"admin|nobody)[ \t]+)?([^\n]+)$"
)
_UNIT = compile_pattern(r"(?m)^Exec(?:Start|StartPre|StartPost|Stop|StopPost|Reload)=[@!+:-]*([^\n]+)$")
_PROCFILE = compile_pattern(r"(?m)^[a-z][\w-]*:[ \t]+([^\n]+)$")
_SILENT = ("markdown", "text")


def places_in(document: Document, may_matter: Pattern) -> Iterator[Place]:
    """Yield where shell stands, in no order; places in which `may_matter` matches nothing are left out."""
    found = (
        place
        for place in _Finder(document, may_matter).all()
        if may_matter.search(*_searched(document, place)) is not None
    )
    yield from islice(found, MOST_PLACES)


def _searched(document: Document, place: Place) -> tuple[bytes, int, int]:
    if place.text is not None:
        return place.text, 0, len(place.text)
    return document.reading, place.start, place.end


class _Finder:
    """Looks through the artifacts of one document, and what stands between them."""

    def __init__(self, document: Document, may_matter: Pattern) -> None:
        self._document = document
        self._reading = document.reading
        self._may_matter = may_matter
        self._images = list(images_in(document))

    def all(self) -> Iterator[Place]:
        for start, end in self._images:
            yield from self._image(start, end)
        at = 0
        for artifact in self._document.artifacts:
            if artifact.kind in (Kind.FILE, Kind.FENCE):
                yield from self._loose(at, artifact.start)
                at = artifact.end
                yield from self._artifact(artifact)
            elif artifact.kind is Kind.INLINE and is_run_inline(self._reading, artifact.start, artifact.end):
                yield Place(Setting.SAID, artifact.start, artifact.end)
        yield from self._loose(at, len(self._reading))

    def _image(self, start: int, end: int) -> Iterator[Place]:
        for each in instructions(self._reading, start, end):
            if each.name not in _RUNNING:
                continue
            setting = Setting.IMAGE if each.name == "RUN" else Setting.HOST
            words = json_words(each.value)
            yield Place(setting, each.start, each.end, _quoted(words) if words else _shell_form(each.value))

    def _artifact(self, artifact: Artifact) -> Iterator[Place]:
        start, end = artifact.start, artifact.end
        if artifact.language in _SILENT or is_image(self._reading, artifact):
            return
        if self._may_matter.search(self._reading, start, end) is None:
            return
        if artifact.language == "shell" or _SHEBANG.match(self._reading, start, end) is not None:
            yield from self._script(start, end)
        elif artifact.language == "yaml":
            yield from self._yaml(start, end)
        elif artifact.language == "json":
            yield from self._json(start, end)
        else:
            yield from self._by_name(artifact)
            spans = (each for each in self._document.strings if start <= each[0] < end)
            yield from self._strings(spans, start)

    def _script(self, start: int, end: int) -> Iterator[Place]:
        if _PROMPT.match(self._reading, start, end) is None:
            yield Place(Setting.HOST, start, end)
            return
        for line in _PROMPT_LINE.finditer(self._reading, start, end):
            yield Place(Setting.HOST, line.start(1), line.end(1))

    def _yaml(self, start: int, end: int) -> Iterator[Place]:
        for script in scripts_in_yaml(self._reading, start, end):
            text = _quoted(script.words) if script.words else script.text
            yield Place(Setting.PIPELINE, script.start, script.end, text)

    def _json(self, start: int, end: int) -> Iterator[Place]:
        for scripts in _SCRIPTS.finditer(self._reading, start, end):
            for value in _JSON_VALUE.finditer(self._reading, scripts.start(1), scripts.end(1)):
                text = value.group(1).replace(b'\\"', b'"').replace(b"\\\\", b"\\")
                yield Place(Setting.PIPELINE, value.start(1), value.end(1), text)

    def _by_name(self, artifact: Artifact) -> Iterator[Place]:
        start, end = artifact.start, artifact.end
        if _MAKE_RULE.search(self._reading, start, end) is not None:
            yield from self._groups(_RECIPE, start, end)
        yield from self._groups(_UNIT, start, end)
        if artifact.language == "":
            yield from self._groups(_CRON_LINE, start, end)
            if artifact.path.rpartition("/")[2].startswith("Procfile"):
                yield from self._groups(_PROCFILE, start, end)
            elif artifact.kind is Kind.FENCE:
                yield from self._lines(start, end)
                yield from (
                    self._yaml(start, end) if _YAML.search(self._reading, start, end) is not None else ()
                )

    def _groups(self, pattern: Pattern, start: int, end: int) -> Iterator[Place]:
        for match in pattern.finditer(self._reading, start, end):
            yield Place(Setting.HOST, match.start(1), match.end(1))

    def _strings(self, spans: Iterable[Span], least: int) -> Iterator[Place]:
        gathered: list[Span] = []
        for start, end in spans:
            if gathered and self._goes_on(gathered[-1][1], start):
                gathered.append((start, end))
                continue
            yield from self._gathered(gathered)
            before = self._reading[max(least, start - 60) : start]
            gathered = [(start, end)] if _RUNNER.search(before) is not None else []
        yield from self._gathered(gathered)

    def _goes_on(self, end: int, start: int) -> bool:
        return start - end <= _LONGEST_GAP and _BETWEEN_WORDS.search(self._reading[end:start]) is not None

    def _gathered(self, spans: list[Span]) -> Iterator[Place]:
        if not spans:
            return
        words = [self._reading[start:end] for start, end in spans]
        text = (
            words[0].replace(b'\\"', b'"') if len(words) == 1 or b" " in words[0] else _quoted(tuple(words))
        )
        yield Place(Setting.CODE, spans[0][0], spans[-1][1], text)

    def _loose(self, start: int, end: int) -> Iterator[Place]:
        if self._may_matter.search(self._reading, start, end) is None:
            return
        if _SHEBANG.match(self._reading, start, end) is not None:
            yield Place(Setting.HOST, start, end)
            return
        yield from self._lines(start, end)
        if _YAML.search(self._reading, start, end) is not None:
            yield from self._yaml(start, end)
        yield from self._json(start, end)
        yield from self._groups(_UNIT, start, end)
        yield from self._groups(_CRON_LINE, start, end)
        if _CALLS.search(self._reading, start, end) is not None:
            yield from self._strings(lex(self._reading, start, end, "").strings, start)
        for span, told in told_commands(self._document.flowing, start, end):
            yield Place(Setting.SAID, *span, told)

    def _lines(self, start: int, end: int) -> Iterator[Place]:
        lines = [
            line for line in command_lines(self._reading, start, end) if not is_within(self._images, line[0])
        ]
        if not lines:
            return
        written = sum(1 for line in self._reading[start:end].split(b"\n") if line.strip())
        if len(lines) * 2 >= written:
            yield from self._script(lines[0][0], end)
            return
        for first, last in lines:
            if not is_denied(self._reading, first, last):
                yield Place(Setting.SAID, first, last)


def _quoted(words: tuple[bytes, ...]) -> bytes:
    return b" ".join(b"'" + word.replace(b"'", b"'\\''") + b"'" for word in words)


_OPTIONS = compile_pattern(r"(?:--\w+(?:=\S+)?[ \t]+)*(?:CMD[ \t]+)?")


def _shell_form(value: bytes) -> bytes:
    options = _OPTIONS.match(value)
    return value[options.end() if options is not None else 0 :]
