"""Editions on disk: folders, pointers, history, whole writes and read-only opening; used by all but `words`."""
