# METADATA
# title: Finance
# description: Money that leaves, or amounts that a client sets, are seen by a person first.
package gatekeeper.gate.rules.finance

import data.gatekeeper.thresholds

default ready := false

ready if {
	bounds := thresholds.finance
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
# title: Money could go wrong
# custom:
#   code: finance.money_at_risk
#   effect: review
#   remedy: Set amounts on the server, cap what leaves, and ask one reviewer.
findings contains {
	"code": "finance.money_at_risk",
	"effect": "review",
	"message": sprintf("Money could go wrong (%s).", [finding.rule]),
	"remedy": "Set amounts on the server, cap what leaves, and ask one reviewer.",
} if {
	bounds := thresholds.finance
	input.assessment.severity.damage >= bounds.min_damage
	some finding in input.assessment.findings
	finding.confidence >= bounds.min_confidence
	finding.rule in bounds.review_rules
}
