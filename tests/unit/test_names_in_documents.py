"""What docstrings and documents call a module is the name of one: a module that moves takes its mentions along."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:[\w-]+/)*[\w-]+\.py)`")
MODULES = [
    path
    for folder in ("gatekeeper", "evaluation", "bench", "scripts", "tests")
    for path in (ROOT / folder).rglob("*.py")
]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
NOT_THERE_ON_PURPOSE = {"utils.py"}


def test_modules_that_are_mentioned_exist() -> None:
    paths = [f"/{path.relative_to(ROOT)}" for path in MODULES]
    gone = [
        (str(path.relative_to(ROOT)), name)
        for path in (*MODULES, *DOCUMENTS)
        for name in NAMED.findall(path.read_text())
        if name not in NOT_THERE_ON_PURPOSE and not any(each.endswith(f"/{name}") for each in paths)
    ]
    assert gone == []
