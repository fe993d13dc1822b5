"""How accurate the gate is, measured against reports that people have labelled. The product never imports this."""
