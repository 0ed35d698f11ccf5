"""Official files by one command: what is published, what is new, bring it, hand it to the load."""
