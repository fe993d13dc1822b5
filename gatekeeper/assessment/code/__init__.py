"""Programs: their pieces, what flows through them, and what they call."""
