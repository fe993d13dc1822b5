"""A verdict as one file that anybody can decide again offline: its format, what it rests on, and how it is verified."""
