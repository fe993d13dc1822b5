package gatekeeper.break_glass_test

import data.gatekeeper.break_glass

asked := {
	"proposal": {"state": "pending_review", "authors": ["bot"]},
	"request": {"person": "ann", "role_ok": true, "reason_characters": 30, "ttl_seconds": 600, "requested_at": 1000},
	"seconders": [{"person": "ben", "role_ok": true}],
	"overdue_reviews": 0,
	"now": 1100,
}

test_two_people_break_the_glass if {
	break_glass.result.state == "approved" with input as asked
}

test_nothing_breaks_without_a_question if {
	not break_glass.result with input as {}
}

test_is_not_ready_without_a_threshold if {
	names := ["min_reason_characters", "max_ttl_seconds", "request_ttl_seconds", "review_owed_seconds"]
	every name in names {
		lacking := json.remove(data.gatekeeper.thresholds, [sprintf("break_glass/%s", [name])])
		not break_glass.result with input as asked with data.gatekeeper.thresholds as lacking
	}
}

test_an_hour_is_the_most_that_any_threshold_may_allow if {
	longer := json.patch(data.gatekeeper.thresholds, [{"op": "replace", "path": "/break_glass/max_ttl_seconds", "value": 3601}])
	not break_glass.result with input as asked with data.gatekeeper.thresholds as longer
}
