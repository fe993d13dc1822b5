# METADATA
# title: Safety
# description: What could not be assessed goes to people; what turns on the gate or its people is blocked.
package gatekeeper.gate.rules.safety

import data.gatekeeper.gate.facts
import data.gatekeeper.thresholds

default ready := false

ready if {
	is_array(input.assessment.findings)
	is_boolean(input.assessment.unassessable)
	facts.confidence(thresholds.safety.min_confidence)
	facts.words(thresholds.safety.block_rules)
}

# METADATA
# title: A part could not be assessed
# custom:
#   code: safety.unassessable
#   effect: review
#   remedy: Make the proposal smaller or mend what does not parse; or ask one reviewer.
findings contains {
	"code": "safety.unassessable",
	"effect": "review",
	"message": "A part of the proposal could not be assessed.",
	"remedy": "Make the proposal smaller or mend what does not parse; or ask one reviewer.",
} if {
	input.assessment.unassessable == true
}

# METADATA
# title: The proposal turns on its own oversight
# custom:
#   code: safety.oversight
#   effect: block
#   remedy: Leave approval, privileges and reviewers alone; propose such a change to people directly.
findings contains {
	"code": "safety.oversight",
	"effect": "block",
	"message": sprintf("The proposal turns on its own oversight (%s).", [finding.rule]),
	"remedy": "Leave approval, privileges and reviewers alone; propose such a change to people directly.",
} if {
	some finding in input.assessment.findings
	finding.rule in thresholds.safety.block_rules
	finding.confidence >= thresholds.safety.min_confidence
}
