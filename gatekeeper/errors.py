"""Every error the house raises, by family. Owns codes and fields; knows nothing of HTTP, terminals or pages.

A denial is a value. An exception means the request was wrong, was not permitted, or could not be decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of one field: `pointer` is an RFC 6901 JSON Pointer ("" is the whole document)."""

    pointer: str
    detail: str


class GatekeeperError(Exception):
    """Root of all errors. `code` is stable and machine-readable, `title` is the family's short name."""

    code = "internal"
    title = "Something went wrong"

    def __init__(self, detail: str, *, code: str | None = None, **fields: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.fields = fields


class InvalidInputError(GatekeeperError):
    """The input is not what it has to be; `errors` names each faulty field."""

    code = "invalid_input"
    title = "The input is not valid"

    def __init__(
        self, detail: str, *, errors: Iterable[FieldError] = (), code: str | None = None, **fields: object
    ) -> None:
        super().__init__(detail, code=code, **fields)
        self.errors = tuple(errors) or (FieldError("", detail),)


class TooLargeError(InvalidInputError):
    """The input is larger than the limit; it was not read to its end."""

    code = "too_large"
    title = "The input is too large"


class UnsupportedFormError(InvalidInputError):
    """The input is in a form (media type, file ending) the house does not read."""

    code = "unsupported_form"
    title = "The form of the input is not supported"


class NotAuthenticatedError(GatekeeperError):
    """No credential, or one that proves nobody."""

    code = "not_authenticated"
    title = "Sign in first"


class NotPermittedError(GatekeeperError):
    """The credential is good, but this principal may not do this."""

    code = "not_permitted"
    title = "Not permitted"


class NotFoundError(GatekeeperError):
    """No such thing, or none this principal may see."""

    code = "not_found"
    title = "Not found"


class ConflictError(GatekeeperError):
    """The state of the thing forbids it now (settled, superseded, already done)."""

    code = "conflict"
    title = "The state of the resource forbids this"


class UnavailableError(GatekeeperError):
    """Could not decide or could not record: an engine, the database or the policy is not in order. Never "allow"."""

    code = "unavailable"
    title = "Could not decide"


class TamperError(GatekeeperError):
    """A record does not match its own proof."""

    code = "tampered"
    title = "A record does not match its proof"
