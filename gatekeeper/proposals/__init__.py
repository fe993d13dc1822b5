"""The FSAR report as a value: its JSON and Markdown forms, digest, schema, revisions and inbox."""
