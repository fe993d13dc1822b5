package gatekeeper.gate.rules.self_change_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.self_change

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	self_change.ready with input as example_test.harmless
	blocking(self_change.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/findings", "value": [{"rule": "self_change.weakens_gate", "hazard": "oversight_evasion", "confidence": 0.1}]}])
	blocking(self_change.findings) == {"self_change"} with input as changed
}

test_passes_just_below if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/findings", "value": [{"rule": "self_changes", "hazard": "oversight_evasion", "confidence": 1}]}])
	blocking(self_change.findings) == set() with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["assessment/findings"] {
		not self_change.ready with input as json.remove(example_test.harmless, [fact])
	}
}

test_is_not_ready_without_a_threshold if {
	every threshold in ["self_change/rule_prefix"] {
		lacking := json.remove(data.gatekeeper.thresholds, [threshold])
		not self_change.ready with input as example_test.harmless with data.gatekeeper.thresholds as lacking
	}
}
