"""Lists that people bring and take as spreadsheets: read row by row with every fault named, and written."""

from nhipcau.core.sheets.looking import UnableToReadFile
from nhipcau.core.sheets.reading import Column, Fault, Row, Table, read_table
from nhipcau.core.sheets.values import BadCell, as_day, as_number, as_text, as_time
from nhipcau.core.sheets.writing import Sheet, write_book

__all__ = [
    "BadCell",
    "Column",
    "Fault",
    "Row",
    "Sheet",
    "Table",
    "UnableToReadFile",
    "as_day",
    "as_number",
    "as_text",
    "as_time",
    "read_table",
    "write_book",
]
