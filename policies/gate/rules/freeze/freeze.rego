# METADATA
# title: Freeze
# description: While the gate is frozen nothing new is allowed.
package gatekeeper.gate.rules.freeze

default ready := false

ready if is_boolean(input.context.frozen)

# METADATA
# title: The gate is frozen
# custom:
#   code: freeze
#   effect: block
#   remedy: Submit a new revision after the thaw, or ask two reviewers.
findings contains {
	"code": "freeze",
	"effect": "block",
	"message": "The gate is frozen.",
	"remedy": "Submit a new revision after the thaw, or ask two reviewers.",
} if {
	input.context.frozen == true
}
