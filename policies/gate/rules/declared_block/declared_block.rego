# METADATA
# title: Declared block
# description: The author asked to be blocked until people decide; that is granted at any severity.
package gatekeeper.gate.rules.declared_block

default ready := false

ready if is_boolean(input.report.block_execution)

# METADATA
# title: The report asks to be blocked
# custom:
#   code: declared_block
#   effect: block
#   remedy: Two reviewers decide; or submit a revision without block_execution.
findings contains {
	"code": "declared_block",
	"effect": "block",
	"message": "The report itself asks to be blocked until people decide.",
	"remedy": "Two reviewers decide; or submit a revision without block_execution.",
} if {
	input.report.block_execution == true
}
