"""The fields of small JSON bodies: what each takes, and the same as JSON Schema. Judges types, never meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gatekeeper.api.parameters import nearest
from gatekeeper.executions.execution import LONGEST_URI, MOST_EVIDENCE, SHA256_PATTERN
from gatekeeper.stated_reason import MAX_CHARACTERS

_PIECE = ("uri", "sha256")
DIGEST_PATTERN = "^sha256:[0-9a-f]{64}$"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class ReasonField:
    """What a person writes down. Whether it says enough is for the services to judge."""

    name: str = "reason"

    @property
    def schema(self) -> Mapping[str, object]:
        """As JSON Schema."""
        return {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS}

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, or None."""
        return None if isinstance(value, str) else "must be text"


@dataclass(frozen=True, slots=True)
class DigestField:
    """The digest of the revision the caller has read."""

    name: str = "digest"

    @property
    def schema(self) -> Mapping[str, object]:
        """As JSON Schema."""
        return {"type": "string", "pattern": DIGEST_PATTERN}

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, or None."""
        if isinstance(value, str) and _DIGEST.match(value):
            return None
        return "must be sha256: and 64 lower-case hexadecimal digits"


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of some words."""

    name: str
    words: tuple[str, ...]

    @property
    def schema(self) -> Mapping[str, object]:
        """As JSON Schema."""
        return {"type": "string", "enum": list(self.words)}

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, or None."""
        if value in self.words:
            return None
        hint = nearest(value, self.words) if isinstance(value, str) else ""
        return f"must be one of {', '.join(self.words)}{hint}"


@dataclass(frozen=True, slots=True)
class NumberField:
    """A whole number from `low` to `high`."""

    name: str
    low: int
    high: int

    @property
    def schema(self) -> Mapping[str, object]:
        """As JSON Schema."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, or None. True is not 1."""
        if type(value) is int and self.low <= value <= self.high:
            return None
        return f"must be a whole number from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class TextField:
    """Some text of at most `longest` characters. What it has to be is for the services to judge."""

    name: str
    longest: int

    @property
    def schema(self) -> Mapping[str, object]:
        """As JSON Schema."""
        return {"type": "string", "minLength": 1, "maxLength": self.longest}

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, or None."""
        if isinstance(value, str) and 1 <= len(value) <= self.longest:
            return None
        return f"must be text of 1 to {self.longest} characters"


@dataclass(frozen=True, slots=True)
class EvidenceField:
    """What shows an outcome. Whether each piece names something is for the services to judge."""

    name: str = "evidence"

    @property
    def schema(self) -> Mapping[str, object]:
        """As JSON Schema."""
        piece = {
            "type": "object",
            "required": list(_PIECE),
            "properties": {
                "uri": {"type": "string", "minLength": 1, "maxLength": LONGEST_URI},
                "sha256": {"type": "string", "pattern": SHA256_PATTERN},
            },
            "additionalProperties": False,
        }
        return {"type": "array", "items": piece, "maxItems": MOST_EVIDENCE}

    def fault(self, value: object) -> str | None:
        """What is wrong with a value, or None."""
        if isinstance(value, list) and all(map(_is_piece, value)):
            return None
        return f"must be a list of objects with the texts {' and '.join(_PIECE)}"


def _is_piece(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == set(_PIECE)
        and all(isinstance(text, str) for text in value.values())
    )


Field = ReasonField | DigestField | ChoiceField | NumberField | TextField | EvidenceField
REASON = ReasonField()
DIGEST = DigestField()
