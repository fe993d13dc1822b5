# METADATA
# title: Gate
# description: >
#   May this proposal run? Holds the literal set of required rules. There is no decision unless every one of them is
#   ready, and nothing is allowed unless none of them objects.
package gatekeeper.gate

import data.gatekeeper.gate.rules

# METADATA
# description: Every rule that has to be there. A rule that is missing, or not ready, leaves the decision undefined.
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
# description: Required rules that could not prove their facts and thresholds; empty when the gate can decide.
unready contains name if {
	some name in required
	not is_ready(name)
}

is_ready(name) if rules[name].ready == true

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
# description: The decision; undefined when a required rule is not ready or gives an effect that does not exist.
# entrypoint: true
decision := {"outcome": outcome_of(effects), "reasons": reasons} if {
	every name in required {
		rules[name].ready == true
	}
	reasons := sort([reason | some name in required; some reason in rules[name].findings])
	effects := {reason.effect | some reason in reasons}
	count(effects - {"block", "review", "note"}) == 0
}

# METADATA
# description: The decision with the revision of the policy that made it.
# entrypoint: true
answer := {"result": decision, "revision": data.gatekeeper.revision}
