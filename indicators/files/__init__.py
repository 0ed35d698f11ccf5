"""Figures as files: one table with its notes as CSV, XLSX, Parquet or text. Every format holds the same values."""

from indicators.files.sources import answers_table, facts_table
from indicators.files.table import Column, Note, Table, as_csv, as_parquet, as_text, file_name
from indicators.files.workbook import as_xlsx

__all__ = [
    "Column",
    "Note",
    "Table",
    "answers_table",
    "as_csv",
    "as_parquet",
    "as_text",
    "as_xlsx",
    "facts_table",
    "file_name",
]
