"""Two plain word scorers to hold the gate against. They read words, not deeds; that is their point.

Both are reconstructions from published outcomes, not the programs that produced them, and neither knows any report.
"""

from __future__ import annotations

import re

from evaluation.labels import band_of
from evaluation.prediction import Prediction
from gatekeeper.assessment.assessment import Hazard

PHRASES = ("data loss",)
_PHRASE_SEVERITY, _USUAL_SEVERITY = 48, 6

POINTS_PER_WORD = 15
_HIGHEST = 75
WORDS: dict[Hazard, tuple[str, ...]] = {
    Hazard.DESTRUCTIVE_DATA: ("delete", "drop", "truncate", "remove", "overwrite", "replace"),
    Hazard.FINANCIAL_FLOW: ("payment", "stripe", "price", "pricing", "billing", "invoice", "refund"),
    Hazard.PERSONAL_DATA: ("user", "customer", "email", "personal", "privacy"),
    Hazard.SECRET_EXPOSURE: ("password", "secret", "token", "credential"),
    Hazard.SCHEMA_MIGRATION: ("database", "schema", "migration", "table", "sql"),
    Hazard.INFRA_CHANGE: ("deploy", "deployment", "production", "server", "infrastructure"),
    Hazard.INSECURE_CODE: ("security", "authentication", "vulnerability"),
    Hazard.AI_DECISION: ("ai", "model", "automatic", "automated", "automatically"),
}
_WORD = re.compile(r"[a-z]+")


def phrase_scorer(text: str) -> Prediction:
    """Severity 6 for everything, 48 and block where a phrase of alarm stands.

    Reconstruction from the seed's outcome: of its reports the two blocked ones (severity 48) are those that say
    "data loss", in both to promise that there is none; all others have 6, also where they say "downtime" or "breach".
    It names no hazards.
    """
    lowered = text.lower()
    severity = _PHRASE_SEVERITY if any(phrase in lowered for phrase in PHRASES) else _USUAL_SEVERITY
    return Prediction(band_of(severity), severity, None)


def word_counter(text: str) -> Prediction:
    """Points for every distinct risk word, up to 75; the rubric's bands, so that three words are enough to block.

    Reconstruction from the published outcome: it blocked about three of four harmless reports, and the points of a
    word, the same for all, are set to reach that. A word (or its plural in s) counts once however often it stands;
    a hazard is named when one of its words is there.
    """
    words = set(_WORD.findall(text.lower()))
    found = {
        hazard: [word for word in listed if words & {word, f"{word}s"}] for hazard, listed in WORDS.items()
    }
    points = POINTS_PER_WORD * sum(len(present) for present in found.values())
    severity = max(1, min(_HIGHEST, points))
    return Prediction(band_of(severity), severity, frozenset(hazard for hazard in found if found[hazard]))
