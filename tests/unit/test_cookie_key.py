"""The key that signs cookies is made once, whoever comes first, and is nobody else's to read."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gatekeeper.app import secret_key
from gatekeeper.settings import Settings


def test_many_processes_that_start_together_have_one_key(tmp_path: Path):
    settings = Settings.from_env({"GATEKEEPER_DATA_DIR": str(tmp_path / "var")})
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret_key(settings), range(64)))
    made = tmp_path / "var" / "secret.key"
    assert keys == {made.read_bytes()}
    assert len(made.read_bytes()) == 64
    assert list(made.parent.iterdir()) == [made]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
