"""Rego decides: the policy bundle, the two engines that evaluate it, and the strict reading of their answers."""
