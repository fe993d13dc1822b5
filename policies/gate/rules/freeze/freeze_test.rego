package gatekeeper.gate.rules.freeze_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.freeze

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	freeze.ready with input as example_test.harmless
	blocking(freeze.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/context/frozen", "value": true}])
	blocking(freeze.findings) == {"freeze"} with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["context/frozen"] {
		not freeze.ready with input as json.remove(example_test.harmless, [fact])
	}
}
