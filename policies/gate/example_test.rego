# METADATA
# title: Examples
# description: An input that every rule lets pass; the rules' tests change it.
package gatekeeper.gate.example_test

harmless := {
	"report": {
		"id": "fsar_00000000-0000-4000-8000-000000000000",
		"digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000",
		"severity": 4,
		"block_execution": false,
		"risks": 1,
		"mitigations": 1,
		"rollback": 0,
	},
	"assessment": {
		"model": "probe",
		"severity": {
			"claimed": 4,
			"assessed": 1,
			"effective": 4,
			"likelihood": 1,
			"damage": 1,
			"reversibility": 1,
		},
		"findings": [],
		"plan": {
			"addressed": [],
			"unaddressed": [],
		},
		"rollback_stated": false,
		"unassessable": false,
	},
	"context": {
		"frozen": false,
		"now": "2026-01-01T00:00:00.000000Z",
	},
}

test_the_harmless_example_is_allowed if {
	data.gatekeeper.gate.decision == {"outcome": "allow", "reasons": []} with input as harmless
}

test_nothing_is_decided_about_nothing if {
	not data.gatekeeper.gate.decision with input as {}
}

test_every_required_rule_exists_and_no_other if {
	present := {name | some name, _ in data.gatekeeper.gate.rules; not endswith(name, "_test")}
	data.gatekeeper.gate.required == present
}
