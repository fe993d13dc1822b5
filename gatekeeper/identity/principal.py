"""Principals as values, and the one authorisation check that every edge goes through. Touches no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.errors import FieldError, InvalidInputError, NotPermittedError

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?\Z")


class Role(StrEnum):
    """What a principal may do: hand in proposals, vote, read everything, run the gate."""

    SUBMITTER = "submitter"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody proven by a credential. `person` is the name at the end of the acts-for chain: aliases share it."""

    id: str
    name: str
    roles: frozenset[Role]
    person: str

    def has(self, role: Role) -> bool:
        """Whether this principal holds `role`."""
        return role in self.roles

    def require(self, role: Role, to_do: str) -> None:
        """Raise NotPermittedError unless the principal holds `role`."""
        if role not in self.roles:
            raise NotPermittedError(
                f"{self.name} may not {to_do}: that needs the role {role.value}.",
                code="role_missing",
                role=role.value,
            )


@dataclass(frozen=True, slots=True)
class PrincipalRecord:
    """A principal as listed to an operator."""

    principal: Principal
    acts_for: str | None
    created_at: datetime
    disabled_at: datetime | None


def checked_name(name: str) -> str:
    """The name itself when it is lower-case letters, digits and . _ - (so that no two look alike)."""
    if not _NAME.match(name):
        detail = "must be 1 to 64 lower-case letters, digits, dots, underscores or hyphens"
        raise InvalidInputError(f"The name {detail}.", errors=[FieldError("/name", detail)])
    return name


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """Known roles, at least one."""
    try:
        known = frozenset(map(Role, roles))
    except ValueError as error:
        detail = f"must be among {', '.join(Role)}"
        raise InvalidInputError(f"A role {detail}.", errors=[FieldError("/roles", detail)]) from error
    if not known:
        raise InvalidInputError("Name at least one role.", errors=[FieldError("/roles", "is empty")])
    return known
