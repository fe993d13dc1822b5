"""Evidence found in a proposal's text, each finding with its span, and the severity that follows from it."""
