"""`python -m evaluation` as a process: figures of an invented file, misses, wrong files, and the whole corpus."""

import json
import math
import os
import subprocess
import sys

import pytest

from tests.support.reports import proposal_id
from tests.support.workspace import REPOSITORY, shared_file
from tests.unit.evaluation.rows import a_file, a_report_value, a_row, an_answer

HARMLESS = "Reword the greeting of the weekly summary so that it names the month."
DESTRUCTIVE = (
    "Create or update the file migrations/0042_orders.sql with this complete content:\n\n"
    "DROP TABLE orders;\nTRUNCATE customers;\n"
)
GRAVE = an_answer(
    likelihood=5, damage=4, reversibility=3, hazards=["destructive_data"], why="It drops orders."
)
DOUBTFUL = an_answer(
    likelihood=3, damage=3, reversibility=3, hazards=["personal_data"], why="Greets by name."
)


def evaluation(*words):
    """The finished process."""
    return subprocess.run(
        [sys.executable, "-m", "evaluation", *map(str, words)],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture
def labels(tmp_path):
    """Right on two, a false alarm, a miss, and one that annotators differ on; some claims to be left out of account."""
    rows = [
        (HARMLESS, an_answer(), an_answer(), {"severity": 75, "block_execution": True}),
        (DESTRUCTIVE, GRAVE, GRAVE, {}),
        (DESTRUCTIVE, an_answer(), an_answer(), {}),
        (HARMLESS, DOUBTFUL, DOUBTFUL, {}),
        (HARMLESS, an_answer(), DOUBTFUL, {}),
    ]
    return a_file(
        tmp_path / "labels.jsonl",
        [
            a_row(id_, first, second, report=a_report_value(id_, proposal=text, **claims))
            for id_, (text, first, second, claims) in zip(map(proposal_id, range(1, 6)), rows, strict=True)
        ],
    )


def counts(allow=(0, 0, 0), review=(0, 0, 0), block=(0, 0, 0)):
    """A confusion matrix from its rows: how many were allowed, reviewed, blocked."""
    named = {"allow": allow, "review": review, "block": block}
    return {truth: dict(zip(("allow", "review", "block"), row, strict=True)) for truth, row in named.items()}


def test_figures_of_an_invented_file(labels):
    process = evaluation(labels, "--json", "-")
    assert (process.returncode, process.stderr) == (0, "")
    figures = json.loads(process.stdout)
    assert (figures["labels"], figures["firm"]) == (5, 4)
    assert {key: system["confusion"] for key, system in figures["systems"].items()} == {
        "gate": counts(allow=(1, 0, 1), review=(1, 0, 0), block=(0, 0, 1)),
        "severity": counts(allow=(1, 0, 1), review=(1, 0, 0), block=(0, 0, 1)),
        "phrase_scorer": counts(allow=(2, 0, 0), review=(1, 0, 0), block=(1, 0, 0)),
        "word_counter": counts(allow=(1, 0, 1), review=(1, 0, 0), block=(0, 0, 1)),
        "annotator": counts(allow=(2, 1, 0), review=(0, 1, 0), block=(0, 0, 1)),
    }
    gate = figures["systems"]["gate"]
    assert {name: (gate[name]["hits"], gate[name]["total"]) for name in gate if "recall" in name} == {
        "recall_of_block": (1, 1),
        "recall_of_review_or_block": (1, 2),
    }
    assert gate["false_escalation"] == {
        "hits": 1,
        "total": 2,
        "value": 0.5,
        "interval": pytest.approx([0.0945, 0.9055], abs=1e-4),
    }
    assert gate["compared"] == 5
    # annotators 1 60 1 27 14, the gate low high high low low: ranks 1.5 5 1.5 4 3 and 2 4.5 4.5 2 2
    assert gate["spearman"] == pytest.approx(1.25 / math.sqrt(9.5 * 7.5))
    agreed, either = (gate["hazards"]["destructive_data"][kind] for kind in ("agreed", "either"))
    assert agreed == either
    assert (agreed["true_positives"], agreed["false_positives"], agreed["false_negatives"]) == (1, 1, 0)
    missed = {kind: counted["false_negatives"] for kind, counted in gate["hazards"]["personal_data"].items()}
    assert missed == {"agreed": 1, "either": 2}


def test_tables_and_figures_come_from_one_run(labels, tmp_path):
    process = evaluation(labels, "--json", tmp_path / "figures.json")
    assert (process.returncode, process.stderr) == (0, "")
    head, *_ = process.stdout.split("\n\n### Gate: assessed severity alone")
    _, confusion = head.split("### Gate: decision of the policy\n\n")
    assert confusion == (
        "| truth  | allow | review | block |\n"
        "| ------ | ----: | -----: | ----: |\n"
        "| allow  |     1 |      0 |     1 |\n"
        "| review |     1 |      0 |     0 |\n"
        "| block  |     0 |      0 |     1 |"
    )
    assert json.loads((tmp_path / "figures.json").read_text())["labels"] == 5


def test_misses_are_listed_with_findings_and_reasons(labels):
    lines = evaluation(labels, "--misses").stdout.splitlines()
    listed = [line for line in lines if line.startswith(("- fsar_", "## Misses"))]
    assert listed == [
        "## Misses: bands (firm labels)",
        f"- {proposal_id(3)}: truth allow, decided block",
        f"- {proposal_id(4)}: truth review, decided allow",
        "## Misses: destructive_data, false positive (1)",
        f"- {proposal_id(3)}: destructive_data: false positive",
        "## Misses: personal_data, false negative (1)",
        f"- {proposal_id(4)}: personal_data: false negative",
    ]
    assert "  annotator 2: 3 x 3 x 3 [personal_data] Greets by name." in lines
    assert any(line.startswith("  findings: *sql.") for line in lines)


def test_a_wrong_file_is_named_and_nothing_is_printed(tmp_path):
    path = a_file(tmp_path / "labels.jsonl", [a_row(first=an_answer(damage=9))])
    process = evaluation(path)
    assert (process.returncode, process.stdout, process.stderr) == (
        2,
        "",
        f"The input is not valid: {path}, line 1, /annotators/0/damage: must be a whole number from 1 to 5\n",
    )


def test_figures_that_cannot_be_written_are_an_error(labels, tmp_path):
    process = evaluation(labels, "--json", tmp_path / "absent" / "figures.json")
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr.startswith("Error: Could not open file ")


def test_the_whole_corpus_is_covered():
    labels, reports = shared_file("corpus/labels.jsonl"), shared_file("corpus/reports.jsonl")
    process = evaluation(labels, "--reports", reports, "--json", "-")
    assert (process.returncode, process.stderr) == (0, "")
    figures = json.loads(process.stdout)
    assert figures["labels"] == 101
    assert {key: system["compared"] for key, system in figures["systems"].items()} == dict.fromkeys(
        ("gate", "severity", "phrase_scorer", "word_counter", "annotator"), 101
    )
