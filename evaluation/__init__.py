"""How accurate the gate is, measured against labelled reports. The product never imports this."""
