# METADATA
# title: Facts
# description: >
#   What every gate rule may rely on once it has proven it here. Proves types and ranges; decides nothing. The severity rule proves all of it once for the gate; the
#   other rules prove the presence and type of what they use.
package gatekeeper.gate.facts

# METADATA
# description: The finding list is there and each finding has a rule, a hazard and a confidence from 0 to 1.
default findings_sound := false

findings_sound if {
	is_array(input.assessment.findings)
	every finding in input.assessment.findings {
		is_string(finding.rule)
		is_string(finding.hazard)
		is_number(finding.confidence)
		finding.confidence >= 0
		finding.confidence <= 1
	}
}

# METADATA
# description: Severity and its factors are whole numbers in their ranges and no claim lowers what was assessed.
default severity_sound := false

severity_sound if {
	severity := input.assessment.severity
	whole_within(severity.effective, 0, 75)
	whole_within(severity.assessed, 1, 75)
	whole_within(severity.claimed, 0, 75)
	whole_within(severity.likelihood, 1, 5)
	whole_within(severity.damage, 1, 5)
	whole_within(severity.reversibility, 1, 3)
	severity.assessed == (severity.likelihood * severity.damage) * severity.reversibility
	severity.effective in {severity.claimed, severity.assessed}
	severity.effective >= severity.claimed
	severity.effective >= severity.assessed
}

# METADATA
# description: A whole number from low to high.
whole_within(number, low, high) if {
	is_number(number)
	number == floor(number)
	number >= low
	number <= high
}

# METADATA
# description: A list of words with at least one.
words(list) if {
	is_array(list)
	count(list) > 0
	every word in list {
		is_string(word)
		word != ""
	}
}

# METADATA
# description: A threshold between nothing and certainty.
confidence(number) if {
	is_number(number)
	number > 0
	number <= 1
}
