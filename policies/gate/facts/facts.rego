# METADATA
# title: Facts
# description: >
#   What more than one rule relies on, proven once: types and ranges. Decides nothing. A value between two numbers is a
#   number, because Rego orders values of different types by type.
package gatekeeper.gate.facts

import data.gatekeeper.thresholds

# METADATA
# description: The review line is a whole number and not above the blocking line, which is one too.
default bands_sound := false

bands_sound if {
	bands := thresholds.severity
	bands.block <= 75
	bands.block == floor(bands.block)
	bands.review >= 1
	bands.review <= bands.block
	bands.review == floor(bands.review)
}

# METADATA
# description: The finding list is there and each finding has a rule, a hazard and a confidence from 0 to 1.
default findings_sound := false

findings_sound if {
	findings := input.assessment.findings
	is_array(findings)
	every finding in findings {
		is_string(finding.rule)
		is_string(finding.hazard)
		finding.confidence >= 0
		finding.confidence <= 1
	}
}

# METADATA
# description: Severity and its factors are whole numbers in their ranges and no claim lowers what was assessed.
default severity_sound := false

severity_sound if {
	severity := input.assessment.severity
	severity.likelihood in {1, 2, 3, 4, 5}
	severity.damage in {1, 2, 3, 4, 5}
	severity.reversibility in {1, 2, 3}
	severity.assessed == (severity.likelihood * severity.damage) * severity.reversibility
	severity.claimed >= 0
	severity.claimed <= 75
	severity.claimed == floor(severity.claimed)
	severity.effective in {severity.claimed, severity.assessed}
	severity.effective >= severity.claimed
	severity.effective >= severity.assessed
}
