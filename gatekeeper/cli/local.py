"""The house on this machine, for commands that work on its database and policy without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.environment import read_settings
from gatekeeper.errors import UnavailableError
from gatekeeper.settings import Settings
from gatekeeper.storage.revision import current_revision, latest_revision


@contextmanager
def opened() -> Iterator[Gatekeeper]:
    """The house over a database that has the schema this program needs; raises UnavailableError otherwise."""
    settings = read_settings()
    require_database_file(settings)
    gatekeeper = app.build(settings)
    try:
        _require_schema(gatekeeper)
        yield gatekeeper
    finally:
        gatekeeper.database.close()


def require_database_file(settings: Settings) -> None:
    """Raise UnavailableError when the SQLite file is not there: opening it would make an empty one."""
    path = sqlite_path(settings)
    if path is not None and not path.exists():
        raise UnavailableError(
            f"There is no database at {path} yet. Make it with: gatekeeper db upgrade", code="no_database"
        )


def sqlite_path(settings: Settings) -> Path | None:
    """The file of the embedded database, None on PostgreSQL."""
    scheme, _, path = settings.database_url.partition(":///")
    return Path(path) if scheme == "sqlite" else None


def make_data_dir(settings: Settings) -> None:
    """The data directory, for the gate's own account only."""
    _make_private(settings.data_dir)
    path = sqlite_path(settings)
    if path is not None:
        _make_private(path.parent)


def _make_private(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        detail = f"The directory {directory} cannot be made: {error.strerror}."
        raise UnavailableError(detail, code="no_data_dir") from error


def _require_schema(gatekeeper: Gatekeeper) -> None:
    current, latest = current_revision(gatekeeper.database), latest_revision()
    if current != latest:
        raise UnavailableError(
            f"The database has schema {current or 'none'}, this program needs {latest}. "
            "Bring it up with: gatekeeper db upgrade",
            code="schema_differs",
        )
