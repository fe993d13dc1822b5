"""`serve` and `scheduler`: run the gate."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import threading
from pathlib import Path

import click

from gatekeeper import app
from gatekeeper.cli.first_run import make_first_run
from gatekeeper.settings import Settings
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database


@click.command("serve")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen.  [default: 127.0.0.1:8080]")
@click.option("--workers", type=int, help="How many worker processes.  [default: 2]")
@click.option("--first-run", is_flag=True, help="On an empty database: make the first people and examples.")
def serve_command(bind: str | None, workers: int | None, first_run: bool) -> None:
    """Run the gate: HTTP interface, reviewers' page and scheduler.

    Brings the database's schema up to date first. Settings come from GATEKEEPER_* variables; options win.

    \b
    gatekeeper serve --first-run
    gatekeeper serve --bind 0.0.0.0:8080 --workers 4
    """
    given = {"GATEKEEPER_BIND": bind, "GATEKEEPER_WORKERS": str(workers) if workers else None}
    app.export_settings({name: value for name, value in given.items() if value})
    settings = app.read_settings()
    prepare(settings)
    house = app.build(settings)
    if first_run:
        make_first_run(house)
    scheduler = house.scheduler()
    scheduler.start()
    try:
        _serve(settings)
    finally:
        scheduler.stop()


@click.command("scheduler")
def scheduler_command() -> None:
    """Run only the jobs (overdue reviews), beside servers that run elsewhere. Ends with SIGTERM."""
    settings = app.read_settings()
    prepare(settings)
    scheduler = app.build(settings).scheduler()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    stop.wait()
    scheduler.stop()


def prepare(settings: Settings) -> None:
    """The data directory, for its owner only, and a database with the newest schema."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database_url)
    migration.upgrade(database)
    database.close()
    app.secret_key(settings)


def _serve(settings: Settings) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    app.export_settings({"PROMETHEUS_MULTIPROC_DIR": str(_clean_metrics_directory(settings.data_dir))})
    multiprocessing.set_start_method("spawn")
    Server(
        "gatekeeper.cli.worker:create_worker",
        factory=True,
        address=settings.bind_host,
        port=settings.bind_port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def _clean_metrics_directory(data_dir: Path) -> Path:
    """Counters of workers that are gone would be counted again."""
    directory = data_dir / "metrics"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    return directory
