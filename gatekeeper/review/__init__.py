"""People decide what policy would not: votes, quorum, separation of duties, expiry and break-glass."""
