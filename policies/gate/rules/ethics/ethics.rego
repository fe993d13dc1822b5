# METADATA
# title: Ethics
# description: Automated decisions about people or money that could do major harm are seen by a person first.
package gatekeeper.gate.rules.ethics

import data.gatekeeper.thresholds

default ready := false

ready if {
	bounds := thresholds.ethics
	bounds.min_confidence > 0
	bounds.min_confidence <= 1
	bounds.min_damage >= 1
	bounds.min_damage <= 5
	is_array(bounds.review_rules)
	count(bounds.review_rules) > 0
	every rule in bounds.review_rules {
		is_string(rule)
	}
	is_array(input.assessment.findings)
	is_number(input.assessment.severity.damage)
}

# METADATA
# title: An automated decision about people or money
# custom:
#   code: ethics.automated_decision
#   effect: review
#   remedy: Keep a person in the decision, or ask one reviewer.
findings contains {
	"code": "ethics.automated_decision",
	"effect": "review",
	"message": sprintf("Automation would decide about people or money (%s).", [finding.rule]),
	"remedy": "Keep a person in the decision, or ask one reviewer.",
} if {
	bounds := thresholds.ethics
	input.assessment.severity.damage >= bounds.min_damage
	some finding in input.assessment.findings
	finding.confidence >= bounds.min_confidence
	finding.rule in bounds.review_rules
}
