"""The proposal as text: what it reads as, its parts, and what words and files mean where they stand."""
