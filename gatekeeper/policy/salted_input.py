"""What policy was asked about people, with a salt: the form in which it is kept, and digested for the log."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.canonical import canonical_json


def salted(policy_input: Mapping[str, object], salt: str) -> bytes:
    """What is kept of an input that names people: without the salt, its digest in the public log tells nobody who."""
    return canonical_json({"input": dict(policy_input), "salt": salt})
