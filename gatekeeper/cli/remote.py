"""The options of every command that speaks to a running gate: where it is, and the token of who asks.

A token is taken from the environment or a file, never from an argument, which every process of the machine can read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

import click

from gatekeeper.client.transport import RemoteGate
from gatekeeper.errors import FieldError, InvalidInputError

P = ParamSpec("P")
T = TypeVar("T")
DEFAULT_URL = "http://127.0.0.1:8080"


class EnvironmentOnly(click.Option):
    """A value that comes from its environment variable and cannot be typed."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Leave the option unknown to the parser."""


def with_gate(command: Callable[Concatenate[RemoteGate, P], T]) -> Callable[..., T]:
    """Give a command the options that name a gate, and the gate as its first argument."""

    @click.option(
        "--url",
        envvar="GATEKEEPER_URL",
        default=DEFAULT_URL,
        show_default=True,
        show_envvar=True,
        help="The gate.",
    )
    @click.option(
        "--token-file",
        envvar="GATEKEEPER_TOKEN_FILE",
        type=click.Path(path_type=Path),
        show_envvar=True,
        help="The file with your token; or set GATEKEEPER_TOKEN.",
    )
    @click.option("--token", cls=EnvironmentOnly, envvar="GATEKEEPER_TOKEN", hidden=True)
    @functools.wraps(command)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        options: dict[str, Any] = kwargs
        url, token, file = options.pop("url"), options.pop("token"), options.pop("token_file")
        return command(remote_gate(url, token, file), *args, **kwargs)

    return called


def remote_gate(url: str, token: str | None, token_file: Path | None) -> RemoteGate:
    """The gate that the options name; raises InvalidInputError when they name none or prove nobody."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        detail = "must be an http or https URL"
        raise InvalidInputError(f"The gate's URL {detail}.", errors=[FieldError("/url", detail)])
    secret = _secret(token, token_file)
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise InvalidInputError("The token is not one: it has characters no token has.", code="no_token")
    return RemoteGate(url.rstrip("/"), secret)


def _secret(token: str | None, token_file: Path | None) -> str:
    if token_file is not None:
        try:
            token = token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"The token file cannot be read: {error}", code="no_token") from error
    if not token:
        detail = "Set GATEKEEPER_TOKEN_FILE (or GATEKEEPER_TOKEN), or give --token-file."
        raise InvalidInputError(f"There is no token. {detail}", code="no_token")
    return token.strip()
