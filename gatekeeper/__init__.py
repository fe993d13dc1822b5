"""Gatekeeper: the gate that self-modifying automation has to pass before it may touch production."""

__version__ = "0.1.0"
