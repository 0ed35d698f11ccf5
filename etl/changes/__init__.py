"""What a publication changed: a report beside each edition, and a feed for newsrooms."""
