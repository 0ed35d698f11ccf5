"""Figures as files: one table with its notes as CSV, XLSX, Parquet or text. Every format holds the same values."""

from indicators.files.delimited import as_csv
from indicators.files.names import file_name
from indicators.files.parquet import as_parquet
from indicators.files.sources import answers_table, facts_table
from indicators.files.table import Column, Note, Table
from indicators.files.text import as_text
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
