"""How a figure is checked again: receipts, editions compared, reconciliation, revisions."""
