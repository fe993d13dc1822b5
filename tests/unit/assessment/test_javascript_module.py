"""What a JavaScript module offers and which of its names nothing binds."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.code.javascript_module import MOST_NAMES, resources, unbound_names


@pytest.mark.parametrize(
    ("code", "unbound"),
    [
        (b"const a = 1;\nb(a);", {b"b"}),
        (b"const { a, b: c } = load;\na(); b(); c(); load();", {b"load"}),
        (b"import d, { a as b } from 'x';\nd(); b();", set()),
        (b"const run = async (a, { b }, [c] = []) => { a(); b(); c(); };", set()),
        (b"class A {\n  go(now) {\n    now();\n  }\n}\nnew A().go();", set()),
        (b"let a, b;\na = () => b();\na();", set()),
        (b"for (const each of list) each();", set()),
        (b"const a = 1;\nconsole.log(JSON.stringify(a));", set()),
        (b"const a = 1;\na.later(); x.y.later();", {b"x"}),
        (b"const a = 1;\nmodule.exports = b;", {b"b"}),
        (b"export default b;", {b"b"}),
        (b"const A = () => <p>all (of it)</p>;", set()),
        (b"run();", set()),
        (b"app.listen(1);", {b"app"}),
        (b"const a = 1;\n" * (MOST_NAMES + 1) + b"b();", set()),
    ],
)
def test_only_names_that_nothing_binds_are_unbound(code: bytes, unbound: set[bytes]) -> None:
    assert {name for name, _, _ in unbound_names(code)} == unbound


def test_resources_are_the_first_steps_of_the_paths_that_are_answered() -> None:
    code = b"router.get('/users/:id', a);\nrouter.post(\"/Users\", b);\napp.route('/notes').get(c);\nmap.get(key);"
    assert resources(code) == {b"users", b"notes"}
