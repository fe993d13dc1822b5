# METADATA
# title: Privacy
# description: Credentials in use are blocked; personal data without protection that could do major harm is reviewed.
package gatekeeper.gate.rules.privacy

import data.gatekeeper.thresholds

default ready := false

ready if {
	bounds := thresholds.privacy
	bounds.min_confidence > 0
	bounds.min_confidence <= 1
	bounds.block_damage >= 1
	bounds.block_damage <= 5
	bounds.review_damage >= 1
	bounds.review_damage <= 5
	is_array(bounds.block_hazards)
	count(bounds.block_hazards) > 0
	is_array(bounds.review_hazards)
	count(bounds.review_hazards) > 0
	every hazard in array.concat(bounds.block_hazards, bounds.review_hazards) {
		is_string(hazard)
	}
	is_array(input.assessment.findings)
	is_number(input.assessment.severity.damage)
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
	bounds := thresholds.privacy
	input.assessment.severity.damage >= bounds.block_damage
	some finding in input.assessment.findings
	finding.confidence >= bounds.min_confidence
	finding.hazard in bounds.block_hazards
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
	bounds := thresholds.privacy
	input.assessment.severity.damage >= bounds.review_damage
	some finding in input.assessment.findings
	finding.confidence >= bounds.min_confidence
	finding.hazard in bounds.review_hazards
}
