"""The evidence of a refusal: what the signer or a witness would not sign. Files, because the database is in doubt.

Owns the files. While `refusal` is there the gate is not fit to decide; when the log is published again it is put aside,
never removed.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from gatekeeper.clock import rfc3339


class Refusals:
    """The evidence below one directory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "refusal"

    @property
    def path(self) -> Path:
        """Where the evidence of the refusal in force is."""
        return self._path

    def keep(self, evidence: str, now: datetime) -> None:
        """Keep the evidence; what is there from the same trouble stays as it was first found."""
        with suppress(FileExistsError), self._path.open("x", encoding="utf-8") as file:
            file.write(f"{rfc3339(now)}\n{evidence}")

    def put_aside(self, now: datetime) -> None:
        """The log goes on: the refusal is no longer in force, its evidence stays."""
        with suppress(FileNotFoundError):
            self._path.rename(self._path.with_name(f"refusal.{now:%Y%m%dT%H%M%S%f}"))

    def is_in_force(self) -> bool:
        """Tell whether the last thing that happened was a refusal."""
        return self._path.exists()
