"""Shell as it is run: scripts, where they stand, and what their commands do."""
