"""What names hold after the assignments that stand before."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.code.dialects import JAVASCRIPT, PHP, PYTHON, RUBY, Dialect
from gatekeeper.assessment.code.flow import (
    ARGUMENTS,
    FIRST,
    STATEMENT,
    Expression,
    Holds,
    Names,
    bared,
    words,
)

FOREIGN = Holds.FOREIGN | Holds.LEADS


def _held(dialect: Dialect, code: str) -> dict[str, Holds]:
    text = code.encode()
    names = Names(dialect, frozenset())
    for match in dialect.assigned.finditer(text):
        names.assign(match, bared(text[match.end() :], STATEMENT, dialect))
    return {name.decode(): holds for name, holds in names.held.items()}


@pytest.mark.parametrize(
    ("dialect", "code", "expected"),
    [
        (JAVASCRIPT, "const a = req.query.a;\nconst b = a.trim();", {"a": FOREIGN, "b": FOREIGN}),
        (JAVASCRIPT, "const { a, b: c } = req.body;", {"a": FOREIGN, "c": FOREIGN}),
        (JAVASCRIPT, "const a = await find(req.params.id);", {"a": Holds.NOTHING}),
        (JAVASCRIPT, "const a = Number(req.params.id);", {"a": Holds.NOTHING}),
        (JAVASCRIPT, "const a = req.query.b === '1' ? 'x' : 'y';", {"a": Holds.NOTHING}),
        (JAVASCRIPT, "const a = TABLE[req.query.b];", {"a": Holds.NOTHING}),
        (JAVASCRIPT, "let a = req.query.a;\na = 'b';", {"a": Holds.NOTHING}),
        (PYTHON, "a = f'{x} and {y}'", {"a": Holds.BUILT}),
        (PYTHON, "a = request.args['a'] if ok else 'b'", {"a": FOREIGN}),
        (PHP, '$a = "WHERE id = $id";', {"$a": Holds.BUILT}),
        (RUBY, "a = params[:id].to_i", {"a": Holds.NOTHING}),
        (
            JAVASCRIPT,
            "let q = 'SELECT a FROM b WHERE c IN ';\nq += name + '!';",
            {"q": Holds.WORDS_OF_SQL | Holds.BUILT | Holds.SQL},
        ),
    ],
)
def test_names_hold(dialect: Dialect, code: str, expected: dict[str, Holds]) -> None:
    assert _held(dialect, code) == expected


def test_literals_are_told_from_code() -> None:
    assert bared(b"`a ${b.c} d`, e) f", ARGUMENTS, JAVASCRIPT) == Expression(b"'+ b.c +', e", b"`a ${b.c} d`")


def test_the_first_argument_ends_at_its_comma_and_not_at_one_inside() -> None:
    assert bared(b"'a, b' + f(c, d), e)", FIRST, JAVASCRIPT) == Expression(b"' + f(c, d)", b"'a, b'")


def test_terms_begin_with_names() -> None:
    assert list(words(b"a.b + $c->d - 'e' * 5 + await f")) == [b"a", b"$c", b"e", b"f"]
