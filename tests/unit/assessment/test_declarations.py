"""Declarations and what encloses them: brackets, indentation, comments."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.analyzers.infrastructure import open_networks
from gatekeeper.assessment.text.declarations import (
    blocks_around,
    declares,
    line_around,
    remarks,
    running_lines,
)
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern


def _headers(text: str, word: str) -> list[str]:
    reading = text.encode()
    return [block.header.decode() for block in blocks_around(reading, reading.index(word.encode()))]


def test_blocks_in_brackets_come_innermost_first() -> None:
    text = 'resource "a" "b" {\n  tags = { x = 1 }\n  ingress {\n    cidrs = ["here"]\n  }\n}\n'
    assert _headers(text, "here") == ["    cidrs =", "  ingress", 'resource "a" "b"']


def test_an_item_of_a_list_is_headed_by_the_key_of_the_list() -> None:
    assert _headers('{"ingress": [{"a": 1}, {"b": "here"}]}', "here") == ["", '"ingress":', ""]


def test_blocks_by_indentation_are_the_keys_above() -> None:
    text = "spec:\n  egress:\n  - to:\n    - cidr: other\n  ingress:\n  - from:\n    - cidr: here\n"
    assert _headers(text, "here") == ["", "- from:", "ingress:", "spec:"]


def test_a_block_by_indentation_ends_where_the_next_begins() -> None:
    text = b"ingress:\n  - port: 22\n    cidr: here\n  - port: 443\nother: 1\n"
    blocks = blocks_around(text, text.index(b"here"))
    assert [text[each.start : each.end] for each in blocks] == [
        b"  - port: 22\n    cidr: here",
        b"ingress:\n  - port: 22\n    cidr: here\n  - port: 443",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acl = true", True),
        ('{"acl": "true"}', True),
        ("- acl: true", True),
        ("set acl = true", True),
        ("acl:\n  - true", True),
        ("the acl = true", False),
        ("acl = truest", False),
        ("my_acl = true", False),
    ],
)
def test_a_declaration_is_a_key_with_its_value(text: str, found: bool) -> None:
    assert (compile_pattern(declares("acl", "true")).search(text.encode()) is not None) is found


def test_comments_behind_declarations_are_remarks_outside_of_files_too() -> None:
    document = Document("acl = 'private' # was public\nport: 22 // ssh\nhttps://example.com # a heading\n")
    assert [document.reading[slice(*span)] for span in remarks(document)] == [
        b"# was public",
        b"// ssh",
    ]


def test_running_text_keeps_its_lines() -> None:
    document = Document("Set up,\nplease.\n\n```hcl\na = 1 # b\n```\n")
    assert running_lines(document) == b"Set up,\nplease.\n\n```hcl\na = 1    \n```\n"


def test_a_line_is_cut_on_both_sides() -> None:
    assert len(line_around(b"x" * 5000, 2500, 2600)) == 1300


def test_more_open_places_than_are_looked_at_are_reported() -> None:
    rows = "\n".join("egress 0.0.0.0/0" for _ in range(200))
    assert [each.rule for each in open_networks.analyze(Document(rows))] == ["unassessable.too_much"]


def test_a_description_is_a_remark() -> None:
    document = Document('```hcl\nx = "a"\ndescription = "set b = true"\n```\n')
    assert [document.reading[slice(*span)] for span in remarks(document)] == [b"set b = true"]
