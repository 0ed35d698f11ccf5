"""The SQL console: queries of readers, each in a process of its own."""
