package gatekeeper.approval_test

import data.gatekeeper.approval

vote(person) := {"person": person, "role_ok": true, "vote": "approve", "digest": "sha256:a", "at": 1000}

waiting := {
	"proposal": {
		"digest": "sha256:a",
		"outcome": "block",
		"state": "pending_review",
		"frozen": false,
		"submitted_at": 900,
		"authors": ["bot"],
	},
	"reviews": [vote("ann"), vote("ben")],
	"submitter": "bot",
	"now": 1100,
}

test_two_independent_people_approve if {
	approval.result.state == "approved" with input as waiting
}

test_nobody_approves_nothing if {
	not approval.result with input as {}
}

test_is_not_ready_without_a_threshold if {
	every threshold in ["quorum/review", "quorum/block", "vote_ttl_seconds", "review_ttl_seconds"] {
		lacking := json.remove(data.gatekeeper.thresholds, [sprintf("approval/%s", [threshold])])
		not approval.result with input as waiting with data.gatekeeper.thresholds as lacking
	}
}

test_is_not_ready_without_a_fact if {
	facts := ["proposal/digest", "proposal/outcome", "proposal/state", "proposal/frozen", "proposal/submitted_at", "proposal/authors", "reviews", "submitter", "now"]
	every fact in facts {
		not approval.result with input as json.remove(waiting, [fact])
	}
}
