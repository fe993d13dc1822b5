"""Permits: a pass as a signed value that fits one revision, one action, one executor and one time."""
