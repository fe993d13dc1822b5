"""Central files: those that every service of this kind has and cannot do without, told by their names.

Owns the groups of names. A file that merely lies among them (a route for one feature, say) is probably new: nothing
mounts it yet, and little is lost by it. It sees only the name, never a disk.
"""

from __future__ import annotations

from enum import StrEnum

from gatekeeper.assessment.text import paths
from gatekeeper.assessment.text.reading import Pattern, compile_pattern


class Part(StrEnum):
    """What of a service a central file is."""

    ENTRY = "entry"  # what `node` is started with
    MANIFEST = "manifest"  # what is installed, and how it is started
    ROUTER = "router"  # where every route is mounted
    DOOR = "door"  # signing in, accounts, paying; and the step that lets requests through to them
    START = "start"  # the image that is deployed, and what its container runs first
    MODELS = "models"  # what everything else reads and writes people with
    DATABASE = "database"  # the connection
    SETTINGS = "settings"  # the environment of production: addresses, keys


_CODE = r"\.[cm]?[jt]s$"
_TOP = r"^(?:\.?/)?(?:(?:src|server|backend|api|start|app|dist)/)?"
_DOORS = (
    r"(?:users?|accounts?|auth(?:entication)?|login|sessions?|register|sign-?_?up|orders?|"
    r"(?:checkout|payments?|billing)(?:[-_]\w+)?)"
)
_PAYING = r"(?:stripe|payments?|billing|checkout)"
_SERVICE_CALLED = r"(?:[-_.]?(?:service|processor|gateway|handler|client|manager|provider))?"
_ROUTES_CALLED = r"(?:[-_.]?(?:routes?|router|api|controller))?"

_NAMES: tuple[tuple[Part, str], ...] = (
    (Part.ENTRY, rf"{_TOP}(?:server|app|main){_CODE}|^(?:\.?/)?(?:(?:src|server|backend)/)?index{_CODE}"),
    (Part.MANIFEST, rf"{_TOP}package\.json$"),
    (Part.ROUTER, rf"(?:^|/)(?:routes?|routers?)/(?:index|api|main|routes){_CODE}"),
    (
        Part.ROUTER,
        rf"^(?:\.?/)?(?:api/index|(?:(?:src|server|api)/)?routes|(?:(?:src|server)/)?config/express){_CODE}",
    ),
    (
        Part.DOOR,
        rf"(?:^|/)(?:routes?|api|auth|controllers?)/(?:[\w-]+/)*(?:user[-_]?)?{_DOORS}{_ROUTES_CALLED}{_CODE}",
    ),
    (
        Part.DOOR,
        rf"(?:^|/)middlewares?/(?:require[-_]?)?(?:auth\w*|jwt|session)(?:[-_.]?(?:middleware|check|guard))?{_CODE}",
    ),
    (Part.DOOR, rf"(?:^|/)services?/(?:[\w-]+/)*{_PAYING}{_SERVICE_CALLED}{_CODE}"),
    (Part.DOOR, rf"(?:^|/)config/{_PAYING}(?:[-_.]?config)?{_CODE}"),
    (Part.START, r"^(?:\.?/)?(?:Dockerfile|(?:docker-)?entrypoint\.sh|start\.sh)$"),
    (Part.MODELS, rf"(?:^|/)(?:models/(?:index|users?)|database/models){_CODE}"),
    (
        Part.DATABASE,
        r"^(?:\.?/)?(?:(?:src|server|backend|config|configs?|configuration|db|database|lib|utils)/)*"
        r"(?:database|db)(?:[-_]?(?:config|connection|connect|client|pool))?(?:\.[cm]?[jt]s|\.json)$",
    ),
    (Part.DATABASE, rf"(?:^|/)(?:db|database)/(?:index|connection|connect|client|pool|config){_CODE}"),
    (Part.DATABASE, rf"(?:^|/)knexfile{_CODE}|^(?:\.?/)?config(?:/index|/config)?(?:\.[cm]?[jt]s|\.json)$"),
    (Part.SETTINGS, r"(?:^|/)[\w-]*\.env(?:\.prod(?:uction)?)?$|(?:^|/)secrets?/[\w.-]+$"),
)
_PATTERNS: tuple[tuple[Part, Pattern], ...] = tuple(
    (part, compile_pattern(f"(?i){name}")) for part, name in _NAMES
)
_ANY = compile_pattern("(?i)" + "|".join(f"(?:{name})" for _, name in _NAMES))


def part_of(path: str) -> Part | None:
    """Return what of a service the file of this name is, or None when the service can do without it."""
    name = path.encode("ascii", "replace")
    if _ANY.search(name) is None or paths.is_inert(path):
        return None
    return next(part for part, pattern in _PATTERNS if pattern.search(name) is not None)
