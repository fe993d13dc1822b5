# METADATA
# title: Break-glass
# description: >
#   May two people pass this blocked proposal at once? They are distinct, had no part in it, gave a reason, ask for a
#   limited time, and no earlier use still owes its review. Times are unix seconds.
package gatekeeper.break_glass

import data.gatekeeper.thresholds

default ready := false

ready if {
	request_sound
	proposal_sound
	thresholds_sound
	is_array(input.seconders)
	every seconder in input.seconders {
		is_string(seconder.person)
		is_boolean(seconder.role_ok)
	}
	is_number(input.overdue_reviews)
	is_number(input.now)
}

request_sound if {
	is_string(input.request.person)
	is_boolean(input.request.role_ok)
	is_number(input.request.reason_characters)
	is_number(input.request.ttl_seconds)
	is_number(input.request.requested_at)
}

proposal_sound if {
	input.proposal.state == "pending_review"
	is_array(input.proposal.authors)
	count(input.proposal.authors) > 0
}

thresholds_sound if {
	positive(thresholds.break_glass.min_reason_characters)
	positive(thresholds.break_glass.max_ttl_seconds)
	thresholds.break_glass.max_ttl_seconds <= 3600
	positive(thresholds.break_glass.request_ttl_seconds)
	positive(thresholds.break_glass.review_owed_seconds)
}

positive(number) if {
	is_number(number)
	number >= 1
}

taking_part(party) if {
	party.role_ok == true
	not party.person in input.proposal.authors
}

people contains input.request.person if taking_part(input.request)

people contains seconder.person if {
	some seconder in input.seconders
	taking_part(seconder)
}

refuse(code, message, remedy) := {"code": code, "effect": "block", "message": message, "remedy": remedy}

# METADATA
# description: Why it is refused outright.
refusals contains refuse("break_glass.reason_too_short", "The reason is too short to be one.", "Say what is broken and why it cannot wait.") if {
	input.request.reason_characters < thresholds.break_glass.min_reason_characters
}

refusals contains refuse("break_glass.time_out_of_range", sprintf("The pass may hold from 1 to %d seconds.", [thresholds.break_glass.max_ttl_seconds]), "Ask for less time.") if {
	not time_within
}

refusals contains refuse("break_glass.request_too_old", "The request is too old.", "Ask again.") if {
	input.now - input.request.requested_at > thresholds.break_glass.request_ttl_seconds
}

refusals contains refuse("break_glass.review_overdue", "An earlier use still owes its review.", "Review that one first.") if {
	input.overdue_reviews > 0
}

refusals contains refuse("break_glass.not_independent", "The request comes from somebody who had a part in the proposal or holds no fitting role.", "Ask a reviewer or an operator.") if {
	not taking_part(input.request)
}

default time_within := false

time_within if {
	input.request.ttl_seconds >= 1
	input.request.ttl_seconds <= thresholds.break_glass.max_ttl_seconds
}

default refused := false

refused if count(refusals) > 0

state := "rejected" if refused

state := "approved" if {
	not refused
	count(people) >= 2
}

state := "undecided" if {
	not refused
	count(people) < 2
}

reasons contains refusal if some refusal in refusals

# METADATA
# title: A second person is needed
# custom:
#   code: break_glass.second_person_missing
#   effect: review
#   remedy: Somebody else who is reviewer or operator has to agree.
reasons contains {
	"code": "break_glass.second_person_missing",
	"effect": "review",
	"message": "A second, independent person is needed.",
	"remedy": "Somebody else who is reviewer or operator has to agree.",
} if {
	state == "undecided"
}

# METADATA
# title: Two people broke the glass
# custom:
#   code: break_glass.activated
#   effect: note
#   remedy: Somebody who took no part writes a review.
reasons contains {
	"code": "break_glass.activated",
	"effect": "note",
	"message": "Two people broke the glass.",
	"remedy": "Somebody who took no part writes a review.",
} if {
	state == "approved"
}

# METADATA
# description: The result; undefined unless every fact and threshold is there with the right type.
# entrypoint: true
result := {"state": state, "reasons": sort([reason | some reason in reasons])} if ready

# METADATA
# description: The result with the revision of the policy that gave it.
# entrypoint: true
answer := {"result": result, "revision": data.gatekeeper.revision}
