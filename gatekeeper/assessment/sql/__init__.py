"""SQL as it is meant: scripts, statements and what they do, in the dialects of the field."""
