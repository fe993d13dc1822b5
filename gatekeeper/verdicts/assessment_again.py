"""Look for the findings of a verdict file's report again, when this program has the model that found them.

The claims of an assessment are left out: they rest on what else its submitter stated, which is not in the file.
"""

from __future__ import annotations

from typing import Any

from gatekeeper.assessment.assess import MODEL_VERSION, assess
from gatekeeper.assessment.assessment_json import assessment_to_json
from gatekeeper.errors import UnavailableError
from gatekeeper.proposals.json_form import report_from_value
from gatekeeper.verdicts.decision_evidence import is_same
from gatekeeper.verdicts.verdict_file import Json, VerdictFile


def require_same_findings(file: VerdictFile) -> None:
    """Assess the report again. Raises UnavailableError when the model is another, or finds something else."""
    stated = file.assessment
    if stated["model"] != MODEL_VERSION:
        raise UnavailableError(
            f"the report was assessed with the model {stated['model']}; this program has {MODEL_VERSION}"
        )
    anew = assessment_to_json(assess(report_from_value(dict(file.report))))
    if not is_same(_without_claims(anew), _without_claims(stated)):
        raise UnavailableError(
            f"assessed again by the same model, the report is another: severity {anew['severity']['assessed']} "
            f"with {_count(anew)}, not {stated['severity']['assessed']} with {_count(stated)}"
        )


def _without_claims(assessment: Json) -> dict[str, Any]:
    return {name: value for name, value in assessment.items() if name != "claims"}


def _count(assessment: Json) -> str:
    return f"{len(assessment['findings'])} findings"
