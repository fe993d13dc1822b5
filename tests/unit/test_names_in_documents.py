"""What docstrings and documents call a module is the name of one, and what documents call a test is one."""

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
TEST_NAMED, TEST_DEFINED = (
    re.compile(r"`(test_\w+)`"),
    re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE),
)
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


def test_tests_that_documents_name_exist() -> None:
    tests = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    defined = {name for source in tests for name in TEST_DEFINED.findall(source)}
    named = [(path.name, name) for path in DOCUMENTS for name in TEST_NAMED.findall(path.read_text())]
    assert [each for each in named if each[1] not in defined] == []
    assert ("ledger.md", "test_a_deleted_entry_is_named") in named
