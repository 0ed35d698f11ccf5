"""Language, numbers, months and lists as a reader sees them; used by all."""
