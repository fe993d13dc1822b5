"""Names that cannot look alike, roles that exist, and the one check of a role."""

import pytest

from gatekeeper.errors import FieldError, InvalidInputError, NotPermittedError
from gatekeeper.identity.principal import Principal, Role, checked_name, checked_roles

BOB = Principal("prn_1", "bob", frozenset({Role.REVIEWER}), "bob")


@pytest.mark.parametrize("name", ["a", "alice", "deploy-bot.7", "x" * 64])
def test_plain_lower_case_names_are_taken(name):
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "Alice", "аlice", "al ice", "-bob", "bob.", "x" * 65, "bob\n", "a\0", "ﬁona"]
)
def test_names_that_could_pass_for_another_are_refused(name):
    with pytest.raises(InvalidInputError) as refused:
        checked_name(name)
    detail = "must be 1 to 64 lower-case letters, digits, dots, underscores or hyphens"
    assert refused.value.errors == (FieldError("/name", detail),)


def test_roles_are_known_words_and_at_least_one():
    assert checked_roles(["reviewer", "operator"]) == frozenset({Role.REVIEWER, Role.OPERATOR})
    for wrong in ([], ["root"], ["Reviewer"]):
        with pytest.raises(InvalidInputError):
            checked_roles(wrong)


def test_a_missing_role_is_named_in_the_refusal():
    BOB.require(Role.REVIEWER, "vote")
    with pytest.raises(NotPermittedError) as refused:
        BOB.require(Role.OPERATOR, "freeze the gate")
    assert (refused.value.code, refused.value.detail) == (
        "role_missing",
        "bob may not freeze the gate: that needs the role operator.",
    )
