"""Turns raw customs and company files into one immutable DuckDB edition. Knows nothing of the app."""
