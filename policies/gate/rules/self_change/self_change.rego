# METADATA
# title: Self-change
# description: A proposal that touches the gate's own policy or program is for people, in either direction.
package gatekeeper.gate.rules.self_change

import data.gatekeeper.thresholds

default ready := false

ready if {
	is_string(thresholds.self_change.rule_prefix)
	thresholds.self_change.rule_prefix != ""
	is_array(input.assessment.findings)
}

# METADATA
# title: The proposal changes the gate
# custom:
#   code: self_change
#   effect: block
#   remedy: Propose changes of the gate to its people directly; two reviewers decide.
findings contains {
	"code": "self_change",
	"effect": "block",
	"message": sprintf("The proposal would change the gate itself (%s).", [finding.rule]),
	"remedy": "Propose changes of the gate to its people directly; two reviewers decide.",
} if {
	prefix := thresholds.self_change.rule_prefix
	some finding in input.assessment.findings
	startswith(finding.rule, prefix)
}
