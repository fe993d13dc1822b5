# METADATA
# title: Approval
# description: >
#   Do these reviews suffice? Input: the proposal, every vote on this revision, the submitter's person and the present
#   time (unix seconds). Anything missing or mistyped leaves the result undefined, which is never an approval.
package gatekeeper.approval

import data.gatekeeper.thresholds

default ready := false

ready if {
	proposal_sound
	reviews_sound
	thresholds_sound
	is_string(input.submitter)
	is_number(input.now)
}

proposal_sound if {
	is_string(input.proposal.digest)
	input.proposal.outcome in {"review", "block"}
	input.proposal.state == "pending_review"
	is_boolean(input.proposal.frozen)
	is_number(input.proposal.submitted_at)
	is_array(input.proposal.authors)
	count(input.proposal.authors) > 0
	every author in input.proposal.authors {
		is_string(author)
	}
}

reviews_sound if {
	is_array(input.reviews)
	every review in input.reviews {
		is_string(review.person)
		is_string(review.digest)
		is_boolean(review.role_ok)
		is_number(review.at)
		review.vote in {"approve", "reject"}
	}
}

thresholds_sound if {
	positive(thresholds.approval.quorum.review)
	positive(thresholds.approval.quorum.block)
	thresholds.approval.quorum.block >= thresholds.approval.quorum.review
	positive(thresholds.approval.vote_ttl_seconds)
	positive(thresholds.approval.review_ttl_seconds)
}

positive(number) if {
	is_number(number)
	number >= 1
}

# METADATA
# description: Votes of people who may vote here, on exactly this revision.
counted contains review if {
	some review in input.reviews
	review.role_ok == true
	review.digest == input.proposal.digest
	review.at <= input.now
	review.at >= input.proposal.submitted_at
	review.person != input.submitter
	not review.person in input.proposal.authors
}

rejecting := {review.person | some review in counted; review.vote == "reject"}

approving := {review.person |
	some review in counted
	review.vote == "approve"
	input.now - review.at <= thresholds.approval.vote_ttl_seconds
}

needed := thresholds.approval.quorum[input.proposal.outcome]

default vetoed := false

vetoed if count(rejecting) > 0

default overdue := false

overdue if input.now - input.proposal.submitted_at > thresholds.approval.review_ttl_seconds

default enough := false

enough if count(approving) >= needed

state := "rejected" if vetoed

state := "rejected" if {
	not vetoed
	overdue
}

state := "approved" if {
	not vetoed
	not overdue
	enough
	input.proposal.frozen == false
}

state := "undecided" if {
	not vetoed
	not overdue
	not passable
}

default passable := false

passable if {
	enough
	input.proposal.frozen == false
}

# METADATA
# title: Vetoed
# custom:
#   code: approval.vetoed
#   effect: block
#   remedy: Read the reviewer's reason and submit a revision that answers it.
reasons contains {
	"code": "approval.vetoed",
	"effect": "block",
	"message": "A reviewer rejected the proposal.",
	"remedy": "Read the reviewer's reason and submit a revision that answers it.",
} if {
	vetoed
}

# METADATA
# title: Nobody decided in time
# custom:
#   code: approval.review_expired
#   effect: block
#   remedy: Submit it again as a new revision and tell the reviewers.
reasons contains {
	"code": "approval.review_expired",
	"effect": "block",
	"message": "The time for review ran out before enough people had approved.",
	"remedy": "Submit it again as a new revision and tell the reviewers.",
} if {
	overdue
	not vetoed
}

# METADATA
# title: More approvals are needed
# custom:
#   code: approval.quorum_missing
#   effect: review
#   remedy: Ask a reviewer who had no part in the proposal.
reasons contains {
	"code": "approval.quorum_missing",
	"effect": "review",
	"message": sprintf("%d of %d approvals by distinct people.", [count(approving), needed]),
	"remedy": "Ask a reviewer who had no part in the proposal.",
} if {
	state == "undecided"
	not enough
}

# METADATA
# title: The gate is frozen
# custom:
#   code: approval.frozen
#   effect: review
#   remedy: The approvals stand; the verdict follows the thaw if they are not too old by then.
reasons contains {
	"code": "approval.frozen",
	"effect": "review",
	"message": "There are enough approvals, and the gate is frozen.",
	"remedy": "The approvals stand; the verdict follows the thaw if they are not too old by then.",
} if {
	state == "undecided"
	enough
}

# METADATA
# title: Enough people approved
# custom:
#   code: approval.quorum_reached
#   effect: note
#   remedy: Nothing has to be done.
reasons contains {
	"code": "approval.quorum_reached",
	"effect": "note",
	"message": sprintf("%d of %d approvals by distinct people.", [count(approving), needed]),
	"remedy": "Nothing has to be done.",
} if {
	state == "approved"
}

# METADATA
# title: A vote does not count
# custom:
#   code: approval.vote_not_counted
#   effect: note
#   remedy: Votes count for one revision, from reviewers with no part in it, for a limited time.
reasons contains {
	"code": "approval.vote_not_counted",
	"effect": "note",
	"message": sprintf("%d approval(s) no longer count.", [uncounted]),
	"remedy": "Votes count for one revision, from reviewers with no part in it, for a limited time.",
} if {
	uncounted > 0
}

uncounted := count({review.person |
	some review in input.reviews
	review.vote == "approve"
	not review.person in approving
})

# METADATA
# description: The result; undefined unless every fact and threshold is there with the right type.
# entrypoint: true
result := {"state": state, "reasons": sort([reason | some reason in reasons])} if ready

# METADATA
# description: The result with the revision of the policy that gave it.
# entrypoint: true
answer := {"result": result, "revision": data.gatekeeper.revision}
