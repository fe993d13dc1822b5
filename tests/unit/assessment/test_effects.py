"""Evidence that rests on running counts where the file runs, and not where nothing could run it."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.analyzers import RULES
from gatekeeper.assessment.effects import CANNOT_RUN, RESTS_ON_RUNNING
from tests.unit.assessment.proposals import a_file, rules_found

TABLE = "CREATE TABLE leads (id int, email VARCHAR(255));"
BROKEN = "CREATE TABLE orders (id INTEGER REFEREN0S=b(id) NOT NULL);"
ORIGINS = "const cors = require('cors');\napp.use(cors({ origin: '*' }));\nmodule.exports = app;"
MODEL = "module.exports = mongoose.model('Lead', new Schema({ email: String }));"


@pytest.mark.parametrize(
    ("path", "content", "rule", "kept"),
    [
        ("a.sql", TABLE, "personal_data.plain_contact", True),
        ("a.sql", f"{TABLE}\n{BROKEN}", "personal_data.plain_contact", True),
        ("a.sql", f"BEGIN;\n{TABLE}\n{BROKEN}\nCOMMIT;", "personal_data.plain_contact", False),
        ("a.sql", f"START TRANSACTION;\n{TABLE}\n{BROKEN}", "personal_data.plain_contact", False),
        ("models/lead.js", MODEL, "personal_data.plain_contact", True),
        ("styles/lead.css", MODEL, "personal_data.plain_contact", False),
        ("server/origins.js", ORIGINS, "insecure.open_to_every_origin", True),
        ("styles/origins.css", ORIGINS, "insecure.open_to_every_origin", False),
        ("a.sql", f"{BROKEN}\nTRUNCATE users;", "sql.truncate", True),
    ],
)
def test_what_cannot_run_keeps_nothing(path: str, content: str, rule: str, kept: bool) -> None:
    assert (rule in rules_found(a_file(path, content))) is kept


def test_a_broken_file_excuses_no_other_file() -> None:
    both = a_file("b.sql", f"BEGIN;\n{BROKEN}") + a_file("a.sql", TABLE)
    assert {"incoherent.sql_does_not_parse", "personal_data.plain_contact"} <= rules_found(both)


def test_the_rules_that_are_named_exist() -> None:
    assert {rule.id for rule in RULES} >= CANNOT_RUN | RESTS_ON_RUNNING
