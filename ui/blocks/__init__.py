"""Blocks of the pages: cards, tables, menus, and those of each page."""
