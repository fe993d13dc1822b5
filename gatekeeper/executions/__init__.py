"""Executions: what became of each permit that was spent, told by whoever spent it, or by their silence."""
