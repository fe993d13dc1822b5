# METADATA
# title: Gate
# description: >
#   May this proposal run? Names every required rule literally. There is no decision unless every one of them is there
#   and ready, and nothing is allowed unless none of them objects.
package gatekeeper.gate

import data.gatekeeper.gate.rules

# METADATA
# description: Every rule that has to be there. `ready` and `found` name the same rules, one by one.
required := {
	"declared_block",
	"ethics",
	"finance",
	"freeze",
	"mitigation_plan",
	"privacy",
	"safety",
	"self_change",
	"severity",
}

# METADATA
# description: Required rules that could not prove their facts and thresholds, for people who look for the fault.
unready contains name if {
	some name in required
	not is_ready(name)
}

is_ready(name) if rules[name].ready == true

# METADATA
# description: Whether every required rule has proven its facts and thresholds. Named one by one, which is fast.
default ready := false

ready if {
	rules.declared_block.ready == true
	rules.ethics.ready == true
	rules.finance.ready == true
	rules.freeze.ready == true
	rules.mitigation_plan.ready == true
	rules.privacy.ready == true
	rules.safety.ready == true
	rules.self_change.ready == true
	rules.severity.ready == true
}

# METADATA
# description: What each required rule found; undefined when one of them is missing.
found := [
	rules.declared_block.findings,
	rules.ethics.findings,
	rules.finance.findings,
	rules.freeze.findings,
	rules.mitigation_plan.findings,
	rules.privacy.findings,
	rules.safety.findings,
	rules.self_change.findings,
	rules.severity.findings,
]

outcome_of(effects) := "block" if "block" in effects

outcome_of(effects) := "review" if {
	not "block" in effects
	"review" in effects
}

outcome_of(effects) := "allow" if {
	not "block" in effects
	not "review" in effects
}

# METADATA
# description: The decision; undefined when a required rule is not ready or a finding has no effect that exists.
# entrypoint: true
decision := {"outcome": outcome_of(effects), "reasons": reasons} if {
	ready
	sets := found
	every findings in sets {
		is_set(findings)
	}
	reasons := sort([reason | some findings in sets; some reason in findings])
	every reason in reasons {
		reason.effect in {"block", "review", "note"}
	}
	effects := {reason.effect | some reason in reasons}
}

# METADATA
# description: The decision with the revision of the policy that made it.
# entrypoint: true
answer := {"result": decision, "revision": data.gatekeeper.revision}
