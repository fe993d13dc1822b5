package gatekeeper.gate.rules.safety_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.safety

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	safety.ready with input as example_test.harmless
	blocking(safety.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/findings", "value": [{"rule": "oversight.self_approval", "hazard": "oversight_evasion", "confidence": 0.8}]}])
	blocking(safety.findings) == {"safety.oversight"} with input as changed
}

test_passes_just_below if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/findings", "value": [{"rule": "oversight.self_approval", "hazard": "oversight_evasion", "confidence": 0.79}]}])
	blocking(safety.findings) == set() with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["assessment/findings", "assessment/unassessable"] {
		not safety.ready with input as json.remove(example_test.harmless, [fact])
	}
}

test_is_not_ready_without_a_threshold if {
	every threshold in ["safety/min_confidence", "safety/block_rules"] {
		lacking := json.remove(data.gatekeeper.thresholds, [threshold])
		not safety.ready with input as example_test.harmless with data.gatekeeper.thresholds as lacking
	}
}
