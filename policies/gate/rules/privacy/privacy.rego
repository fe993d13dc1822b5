# METADATA
# title: Privacy
# description: Credentials in use are blocked; personal data without protection that could do major harm is reviewed.
package gatekeeper.gate.rules.privacy

import data.gatekeeper.gate.facts
import data.gatekeeper.thresholds

default ready := false

ready if {
	is_array(input.assessment.findings)
	is_number(input.assessment.severity.damage)
	facts.confidence(thresholds.privacy.min_confidence)
	facts.words(thresholds.privacy.block_hazards)
	facts.words(thresholds.privacy.review_hazards)
	facts.whole_within(thresholds.privacy.block_damage, 1, 5)
	facts.whole_within(thresholds.privacy.review_damage, 1, 5)
}

certain contains finding if {
	some finding in input.assessment.findings
	finding.confidence >= thresholds.privacy.min_confidence
}

# METADATA
# title: A credential is exposed
# custom:
#   code: privacy.exposed
#   effect: block
#   remedy: Take the credential out and rotate it; it is in the report's history now.
findings contains {
	"code": "privacy.exposed",
	"effect": "block",
	"message": sprintf("A credential is exposed (%s).", [finding.rule]),
	"remedy": "Take the credential out and rotate it; it is in the report's history now.",
} if {
	some finding in certain
	finding.hazard in thresholds.privacy.block_hazards
	input.assessment.severity.damage >= thresholds.privacy.block_damage
}

# METADATA
# title: Personal data is unprotected
# custom:
#   code: privacy.unprotected
#   effect: review
#   remedy: Hash, encrypt or leave out the personal data, or ask one reviewer.
findings contains {
	"code": "privacy.unprotected",
	"effect": "review",
	"message": sprintf("Personal data would be kept or sent unprotected (%s).", [finding.rule]),
	"remedy": "Hash, encrypt or leave out the personal data, or ask one reviewer.",
} if {
	some finding in certain
	finding.hazard in thresholds.privacy.review_hazards
	input.assessment.severity.damage >= thresholds.privacy.review_damage
}
