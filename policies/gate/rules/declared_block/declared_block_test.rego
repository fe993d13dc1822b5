package gatekeeper.gate.rules.declared_block_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.declared_block

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	declared_block.ready with input as example_test.harmless
	blocking(declared_block.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/report/block_execution", "value": true}])
	blocking(declared_block.findings) == {"declared_block"} with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["report/block_execution"] {
		not declared_block.ready with input as json.remove(example_test.harmless, [fact])
	}
}
