"""The JSON Schema of a verdict file: every field with its type, and no others. Data only.

What policy was asked is left open: it is policy's own business, and bound by a digest in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import jsonschema_rs

from gatekeeper.assessment.assessment import Factor, Hazard
from gatekeeper.policy.decision import Effect, Outcome, ReviewState
from gatekeeper.proposals.revisions import State, VerdictOutcome

FORMAT = "gatekeeper.verdict/v1"
QUESTIONS = ("approval", "break_glass")
_MOST_PROOF_HASHES = 63

Schema = Mapping[str, object]
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}
_ANY_OBJECT: Schema = {"type": "object"}
_DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_MOMENT: Schema = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z$",
}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def _list(items: Schema, **bounds: int) -> Schema:
    return {"type": "array", "items": items, **bounds}


def _optional(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _words(words: Sequence[str]) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


_REASONS = _list(_object({"code": _TEXT, "effect": _words(list(Effect)), "message": _TEXT, "remedy": _TEXT}))
_POLICY = _object({"revision": _DIGEST}, {"engine": _TEXT, "version": _TEXT})
_PROPOSAL = _object({"id": _TEXT, "revision": {"type": "integer", "minimum": 1}, "digest": _DIGEST})
_FINDING = _object(
    {
        "rule": _TEXT,
        "hazard": _words(list(Hazard)),
        "title": _TEXT,
        "start": _COUNT,
        "end": _COUNT,
        "excerpt": _TEXT,
        "confidence": {"type": "number"},
    }
)
_SEVERITIES = ("claimed", "assessed", "effective", "likelihood", "damage", "reversibility")
_ASSESSMENT = _object(
    {
        "model": _TEXT,
        "severity": _object(dict.fromkeys(_SEVERITIES, _COUNT)),
        "findings": _list(_FINDING),
        "contributions": _list(
            _object({"factor": _words(list(Factor)), "amount": {"type": "integer"}, "rule": _TEXT})
        ),
        "plan": _object({"addressed": _list(_TEXT), "unaddressed": _list(_TEXT)}),
        "rollback_stated": _FLAG,
        "unassessable": _FLAG,
    },
    {"claims": _list(_object({"rule": _TEXT, "title": _TEXT, "about": _TEXT, "excerpt": _TEXT}))},
)
_ENTRY = _object(
    {
        "v": {"const": 1},
        "index": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
        "type": _TEXT,
        "at": _MOMENT,
        "actor": _optional(_TEXT),
        "facts": _ANY_OBJECT,
        "proposal": _PROPOSAL,
    }
)
_HASH: Schema = {"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"}
_REVIEW = _object(
    {
        "question": _words(QUESTIONS),
        "policy": _POLICY,
        "input": _optional(_ANY_OBJECT),
        "salt": _optional({"type": "string", "pattern": "^[0-9a-f]{32}$"}),
        "result": _object({"state": _words(list(ReviewState)), "reasons": _REASONS}),
    }
)

VERDICT_FILE = _object(
    {
        "format": {"const": FORMAT},
        "proposal": _PROPOSAL,
        "report": _ANY_OBJECT,
        "assessment": _ASSESSMENT,
        "decision": _object(
            {
                "outcome": _words(list(Outcome)),
                "reasons": _REASONS,
                "policy": _POLICY,
                "input": _optional(_ANY_OBJECT),
            }
        ),
        "review": _optional(_REVIEW),
        "verdict": _object(
            {
                "outcome": _words(list(VerdictOutcome)),
                "state": _words(list(State)),
                "reasons": _REASONS,
                "at": _optional(_MOMENT),
                "leaf": _optional(_COUNT),
                "expires_at": _optional(_MOMENT),
            }
        ),
        "policies": {
            "type": "object",
            "propertyNames": _DIGEST,
            "additionalProperties": _optional({"type": "object", "additionalProperties": _TEXT}),
        },
        "entries": _list(
            _object({"entry": _ENTRY, "proof": _optional(_list(_HASH, maxItems=_MOST_PROOF_HASHES))})
        ),
        "checkpoint": _optional(_TEXT),
    }
)


@cache
def validator() -> jsonschema_rs.Draft202012Validator:
    """Tells whether a JSON value is a verdict file."""
    return jsonschema_rs.Draft202012Validator(
        dict(VERDICT_FILE), pattern_options=jsonschema_rs.RegexOptions()
    )
