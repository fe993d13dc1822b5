"""A verdict as one file: RFC 8785 JSON with all that the verdict rests on. Owns its bytes, and reads them strictly.

Nothing that is read here is believed: `verification.py` holds every part against the log's signed entries. What was
not kept, or is not published yet, is null.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gatekeeper.canonical import canonical_json
from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json
from gatekeeper.verdicts.schema import FORMAT, validator

MOST_BYTES = 64 * 1024 * 1024

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry of the log, and the hashes that prove it in the file's checkpoint; None while none covers it."""

    value: Json
    proof: tuple[bytes, ...] | None

    @property
    def body(self) -> bytes:
        """The entry's bytes as the log has them."""
        return canonical_json(self.value)


@dataclass(frozen=True, slots=True)
class VerdictFile:
    """The parts of a verdict file, as JSON values.

    `decision` is outcome, reasons, policy and input; `review` is None or question, policy, input, salt and result;
    `policies` are files by name, for each revision that decided; `checkpoint` is a signed note.
    """

    proposal: ProposalRef
    report: Json
    assessment: Json
    decision: Json
    review: Json | None
    verdict: Json
    policies: Mapping[str, Mapping[str, str] | None]
    entries: tuple[LoggedEntry, ...]
    checkpoint: str | None

    @property
    def encoded(self) -> bytes:
        """The file's bytes."""
        return canonical_json(
            {
                "format": FORMAT,
                "proposal": self.proposal.value,
                "report": self.report,
                "assessment": self.assessment,
                "decision": self.decision,
                "review": self.review,
                "verdict": self.verdict,
                "policies": self.policies,
                "entries": [_entry(each) for each in self.entries],
                "checkpoint": self.checkpoint,
            }
        )


def read_verdict_file(raw: bytes) -> VerdictFile:
    """Read a file without believing it.

    Raises UnavailableError when it is no verdict file, TamperError when its bytes are not those an export writes.
    """
    if len(raw) > MOST_BYTES:
        raise _no_file(f"it has more than {MOST_BYTES} bytes")
    try:
        value = read_json(raw)
    except NotStrictJsonError as error:
        raise _no_file(f"{error.faults[0].pointer or 'it'} {error.faults[0].detail}") from error
    if fault := next(validator().iter_errors(value), None):
        place = "".join(f"/{step}" for step in fault.instance_path)
        raise _no_file(f"{place[:200] or 'it'} has not the fields and types of one")
    assert isinstance(value, dict)  # noqa: S101  # the schema admits nothing else
    try:
        file = _file(value)
        is_exact = file.encoded == raw
    except (ValueError, binascii.Error) as error:
        raise _no_file("it holds a number that JSON cannot carry, or a proof that is none") from error
    if not is_exact:
        raise TamperError("the file is not in the bytes in which a verdict is exported (RFC 8785)")
    return file


def _file(value: dict[str, Any]) -> VerdictFile:
    return VerdictFile(
        proposal=ProposalRef(**value["proposal"]),
        report=value["report"],
        assessment=value["assessment"],
        decision=value["decision"],
        review=value["review"],
        verdict=value["verdict"],
        policies=value["policies"],
        entries=tuple(
            LoggedEntry(each["entry"], None if each["proof"] is None else _hashes(each["proof"]))
            for each in value["entries"]
        ),
        checkpoint=value["checkpoint"],
    )


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(line, validate=True) for line in lines)


def _entry(logged: LoggedEntry) -> dict[str, object]:
    proof = None if logged.proof is None else [base64.b64encode(each).decode() for each in logged.proof]
    return {"entry": logged.value, "proof": proof}


def _no_file(detail: str) -> UnavailableError:
    return UnavailableError(f"this is not a verdict file: {detail}", code="not_a_verdict_file")
