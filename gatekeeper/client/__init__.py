"""The other end of the wire: how commands and automation in Python speak to a gate."""
