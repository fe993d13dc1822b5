# METADATA
# title: Ethics
# description: Automated decisions about people or money that could do major harm are seen by a person first.
package gatekeeper.gate.rules.ethics

import data.gatekeeper.gate.facts
import data.gatekeeper.thresholds

default ready := false

ready if {
	is_array(input.assessment.findings)
	is_number(input.assessment.severity.damage)
	facts.confidence(thresholds.ethics.min_confidence)
	facts.whole_within(thresholds.ethics.min_damage, 1, 5)
	facts.words(thresholds.ethics.review_rules)
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
	some finding in input.assessment.findings
	finding.rule in thresholds.ethics.review_rules
	finding.confidence >= thresholds.ethics.min_confidence
	input.assessment.severity.damage >= thresholds.ethics.min_damage
}
