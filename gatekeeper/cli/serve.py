"""`gatekeeper serve`: the pages, the HTTP interface and the scheduler, until SIGTERM.

Worker processes are spawned, never forked, because a scheduler thread runs here. A worker that dies is replaced; when
they die as fast as they start, the server ends instead of trying for ever.
"""

from __future__ import annotations

import logging
import multiprocessing
import secrets
import shutil
import socket
from typing import Any

import click
import structlog

from gatekeeper import app, environment
from gatekeeper.app import Gatekeeper
from gatekeeper.cli.database import prepare
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.log_service import LogService
from gatekeeper.cli.worker import load_application
from gatekeeper.clock import utc_now
from gatekeeper.environment import settings_with
from gatekeeper.errors import InvalidInputError
from gatekeeper.permits.signing_keys import SEED_BYTES
from gatekeeper.settings import Settings

_STOP_SECONDS = 20
_log = structlog.get_logger()
_LOG_TO_STDERR: dict[str, Any] = {
    "handlers": {
        name: {"formatter": formatter, "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        for name, formatter in (("console", "generic"), ("access", "access"))
    }
}


@click.command(
    epilog="""\b
Examples:
  gatekeeper serve --first-run
  GATEKEEPER_DATABASE_URL_FILE=/run/secrets/db gatekeeper serve --bind 0.0.0.0:8080 --workers 4

Exit codes: 0 stopped; 1 the log's signer or witness lost its memory; 2 wrong settings, or the address is taken;
4 the database cannot be reached, workers die, or the policy does not work."""
)
@click.option("--bind", metavar="HOST:PORT", help="Where to listen.  [GATEKEEPER_BIND; 127.0.0.1:8080]")
@click.option("--workers", metavar="N", help="How many processes answer.  [GATEKEEPER_WORKERS; 2]")
@click.option(
    "--first-run", is_flag=True, help="Where there is nobody yet: add the first people and hand in examples."
)
def serve(bind: str | None, workers: str | None, first_run: bool) -> ExitCode:
    """Serve the pages, the HTTP interface and the log. Makes or upgrades the database first."""
    settings = settings_with(BIND=bind, WORKERS=workers)
    require_free(settings.bind_host, settings.bind_port)
    prepare(settings)
    share_counters(settings)
    gatekeeper = app.build(settings)
    gatekeeper.permit_keys.make_first(secrets.token_bytes(SEED_BYTES), utc_now())
    log_service = LogService(gatekeeper)
    try:
        log_service.start()
        # last of what may fail: until now the servers there are go on
        gatekeeper.put_policy_in_force(utc_now())
        return _serve_house(gatekeeper, first_run=first_run)
    finally:
        log_service.stop()
        gatekeeper.database.close()


def require_free(host: str, port: int) -> None:
    """Raise InvalidInputError when the address is taken. Workers share their port, so nobody else would notice."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise InvalidInputError(
            f"Cannot listen at {host}:{port}: {(error.strerror or str(error)).lower()}. "
            "Choose another address with --bind HOST:PORT.",
            code="address_taken",
        ) from error


def share_counters(settings: Settings) -> None:
    """Have all processes count in one directory. It is emptied: those that are gone would be counted again."""
    directory = settings.data_dir / "metrics" / str(settings.bind_port)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700, parents=True)
    environment.export({"PROMETHEUS_MULTIPROC_DIR": str(directory)})


def _serve_house(gatekeeper: Gatekeeper, *, first_run: bool) -> ExitCode:
    if first_run:
        from gatekeeper.cli.first_run import welcome

        welcome(gatekeeper)
    scheduler = gatekeeper.scheduler()
    scheduler.start()
    settings = gatekeeper.settings
    _log.info("serve.starts", address=f"{settings.bind_host}:{settings.bind_port}", workers=settings.workers)
    try:
        return _serve(settings)
    finally:
        scheduler.stop()


def _serve(settings: Settings) -> ExitCode:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from gatekeeper.api.working_places import MOST_CONNECTIONS

    multiprocessing.set_start_method("spawn", force=True)
    logging.getLogger("_granian").addFilter(_is_no_advice)
    server = Server(
        "gatekeeper",
        address=settings.bind_host,
        port=settings.bind_port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        log_level=LogLevels.warning,
        log_dictconfig=_LOG_TO_STDERR,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
    )
    try:
        server.serve(target_loader=load_application, wrap_loader=False)
    except SystemExit:
        click.echo("gatekeeper: the workers die as fast as they start; see the log above.", err=True)
        return ExitCode.UNDECIDED
    return ExitCode.ALLOWED


def _is_no_advice(record: logging.LogRecord) -> bool:
    """Leave out that so many threads are unusual: nearly all only wait for their clients (`api.working_places`)."""
    return "Python threads" not in record.getMessage()
