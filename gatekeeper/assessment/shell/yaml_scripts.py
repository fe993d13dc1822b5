"""Shell that stands in YAML: steps of workflows and pipelines, commands of containers, tasks of playbooks.

Owns which keys hold a script and which a list of words, and how their scalars are written. Reads lines, no whole YAML:
a broken file is still read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekeeper.assessment.shell.dockerfiles import json_words
from gatekeeper.assessment.text.reading import Match, compile_pattern

_WORDS = frozenset({b"command", b"args", b"entrypoint", b"test", b"cmd"})
_KEY = compile_pattern(
    r"(?m)^([ \t]*(?:-[ \t]+)*)[\"']?(run|(?:before_|after_|pre_|post_)?script|command|commands|args|entrypoint|bash|"
    r"pwsh|powershell|cmd|shell|raw|inline_?[sS]cript|runcmd|bootcmd|test|(?:start|build|release|post\w*|"
    r"pre\w*|on\w*)_?"
    r"[cC]ommand|install|before_install|after_success|user_data|steps|"
    r"ansible\.builtin\.(?:shell|command|raw))[\"']?[ \t]*:[ \t]*([^\n]*)$"
)
_BLOCK = compile_pattern(r"([|>])[0-9+-]*[ \t]*(?:#[^\n]*)?\r?$")
_ITEM = compile_pattern(r"[ \t]*-[ \t]+([^\n]*)")


@dataclass(frozen=True, slots=True)
class YamlScript:
    """A script, or the words of one command; `text` is as the shell sees it, `start:end` where it stands."""

    text: bytes
    words: tuple[bytes, ...]
    start: int
    end: int


def scripts_in_yaml(reading: bytes, start: int, end: int) -> Iterator[YamlScript]:
    """Yield what the keys that hold shell hold, in order."""
    at = start
    while (key := _KEY.search(reading, at, end)) is not None:
        at = max(key.end(), at + 1)
        yield from _value(reading, key, end)


def _value(reading: bytes, key: Match, end: int) -> Iterator[YamlScript]:
    value, begin, stop = key.group(3).strip(), key.start(3), key.end(3)
    if not value or value.startswith(b"#"):
        yield from _items(reading, key, end)
    elif _BLOCK.match(value) is not None:
        yield _block(reading, stop + 1, len(key.group(1)), end, folded=value.startswith(b">"))
    elif value.startswith(b"["):
        close = reading.find(b"]", begin, end)
        close = end if close < 0 else close
        words = json_words(reading[begin:close].replace(b"'", b'"').replace(b"\n", b" "))
        yield from _sequence(key.group(2), words, begin, close)
    else:
        yield YamlScript(_scalar(value), (), begin, stop)


def _items(reading: bytes, key: Match, end: int) -> Iterator[YamlScript]:
    least = _width(key.group(1)) + (1 if b"-" in key.group(1) else 0)
    found: list[YamlScript] = []
    at = key.end(3) + 1
    while at < end:
        line_end = _line_end(reading, at, end)
        item = _ITEM.match(reading, at, line_end)
        width = _width(reading[at:line_end])
        if reading[at:line_end].strip() and (width < least or (item is None and width == least)):
            break
        if item is not None and _BLOCK.match(item.group(1).strip()) is not None:
            block = _block(reading, line_end + 1, width, end, folded=item.group(1).startswith(b">"))
            found.append(block)
            line_end = max(line_end, block.end - 1)
        elif item is not None:
            found.append(YamlScript(_scalar(item.group(1).strip()), (), item.start(1), item.end(1)))
        at = line_end + 1
    if found and key.group(2) in _WORDS:
        yield YamlScript(b"", tuple(each.text for each in found), found[0].start, found[-1].end)
    else:
        yield from found


def _sequence(key: bytes, words: tuple[bytes, ...], start: int, end: int) -> Iterator[YamlScript]:
    if key in _WORDS:
        yield YamlScript(b"", words[1:] if words[:1] in ((b"CMD",), (b"CMD-SHELL",)) else words, start, end)
    else:
        yield from (YamlScript(each, (), start, end) for each in words)


def _block(reading: bytes, start: int, indent: int, end: int, *, folded: bool) -> YamlScript:
    at = start
    while at < end:
        line_end = _line_end(reading, at, end)
        line = reading[at:line_end]
        if line.strip() and len(line) - len(line.lstrip(b" \t")) <= indent:
            break
        at = line_end + 1
    stop = min(at, end)
    text = reading[start:stop]
    return YamlScript(text.replace(b"\n", b" ") if folded else text, (), start, max(start, stop))


def _scalar(value: bytes) -> bytes:
    if value[:1] == b'"' and value[-1:] == b'"' and len(value) > 1:
        return value[1:-1].replace(b'\\"', b'"').replace(b"\\n", b"\n").replace(b"\\\\", b"\\")
    if value[:1] == b"'" and value[-1:] == b"'" and len(value) > 1:
        return value[1:-1].replace(b"''", b"'")
    return value


def _line_end(reading: bytes, at: int, end: int) -> int:
    found = reading.find(b"\n", at, end)
    return end if found < 0 else found


def _width(text: bytes) -> int:
    return len(text) - len(text.lstrip(b" \t"))
