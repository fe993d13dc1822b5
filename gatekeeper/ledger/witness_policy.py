"""C2SP tlog-policy: which logs are known, and which witnesses together make a checkpoint good enough.

Owns the file's syntax and the counting of a quorum. A checkpoint is good when a known log signed it and the quorum
cosigned it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatekeeper.ledger.keys import KeyFormatError, Kind, VerifierKey, parse_vkey
from gatekeeper.ledger.note import Note, NoteError, signed_by

NO_QUORUM = "none"
_LONGEST_SHOWN = 40
_COSIGNATURES = (Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44)


class PolicyFileError(ValueError):
    """The text is not a policy; the message names the line."""


class NotWitnessedError(NoteError):
    """A known log signed the checkpoint, but too few witnesses did: not contradicted, and not proven."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by its name in the policy, its key, and the address at which it cosigns, if it is given."""

    name: str
    key: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Members of which `threshold` must have witnessed."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """A policy as it was written. `quorum` names a witness or a group, or is `none`."""

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[Witness, ...]
    groups: dict[str, Group]
    quorum: str

    def text(self, *, with_addresses: bool) -> str:
        """The policy as a file. Verifiers need no addresses; a log asks its witnesses there."""
        lines = [f"log {log.vkey}" for log in self.logs]
        for witness in self.witnesses:
            address = f" {witness.url}" if witness.url and with_addresses else ""
            lines.append(f"witness {witness.name} {witness.key.vkey}{address}")
        lines += [
            f"group {name} {each.threshold} {' '.join(each.members)}" for name, each in self.groups.items()
        ]
        return "\n".join([*lines, f"quorum {self.quorum}", ""])

    def require(self, note: Note) -> None:
        """Check a checkpoint's signatures. Raises NoteError naming what is missing, NotWitnessedError for a quorum."""
        logs = signed_by(note, self.logs)
        if not logs:
            raise NoteError("no known log signed this checkpoint")
        origin = note.text.partition("\n")[0]
        if all(log.name != origin for log in logs):
            raise NoteError(f"the checkpoint is of another log, {origin}")
        held = signed_by(note, [witness.key for witness in self.witnesses])
        cosigned = {witness.name for witness in self.witnesses if witness.key in held}
        if not self.is_met(cosigned):
            raise NotWitnessedError(
                f"not witnessed: the quorum {self.quorum} is not met by {len(cosigned)} cosignatures"
            )

    def accepts(self, note: Note) -> bool:
        """Tell whether `require` lets a note pass."""
        try:
            self.require(note)
        except NoteError:
            return False
        return True

    def is_met(self, cosigned: set[str]) -> bool:
        """Tell whether these witnesses make the quorum."""
        return self.quorum == NO_QUORUM or self._has_witnessed(self.quorum, cosigned)

    def _has_witnessed(self, name: str, cosigned: set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        return sum(self._has_witnessed(member, cosigned) for member in group.members) >= group.threshold


def log_keys_policy(vkeys: Sequence[str]) -> WitnessPolicy:
    """Return the policy that knows these logs and asks for no witness. Raises PolicyFileError or KeyFormatError."""
    reader = _Reader()
    for vkey in vkeys:
        reader.read(["log", vkey])
    return WitnessPolicy(tuple(reader.logs), (), {}, NO_QUORUM)


def parse_policy(text: str) -> WitnessPolicy:
    """Read a policy file. Raises PolicyFileError."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        if any((character < " " and character != "\t") or character == "\x7f" for character in line):
            raise PolicyFileError(f"line {number}: a policy has no control characters")
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            try:
                reader.read(words)
            except (KeyFormatError, PolicyFileError) as error:
                raise PolicyFileError(f"line {number}: {error}") from error
    if reader.quorum is None:
        raise PolicyFileError("the policy has no quorum line")
    return WitnessPolicy(tuple(reader.logs), tuple(reader.witnesses), reader.groups, reader.quorum)


class _Reader:
    """What was read so far; every line may refer only to the lines before it."""

    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: list[Witness] = []
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def read(self, words: Sequence[str]) -> None:
        keyword, given = words[0], words[1:]
        if keyword == "log" and len(given) in (1, 2):
            self.logs.append(self._new_key(given[0], [Kind.ED25519], self.logs))
        elif keyword == "witness" and len(given) in (2, 3):
            known = [witness.key for witness in self.witnesses]
            key = self._new_key(given[1], _COSIGNATURES, known)
            self.witnesses.append(Witness(self._new_name(given[0]), key, given[2] if given[2:] else None))
        elif keyword == "group" and len(given) >= 3:
            self._read_group(given[0], given[1], given[2:])
        elif keyword == "quorum" and len(given) == 1:
            if self.quorum is not None:
                raise PolicyFileError("there is a quorum line already")
            self.quorum = given[0] if given[0] == NO_QUORUM else self._known(given[0])
        else:
            shown = keyword if len(keyword) <= _LONGEST_SHOWN else keyword[:_LONGEST_SHOWN] + "..."
            raise PolicyFileError(f"{shown!r} does not begin a line of this form")

    def _read_group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        for member in members:
            if self._known(member) in self._members:
                raise PolicyFileError(f"{member} is a member already")
            self._members.add(member)
        count = {"any": 1, "all": len(members)}.get(threshold) or (
            int(threshold) if threshold.isascii() and threshold.isdecimal() else 0
        )
        if not 1 <= count <= len(members):
            raise PolicyFileError(f"{threshold} of {len(members)} is no threshold")
        self.groups[self._new_name(name)] = Group(count, tuple(members))

    def _new_key(self, vkey: str, kinds: Sequence[Kind], known: Sequence[VerifierKey]) -> VerifierKey:
        key = parse_vkey(vkey)
        if key.kind not in kinds:
            raise PolicyFileError(f"the key of {key.name} is of the wrong kind")
        if any(key.public == other.public for other in known):
            raise PolicyFileError(f"the key of {key.name} is listed already")
        return key

    def _new_name(self, name: str) -> str:
        if name == NO_QUORUM or name in self.groups or any(name == each.name for each in self.witnesses):
            raise PolicyFileError(f"the name {name} is taken")
        return name

    def _known(self, name: str) -> str:
        if name in self.groups or any(name == each.name for each in self.witnesses):
            return name
        raise PolicyFileError(f"{name} is not defined above")
