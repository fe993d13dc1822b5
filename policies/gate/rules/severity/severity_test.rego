package gatekeeper.gate.rules.severity_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.severity

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	severity.ready with input as example_test.harmless
	blocking(severity.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/effective", "value": 45}, {"op": "replace", "path": "/assessment/severity/claimed", "value": 45}])
	blocking(severity.findings) == {"severity.block"} with input as changed
}

test_passes_just_below if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/effective", "value": 44}, {"op": "replace", "path": "/assessment/severity/claimed", "value": 44}])
	blocking(severity.findings) == set() with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["assessment/severity/effective", "assessment/severity/damage", "assessment/findings"] {
		not severity.ready with input as json.remove(example_test.harmless, [fact])
	}
}

test_is_not_ready_without_a_threshold if {
	every threshold in ["severity/block", "severity/review"] {
		lacking := json.remove(data.gatekeeper.thresholds, [threshold])
		not severity.ready with input as example_test.harmless with data.gatekeeper.thresholds as lacking
	}
}
