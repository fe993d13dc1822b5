"""A gate with people, their tokens, and visitors of its pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from gatekeeper.app import Gatekeeper
from gatekeeper.clock import utc_now
from gatekeeper.dossier import Dossier
from gatekeeper.proposals.report import Report
from tests.support.in_process import InProcessGate
from tests.support.visitor import Visitor

ROLES = {
    "bot": ("submitter",),
    "both": ("submitter", "reviewer"),
    "rita": ("reviewer",),
    "ravi": ("reviewer",),
    "olga": ("operator",),
    "audrey": ("auditor",),
}


class Site:
    """Everyone has the roles their names suggest; `both` submits and reviews."""

    def __init__(self, gate: InProcessGate) -> None:
        self.house: Gatekeeper = gate.house
        self.flask: Flask = gate.flask
        added = {name: self.house.identity.add(name, roles, utc_now()) for name, roles in ROLES.items()}
        self.principals = {name: principal for name, (principal, _) in added.items()}
        self.tokens = {name: token for name, (_, token) in added.items()}

    def visitor(self, name: str | None = None) -> Visitor:
        """A browser without scripts, signed in as somebody."""
        someone = Visitor.of(self.flask)
        return someone.sign_in(self.tokens[name]) if name else someone

    def submit(self, report: Report, by: str = "bot") -> Dossier:
        """Hand in a report."""
        return self.house.gate.submit(report, self.principals[by], utc_now()).dossier


@contextmanager
def open_site(directory: Path, **settings: str) -> Iterator[Site]:
    """A site over a fresh database."""
    gate = InProcessGate.open(directory, **settings)
    try:
        yield Site(gate)
    finally:
        gate.house.database.close()


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The site on a loopback port, for a real browser; gives its address."""
    server = make_server("127.0.0.1", 0, site.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def path_of(dossier: Dossier) -> str:
    """Where the page of a proposal is."""
    return f"/proposals/{dossier.id}"
