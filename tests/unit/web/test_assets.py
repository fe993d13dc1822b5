"""What the strict content security policy promises, checked in the sources themselves."""

import re
from pathlib import Path

import pytest

from gatekeeper import web
from gatekeeper.web.assets import read_assets

FOLDER = Path(web.__file__).parent
TEMPLATES = sorted((FOLDER / "templates").glob("*.html"))
STATIC = sorted((FOLDER / "static").iterdir())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_style_script_or_handler(path):
    source = path.read_text()
    assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son[a-z]+=|javascript:|\|safe\b", source)


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=lambda path: path.name)
def test_nothing_comes_from_another_site(path):
    foreign = re.sub(r"http://www\.w3\.org/2000/svg", "", path.read_text())
    assert not re.search(r"(https?:)?//[a-z0-9]", foreign.replace("// ", ""))


def test_the_style_sheet_and_the_script_stay_small():
    assets = read_assets()
    assert len(assets["gatekeeper.css"].content) < 13_000
    assert len(assets["gatekeeper.js"].content) < 4_000


def test_the_script_makes_no_markup_from_text():
    script = read_assets()["gatekeeper.js"].content.decode()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|Storage", script
    )
