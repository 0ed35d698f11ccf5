"""What serves the app: start, guard, access, head, warm-up."""
