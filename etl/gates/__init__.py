"""What an edition must stand before it is published: controls of its rows, totals, codes, coverage, ledger."""
