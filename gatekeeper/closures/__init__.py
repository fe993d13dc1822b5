"""Everything that closes the gate for a time. Today: the freeze."""
