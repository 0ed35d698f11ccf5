"""What a reader chooses with: filters, view, steps, language."""
