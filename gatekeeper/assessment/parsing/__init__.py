"""Whether files parse, by native parsers in a process of their own."""
