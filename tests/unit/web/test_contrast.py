"""The colours of the style sheet against WCAG 2.2 AA, in both schemes."""

import re
from pathlib import Path

import pytest

from gatekeeper import web

CSS = (Path(web.__file__).parent / "static" / "gatekeeper.css").read_text()
COLOUR = re.compile(r"--([a-z-]+): #([0-9a-f]{6});")
TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "card", "sunk")),
    *(("ink", ground) for ground in ("stop-bg", "wait-bg", "pass-bg", "mark", "deep")),
    *(("soft", ground) for ground in ("stop-bg", "wait-bg", "mark")),
    *(("link", ground) for ground in ("stop-bg", "wait-bg")),
    *((tone, f"{tone}-bg") for tone in ("stop", "wait", "pass", "calm")),
    *((tone, "card") for tone in ("stop", "wait", "pass")),
    ("on-link", "link"),
    ("card", "pass"),
    ("card", "brand"),
    ("stop", "mark"),
]
SHAPES = [
    ("soft", "card"),
    ("bar", "paper"),
    ("brand", "paper"),
    ("link", "paper"),
    *((tone, "card") for tone in ("stop", "wait", "pass")),
    ("mark-line", "mark"),
]


def schemes() -> dict[str, dict[str, str]]:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    found = dict(COLOUR.findall(light))
    return {"light": found, "dark": found | dict(COLOUR.findall(dark))}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme):
    colours = schemes()[scheme]
    weak = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_and_signs_stand_out_from_their_ground(scheme):
    colours = schemes()[scheme]
    weak = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_the_formula_knows_black_and_white():
    assert round(contrast("000000", "ffffff"), 2) == 21.0
