# METADATA
# title: Severity
# description: The effective severity is the higher of the claim and the gate's own assessment.
package gatekeeper.gate.rules.severity

import data.gatekeeper.gate.facts
import data.gatekeeper.thresholds

default ready := false

ready if {
	facts.bands_sound
	facts.severity_sound
	facts.findings_sound
}

# METADATA
# title: Severity blocks
# custom:
#   code: severity.block
#   effect: block
#   remedy: Make the change smaller or reversible, or ask two reviewers.
findings contains {
	"code": "severity.block",
	"effect": "block",
	"message": sprintf("Severity %d reaches the blocking line of %d.", [effective, thresholds.severity.block]),
	"remedy": "Make the change smaller or reversible, or ask two reviewers.",
} if {
	effective >= thresholds.severity.block
}

# METADATA
# title: Severity is noted
# custom:
#   code: severity.noted
#   effect: note
#   remedy: Nothing has to be done; the findings are on record.
findings contains {
	"code": "severity.noted",
	"effect": "note",
	"message": sprintf("Severity %d is below the review line of %d, with findings.", [effective, thresholds.severity.review]),
	"remedy": "Nothing has to be done; the findings are on record.",
} if {
	effective < thresholds.severity.review
	count(input.assessment.findings) > 0
}

effective := input.assessment.severity.effective
