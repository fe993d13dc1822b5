# METADATA
# title: Safety
# description: What could not be assessed goes to people; what turns on the gate or its people is blocked.
package gatekeeper.gate.rules.safety

import data.gatekeeper.thresholds

default ready := false

ready if {
	bounds := thresholds.safety
	bounds.min_confidence > 0
	bounds.min_confidence <= 1
	is_array(bounds.block_rules)
	count(bounds.block_rules) > 0
	every rule in bounds.block_rules {
		is_string(rule)
	}
	is_array(input.assessment.findings)
	is_boolean(input.assessment.unassessable)
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
	bounds := thresholds.safety
	some finding in input.assessment.findings
	finding.confidence >= bounds.min_confidence
	finding.rule in bounds.block_rules
}
