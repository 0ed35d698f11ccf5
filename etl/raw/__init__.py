"""From raw bytes as received to typed Parquet, with a report of what was repaired, rejected or left aside."""
