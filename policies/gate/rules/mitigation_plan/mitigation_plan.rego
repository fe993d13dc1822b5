# METADATA
# title: Mitigation plan
# description: From the review line up to the blocking line a plan has to answer every stated risk and found hazard.
package gatekeeper.gate.rules.mitigation_plan

import data.gatekeeper.gate.facts
import data.gatekeeper.thresholds

default ready := false

ready if {
	facts.bands_sound
	thresholds.mitigation_plan.min_mitigations >= 1
	thresholds.mitigation_plan.min_mitigations <= 1000
	is_number(input.assessment.severity.effective)
	is_array(input.assessment.plan.addressed)
	is_array(input.assessment.plan.unaddressed)
	is_number(input.report.mitigations)
}

in_band if {
	input.assessment.severity.effective >= thresholds.severity.review
	input.assessment.severity.effective < thresholds.severity.block
}

default sufficient := false

sufficient if {
	input.report.mitigations >= thresholds.mitigation_plan.min_mitigations
	count(input.assessment.plan.unaddressed) == 0
}

# METADATA
# title: The plan is missing or incomplete
# custom:
#   code: mitigation_plan.incomplete
#   effect: review
#   remedy: State a mitigation for each of these that names what it protects and the measure, or ask one reviewer.
findings contains {
	"code": "mitigation_plan.incomplete",
	"effect": "review",
	"message": sprintf("Severity %d needs a mitigation plan; risks and hazards it leaves unanswered: %d.", [input.assessment.severity.effective, count(input.assessment.plan.unaddressed)]),
	"remedy": "State a mitigation for each of these that names what it protects and the measure, or ask one reviewer.",
} if {
	in_band
	not sufficient
}

# METADATA
# title: The plan answers everything
# custom:
#   code: mitigation_plan.complete
#   effect: note
#   remedy: Nothing has to be done; the plan is on record.
findings contains {
	"code": "mitigation_plan.complete",
	"effect": "note",
	"message": "The mitigation plan answers every stated risk and found hazard.",
	"remedy": "Nothing has to be done; the plan is on record.",
} if {
	in_band
	sufficient
}
