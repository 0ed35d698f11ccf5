"""Shows the numbers: router, filters, figures, blocks. Holds no SQL and no arithmetic."""
