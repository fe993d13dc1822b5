"""A site to visit, and a proposal on it that waits for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.dossier import Dossier
from tests.support.reports import a_blocked_report
from tests.support.site import Site, open_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as site:
        yield site


@pytest.fixture
def blocked(site: Site) -> Dossier:
    return site.submit(a_blocked_report(proposal="Drop it all:\n\n```sql\nDROP TABLE customers;\n```\n"))
