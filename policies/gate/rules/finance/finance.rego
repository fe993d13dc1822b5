# METADATA
# title: Finance
# description: Money that leaves, or amounts that a client sets, are seen by a person first.
package gatekeeper.gate.rules.finance

import data.gatekeeper.gate.facts
import data.gatekeeper.thresholds

default ready := false

ready if {
	is_array(input.assessment.findings)
	is_number(input.assessment.severity.damage)
	facts.confidence(thresholds.finance.min_confidence)
	facts.whole_within(thresholds.finance.min_damage, 1, 5)
	facts.words(thresholds.finance.review_rules)
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
	some finding in input.assessment.findings
	finding.rule in thresholds.finance.review_rules
	finding.confidence >= thresholds.finance.min_confidence
	input.assessment.severity.damage >= thresholds.finance.min_damage
}
