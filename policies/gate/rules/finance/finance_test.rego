package gatekeeper.gate.rules.finance_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.finance

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	finance.ready with input as example_test.harmless
	blocking(finance.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/damage", "value": 4}, {"op": "replace", "path": "/assessment/findings", "value": [{"rule": "finance.payout", "hazard": "financial_flow", "confidence": 0.7}]}])
	blocking(finance.findings) == {"finance.money_at_risk"} with input as changed
}

test_passes_just_below if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/damage", "value": 3}, {"op": "replace", "path": "/assessment/findings", "value": [{"rule": "finance.payout", "hazard": "financial_flow", "confidence": 0.7}]}])
	blocking(finance.findings) == set() with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["assessment/findings", "assessment/severity/damage"] {
		not finance.ready with input as json.remove(example_test.harmless, [fact])
	}
}

test_is_not_ready_without_a_threshold if {
	every threshold in ["finance/min_confidence", "finance/min_damage", "finance/review_rules"] {
		lacking := json.remove(data.gatekeeper.thresholds, [threshold])
		not finance.ready with input as example_test.harmless with data.gatekeeper.thresholds as lacking
	}
}
