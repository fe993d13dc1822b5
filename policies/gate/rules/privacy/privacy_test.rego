package gatekeeper.gate.rules.privacy_test

import data.gatekeeper.gate.example_test
import data.gatekeeper.gate.rules.privacy

blocking(found) := {finding.code | some finding in found; finding.effect != "note"}

test_passes_what_is_harmless if {
	privacy.ready with input as example_test.harmless
	blocking(privacy.findings) == set() with input as example_test.harmless
}

test_trips if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/damage", "value": 5}, {"op": "replace", "path": "/assessment/findings", "value": [{"rule": "secrets.private_key", "hazard": "secret_exposure", "confidence": 0.8}]}])
	blocking(privacy.findings) == {"privacy.exposed"} with input as changed
}

test_passes_just_below if {
	changed := json.patch(example_test.harmless, [{"op": "replace", "path": "/assessment/severity/damage", "value": 4}, {"op": "replace", "path": "/assessment/findings", "value": [{"rule": "secrets.private_key", "hazard": "secret_exposure", "confidence": 0.8}]}])
	blocking(privacy.findings) == set() with input as changed
}

test_is_not_ready_without_a_fact if {
	every fact in ["assessment/findings", "assessment/severity/damage"] {
		not privacy.ready with input as json.remove(example_test.harmless, [fact])
	}
}

test_is_not_ready_without_a_threshold if {
	every threshold in ["privacy/min_confidence", "privacy/block_hazards", "privacy/review_hazards", "privacy/block_damage", "privacy/review_damage"] {
		lacking := json.remove(data.gatekeeper.thresholds, [threshold])
		not privacy.ready with input as example_test.harmless with data.gatekeeper.thresholds as lacking
	}
}
