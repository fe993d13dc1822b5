"""Strategies for hypothesis: any valid report, and text that tries to be taken for another part of its form."""

from __future__ import annotations

from datetime import UTC

from hypothesis import strategies as st

from gatekeeper.proposals.report import Action, Report, Truth

_LOOKALIKES = (
    "\n\n## Risks\n",
    "\n\n## Mitigations\n",
    "\n- proposal:\n\n",
    "# FSAR Proposal Report\n",
    "- ",
    "  ",
    "\n",
    "\r\n",
    "```\n",
    "<!--",
    "-->",
    "- id: x\n",
    "\u2028",
    "\x1f",
    "é☃𝄞",
)
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.lists(st.sampled_from(_LOOKALIKES) | st.text(_CHARACTERS, max_size=8), min_size=1, max_size=8).map(
    lambda pieces: "".join(pieces) or "-"
)
_STATEMENTS = st.lists(TEXTS, max_size=4).map(tuple)
_WORDS = st.text(_CHARACTERS, min_size=1, max_size=12)
_LINES = _WORDS.filter(lambda word: "\n" not in word)
_SHARES = st.floats(0, 1) | st.integers(0, 1)
_DIGESTS = st.binary(min_size=32, max_size=32).map(lambda digest: f"sha256:{digest.hex()}")
_TIMESTAMPS = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat().replace("+00:00", "Z"))
_FACTORS = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any valid report, with any of the optional fields."""
    likelihood, damage, reversibility = draw(_FACTORS)
    product = likelihood * damage * reversibility
    given = draw(st.sampled_from(["none", "some", "all"]))
    return Report(
        id=f"fsar_{draw(st.uuids())}",
        timestamp=draw(_TIMESTAMPS),
        severity=product if given == "all" else draw(st.integers(0, 75)),
        block_execution=draw(st.booleans()),
        proposal=draw(TEXTS),
        risks=draw(_STATEMENTS),
        mitigations=draw(_STATEMENTS),
        likelihood=likelihood if given != "none" else None,
        damage=damage if given == "all" else None,
        reversibility=reversibility if given == "all" else None,
        ai_model=draw(st.none() | _LINES),
        action=draw(st.none() | st.builds(Action, _WORDS, _WORDS, _DIGESTS)),
        rollback=draw(st.none() | st.lists(_DIGESTS, max_size=3).map(tuple)),
        truth=draw(st.none() | st.builds(Truth, _STATEMENTS, _STATEMENTS, _STATEMENTS, _SHARES)),
        p_fail=draw(st.none() | _SHARES),
    )
