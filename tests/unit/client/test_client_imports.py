"""What automation loads with the client: nothing of the gate's database, and nothing of its server."""

from __future__ import annotations

import subprocess
import sys

_ALL = """
import importlib, pkgutil, sys
import gatekeeper.client
for module in pkgutil.walk_packages(gatekeeper.client.__path__, "gatekeeper.client."):
    importlib.import_module(module.name)
loaded = {name.partition(".")[0] for name in sys.modules}
print("gatekeeper.client.gate_client" in sys.modules, *sorted(loaded & {"sqlalchemy", "flask", "alembic"}))
"""


def test_the_client_loads_neither_the_database_nor_the_server() -> None:
    done = subprocess.run([sys.executable, "-c", _ALL], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
