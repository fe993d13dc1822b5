"""What the commands of a script do in the end: wrappers taken off, quoted scripts read where a shell is given them.

Owns which programs run other programs (sudo, xargs, ssh, sh -c, eval, find -exec, containers) and which run what is
piped or fed to them. Bounded in depth. Refuses any judgement of a deed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gatekeeper.assessment.shell.script import Command, read_script
from gatekeeper.assessment.text.reading import compile_pattern

DEEPEST_SCRIPT = 6
MOST_WRAPPERS = 12

SHELLS = frozenset({b"sh", b"bash", b"zsh", b"dash", b"ash", b"ksh", b"fish"})
INTERPRETERS = frozenset(
    {b"python", b"python2", b"python3", b"perl", b"ruby", b"node", b"php", b"deno", b"bun", b"pwsh"}
)
_VALUED = {
    b"sudo": b"ugpCThUrt", b"doas": b"uC", b"env": b"uC", b"nice": b"n", b"ionice": b"cn", b"exec": b"a",
    b"timeout": b"sk", b"xargs": b"InPLdasE", b"watch": b"n", b"stdbuf": b"oie", b"strace": b"eop", b"parallel": b"jaI",
    b"flock": b"wE", b"chrt": b"", b"taskset": b"", b"time": b"fo", b"runuser": b"ug", b"gosu": b"", b"su-exec": b"",
    b"nohup": b"", b"command": b"", b"builtin": b"", b"setsid": b"", b"busybox": b"", b"unbuffer": b"", b"chroot": b"",
    b"cross-env": b"", b"npx": b"pc", b"caffeinate": b"tw", b"chronic": b"", b"torsocks": b"", b"proxychains": b"f",
    b"dotenv": b"ef", b"unshare": b"", b"nsenter": b"t",
}  # fmt: skip
# How many words stand between a wrapper's options and the command that it runs.
_LEADING = {b"timeout": 1, b"chroot": 1, b"flock": 1, b"gosu": 1, b"su-exec": 1, b"taskset": 1, b"chrt": 1}
_SUBCOMMAND = {
    b"bundle": b"exec", b"poetry": b"run", b"pipenv": b"run", b"uv": b"run", b"heroku": b"run", b"railway": b"run",
    b"pnpm": b"exec", b"doppler": b"run", b"rails": b"runner",
}  # fmt: skip
_CONTAINERS = frozenset(
    {b"docker", b"podman", b"kubectl", b"oc", b"nerdctl", b"docker-compose", b"lxc", b"crictl"}
)
_INSIDE_CONTAINERS = SHELLS | {
    b"rm", b"psql", b"dropdb", b"mysql", b"mysqladmin", b"mongo", b"mongosh", b"redis-cli", b"find", b"env",
    b"printenv", b"cat",
    b"dd", b"curl", b"wget", b"chmod", b"python", b"python3", b"node", b"chroot", b"nsenter", b"mariadb",
}  # fmt: skip
_SSH_VALUED = b"BbcDEeFIiJLlmOopQRSWw"
_TELLERS = frozenset({b"echo", b"printf", b"cat"})
_SCHEDULE = compile_pattern(r"(?m)^[ \t]*(?:@\w+|(?:[\d*/,-]+[ \t]+){4}[\d*/,-]+)[ \t]+")
_CODE_RUNS = compile_pattern(
    r"\b(?:system|popen|exec\w*|run|call|check_output|spawn\w*|getoutput)\(?\s*\[?\s*[\"'`]([^\"'`]{3,400})"
)
_ASSIGNED = compile_pattern(r"[A-Za-z_]\w*=")


@dataclass(frozen=True, slots=False, eq=False)
class Deed:
    """A program with its arguments, placed at `start:end`; `command` is where it was written."""

    program: bytes
    words: tuple[bytes, ...]
    start: int
    end: int
    command: Command
    as_root: bool

    @cached_property
    def line(self) -> bytes:
        """The program and its arguments, one blank between them and none inside them."""
        return b" ".join((self.program, *(word.translate(_NO_BLANKS) for word in self.words)))

    @cached_property
    def whole(self) -> bytes:
        """The line with the variables that are set for it before the program."""
        return b" ".join((*(each.translate(_NO_BLANKS) for each in self.command.assignments), self.line))

    @property
    def told(self) -> bytes | None:
        """What is piped or fed to the program, where the script itself says it."""
        return _told(self.command)


_NO_BLANKS = bytes.maketrans(b" \t\n\r", b"\x1f\x1f\x1f\x1f")


def deeds_of(commands: tuple[Command, ...], depth: int = 0) -> Iterator[Deed]:
    """Yield what `commands` do, in order; a wrapper comes before what it wraps where it matters itself."""
    for command in commands:
        words = [word.text for word in command.words]
        if words or command.redirects or command.assignments:
            yield from _unwrapped(words, command, False, depth, MOST_WRAPPERS)


def program_of(word: bytes) -> bytes:
    """Return a program's name without its folder."""
    return word.rpartition(b"/")[2]


def _unwrapped(words: list[bytes], command: Command, as_root: bool, depth: int, left: int) -> Iterator[Deed]:
    program = program_of(words[0]).lower() if words else b""
    rest = words[1:]
    yield Deed(program, tuple(rest), command.start, command.end, command, as_root)
    if left == 0:
        return
    as_root = as_root or program in (b"sudo", b"doas")
    inner = _wrapped(program, rest)
    if inner:
        yield from _unwrapped(inner, command, as_root, depth, left - 1)
    for script in _scripts(program, rest, command) if depth < DEEPEST_SCRIPT else ():
        read = read_script(script, 0, len(script), (command.start, command.end))
        yield from deeds_of(read.commands, depth + 1)


def _wrapped(program: bytes, rest: list[bytes]) -> list[bytes]:
    """Return the command that a wrapper runs, none when the program is no wrapper."""
    if program in _VALUED:
        if program == b"command" and rest[:1] in ([b"-v"], [b"-V"]):
            return []
        at = _after_options(rest, _VALUED[program])
        while at < len(rest) and _ASSIGNED.match(rest[at]) is not None:
            at += 1
        return rest[at + _LEADING.get(program, 0) :]
    if _SUBCOMMAND.get(program, b"-") in rest[:1]:
        return rest[1 + _after_options(rest[1:], b"") :]
    if program in _CONTAINERS and (b"exec" in rest[:2] or b"run" in rest[:2]):
        if b"--" in rest:
            return rest[rest.index(b"--") + 1 :]
        inside = (i for i, word in enumerate(rest) if i > 1 and program_of(word) in _INSIDE_CONTAINERS)
        return rest[next(inside, len(rest)) :]
    if program in (b"find", b"fd"):
        runs = (i for i, word in enumerate(rest) if word in (b"-exec", b"-execdir", b"-ok", b"-x"))
        return [word for word in rest[next(runs, len(rest)) + 1 :] if word not in (b";", b"+")]
    return []


def _scripts(program: bytes, rest: list[bytes], command: Command) -> Iterator[bytes]:
    """Yield the scripts that a program is given to run; a here-document alone is the whole of an image's step."""
    if not program:
        yield command.body
    elif program in SHELLS:
        at = next(
            (
                i
                for i, word in enumerate(rest)
                if word[:1] == b"-" and b"c" in word[1:6] and word[1:2] != b"-"
            ),
            None,
        )
        if at is not None:
            yield from rest[at + 1 : at + 2]
        else:
            yield _told(command) or b""
    elif program in (b"ssh", b"sshpass", b"dbclient"):
        words = rest[rest.index(b"ssh") + 1 :] if b"ssh" in rest else rest
        remote = words[_after_options(words, _SSH_VALUED) + 1 :]
        yield b" ".join(remote)
        yield _told(command) or b""
    elif program in (b"su", b"runuser"):
        at = next((i for i, word in enumerate(rest) if word in (b"-c", b"--command", b"-lc")), None)
        yield from rest[at + 1 : at + 2] if at is not None else (_told(command) or b"",)
    elif program in INTERPRETERS:
        for code in _codes(rest):
            yield from (match.group(1) for match in _CODE_RUNS.finditer(code))
    elif program == b"eval":
        yield b" ".join(rest)
    elif program in (b"trap", b"watch", b"parallel", b"batch", b"concurrently"):
        yield from (word for word in rest if b" " in word)
    elif program == b"alias":
        yield from (word.partition(b"=")[2] for word in rest)
    elif program == b"crontab" and b"-" in rest:
        told = _told(command) or b""
        yield b"\n".join(told[each.end() :].partition(b"\n")[0] for each in _SCHEDULE.finditer(told))
    elif program in (b"at", b"source", b"."):
        yield _told(command) or b""


def _codes(rest: list[bytes]) -> Iterator[bytes]:
    for at, word in enumerate(rest[:-1]):
        if word in (b"-c", b"-e", b"-r", b"-Command", b"-p"):
            yield rest[at + 1]


def _told(command: Command) -> bytes | None:
    if command.body:
        return command.body
    source = command.source
    if source is None or not source.words:
        return None
    words = [word.text for word in source.words]
    if words[0] in (b"sudo", b"command"):
        words = words[1:]
    if not words or program_of(words[0]) not in _TELLERS:
        return None
    if words[0] == b"cat":
        return source.body or None
    return b" ".join(word for word in words[1:] if word not in (b"-e", b"-n", b"-en", b"-ne")).replace(
        b"\\n", b"\n"
    )


def _after_options(words: list[bytes], valued: bytes) -> int:
    at = 0
    while at < len(words) and words[at][:1] == b"-" and len(words[at]) > 1:
        if words[at] == b"--":
            return at + 1
        short = words[at][1:2] != b"-"
        at += 2 if short and len(words[at]) == 2 and words[at][1] in valued else 1
    return at
