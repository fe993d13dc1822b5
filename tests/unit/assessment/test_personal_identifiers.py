"""Numbers that identify people, each beside the word for it, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.unit.assessment.proposals import rules_found

NATIONAL = "personal_data.national_identifier"


# the documented samples of each country's number; the second differs in its check alone
@pytest.mark.parametrize(
    ("said", "right", "wrong"),
    [
        ("NHS number", "943 476 5919", "943 476 5918"),
        ("Steuer-ID", "36 574 261 809", "36 574 261 808"),
        ("NIR", "2 95 10 99 126 111 93", "2 95 10 99 126 111 94"),
        ("DNI del cliente", "54362315K", "54362315L"),
        ("codice fiscale", "RCCMNL83S18D969H", "RCCMNL83S18D969I"),
        ("BSN", "111222333", "111222334"),
        ("PESEL", "44051401359", "44051401358"),
        ("CPF", "390.533.447-05", "390.533.447-06"),
        ("Aadhaar", "2341 2341 2346", "2341 2341 2347"),
        ("personnummer", "880320-0016", "880320-0017"),
        ("hetu", "131052-308T", "131052-308U"),
        ("CURP", "BOXW310820HNERXN09", "BOXW310820HNERXN08"),
        ("AHV", "756.9217.0769.85", "756.9217.0769.84"),
        ("TFN", "123 456 782", "123 456 783"),
    ],
)
def test_a_number_counts_when_its_own_check_holds(said: str, right: str, wrong: str) -> None:
    found = [NATIONAL in rules_found(f"The applicant gave us {said} {number}.") for number in (right, wrong)]
    assert found == [True, False]


@pytest.mark.parametrize("number", ["111222333", "44051401359", "36574261809", "123 456 782"])
def test_bare_digits_need_the_word_for_them(number: str) -> None:
    assert rules_found(f"The job took {number} steps.") == set()


@pytest.mark.parametrize(
    "number",
    ["4242 4242 4242 4242", "4111111111111111", "5555555555554444", "378282246310005", "078-05-1120"],
)
def test_published_test_numbers_are_nobodys(number: str) -> None:
    assert rules_found(f"The customer gave {number}.") == set()


def test_an_excerpt_shows_only_the_first_digits() -> None:
    number = "4539 5787 63" + "62 1486"
    assert rules_found(f"The customer paid with {number}.") == {"personal_data.card_number"}
