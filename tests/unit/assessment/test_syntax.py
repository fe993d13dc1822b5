"""Native parsers run apart: what hangs or aborts there costs one answer, and that answer is "nobody could tell"."""

from __future__ import annotations

import os
import signal

import pytest

from gatekeeper.assessment.parsing.parser_process import ParserProcess, UnreadError
from gatekeeper.assessment.parsing.syntax import PARSING_SECONDS, SyntaxReader
from tests.unit.assessment.proposals import a_file, assessed

ABORTS_YAML = "- " * 2_000
HANGS_JAVA = "? - " * 20_000


@pytest.fixture
def parsers() -> ParserProcess:
    process = ParserProcess()
    yield process
    process.close()


@pytest.mark.parametrize(
    ("grammar", "source", "error"),
    [
        ("javascript", "const a = 1;", None),
        ("javascript", "const a = ;", (8, 9)),
        ("javascript", "const \u00e9\u4e2d = ;", (9, 10)),
        ("python", "def f(:\n", (6, 6)),
        ("go", "package a\n\nfunc run() {", (22, 23)),
        ("javascript", "run(;", (4, 4)),
        ("bash", "cat <<A\nA\n", None),
    ],
)
def test_a_source_is_read_to_its_first_error(
    parsers: ParserProcess, grammar: str, source: str, error: tuple[int, int] | None
) -> None:
    assert parsers.first_error(grammar, source, PARSING_SECONDS).error == error


@pytest.mark.parametrize(
    ("grammar", "source"), [("yaml", ABORTS_YAML), ("java", HANGS_JAVA), ("no such grammar", "a")]
)
def test_a_source_on_which_the_parser_fails_is_unread_and_the_next_is_read(
    parsers: ParserProcess, grammar: str, source: str
) -> None:
    with pytest.raises(UnreadError):
        parsers.first_error(grammar, source, 0.2)
    assert parsers.first_error("javascript", "run();", PARSING_SECONDS).error is None


def test_a_process_that_was_killed_is_replaced(parsers: ParserProcess) -> None:
    parsers.first_error("javascript", "run();", PARSING_SECONDS)
    os.kill(parsers._process.pid, signal.SIGKILL)
    parsers._process.wait()
    assert parsers.first_error("javascript", "run(;", PARSING_SECONDS).error == (4, 4)


def test_a_fork_has_a_process_of_its_own(parsers: ParserProcess) -> None:
    parsers.first_error("javascript", "run();", PARSING_SECONDS)
    child = os.fork()
    if child == 0:
        error = parsers.first_error("javascript", "run(;", PARSING_SECONDS).error
        parsers.close()
        os._exit(error != (4, 4))
    assert os.waitpid(child, 0)[1] == 0
    assert parsers.first_error("javascript", "run();", PARSING_SECONDS).error is None


def test_what_one_file_took_is_missing_for_the_next() -> None:
    reader = SyntaxReader()
    with pytest.raises(UnreadError):
        reader.first_error("a.java", HANGS_JAVA)
    with pytest.raises(UnreadError):
        reader.first_error("b.js", "run();")


@pytest.mark.parametrize(("path", "content"), [("k8s/a.yml", ABORTS_YAML), ("src/A.java", HANGS_JAVA)])
def test_a_file_that_no_parser_reads_sends_the_proposal_to_people(path: str, content: str) -> None:
    assessment = assessed(a_file(path, content))
    assert "unassessable.syntax_unread" in {finding.rule for finding in assessment.findings}
    assert assessment.unassessable
