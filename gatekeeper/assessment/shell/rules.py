"""Rules on commands: the value of one, and the matching of many against what a script does.

Owns how an act is told by program and arguments. The rules themselves stand in `analyzers/shell/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.shell.deeds import Deed
from gatekeeper.assessment.shell.places import Setting
from gatekeeper.assessment.text.reading import Pattern, compile_pattern


def in_sh(*scripts: str) -> tuple[str, ...]:
    """Return each script in a fence of shell, as the examples of rules give it."""
    return tuple(fenced("sh", script) for script in scripts)


def programs(names: str) -> frozenset[bytes]:
    """Return the names, as the programs of deeds are written."""
    return frozenset(name.encode("ascii") for name in names.split())


@dataclass(frozen=True, slots=True)
class Act:
    """Programs, with what their arguments say (one blank between them, none inside), unless they say something else."""

    programs: str
    says: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class CommandRule(Rule):
    """A rule found by any one of its acts."""

    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """A deed with what its judge may need beside it: where it runs, and what the script has made sure of before."""

    deed: Deed
    setting: Setting
    assigned: frozenset[bytes]
    stops_at_unset: bool
    downloaded: frozenset[bytes]
    checked: bool
    folder: bytes


Judge = Callable[[Situation], Iterator[Rule]]


class Acts:
    """The acts of many rules, by program; compiled once, at import."""

    def __init__(self, rules: Iterable[CommandRule]) -> None:
        self._by_program: dict[bytes, list[tuple[CommandRule, Pattern, Pattern | None]]] = {}
        for rule in rules:
            for act in rule.acts:
                compiled = (
                    rule,
                    compile_pattern(act.says),
                    compile_pattern(act.unless) if act.unless else None,
                )
                for program in act.programs.split():
                    self._by_program.setdefault(program.encode("ascii"), []).append(compiled)

    @property
    def programs(self) -> frozenset[bytes]:
        """Every program that some act names."""
        return frozenset(self._by_program)

    def rules_of(self, deed: Deed) -> Iterator[CommandRule]:
        """Yield the rules that an act of the deed's program trips."""
        for rule, says, unless in self._by_program.get(deed.program, ()):
            if says.search(deed.line) is not None and (unless is None or unless.search(deed.whole) is None):
                yield rule
