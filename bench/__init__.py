"""Measurements of the gate, beside a bare OPA server in the same run. `python -m bench` prints them as Markdown."""
