"""The only place that reads the environment of this process, and hands it on to the processes it starts."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gatekeeper.settings import Settings


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises InvalidInputError naming every faulty variable."""
    return Settings.from_env(os.environ if environ is None else environ)


def settings_with(**options: object) -> Settings:
    """The settings of this process, in which options that were given stand for their GATEKEEPER_ variables.

    So they are checked in one place, and worker processes inherit them.
    """
    export({f"GATEKEEPER_{name}": str(value) for name, value in options.items() if value is not None})
    return read_settings()


def export(variables: Mapping[str, str]) -> None:
    """Hand variables on to the worker processes, which read their own environment."""
    os.environ.update(variables)
