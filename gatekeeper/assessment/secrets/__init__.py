"""Secrets: how they are named, what they look like, and the formats and checks of their issuers."""
