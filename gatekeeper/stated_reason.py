"""The reason a person gives for a vote, a freeze or break-glass: required wherever somebody overrides something."""

from __future__ import annotations

from gatekeeper.errors import FieldError, InvalidInputError

MAX_CHARACTERS = 2_000


def stated_reason(text: str) -> str:
    """The reason, stripped; raises InvalidInputError when it says nothing, is too long or holds a NUL."""
    reason = text.strip()
    if not reason or len(reason) > MAX_CHARACTERS or "\0" in reason:
        detail = f"must have 1 to {MAX_CHARACTERS} characters and no NUL"
        raise InvalidInputError(f"The reason {detail}.", errors=[FieldError("/reason", detail)])
    return reason
