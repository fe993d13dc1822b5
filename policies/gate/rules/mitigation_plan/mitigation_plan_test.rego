package gatekeeper.gate.rules.mitigation_plan_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.mitigation_plan

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	mitigation_plan.ready with input as example_test.harmless
	blocking(mitigation_plan.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/effective", "value": 25}, {"op": "replace", "path": "/assessment/plan/unaddressed", "value": ["schema_migration"]}])
	blocking(mitigation_plan.findings) == {"mitigation_plan.incomplete"} with input as changed
}

test_passes_just_below if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/effective", "value": 24}, {"op": "replace", "path": "/assessment/plan/unaddressed", "value": ["schema_migration"]}])
	blocking(mitigation_plan.findings) == set() with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["assessment/severity/effective", "assessment/plan/unaddressed", "assessment/plan/addressed", "report/mitigations"] {
		not mitigation_plan.ready with input as json.remove(example_test.harmless, [fact])
	}
}

test_is_not_ready_without_a_threshold if {
	every threshold in ["severity/block", "severity/review", "mitigation_plan/min_mitigations"] {
		lacking := json.remove(data.gatekeeper.thresholds, [threshold])
		not mitigation_plan.ready with input as example_test.harmless with data.gatekeeper.thresholds as lacking
	}
}
