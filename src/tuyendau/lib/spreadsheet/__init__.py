"""Files of rows, written while they are read: XLSX, CSV, Parquet. No cell is one that Excel would run."""

from tuyendau.lib.spreadsheet.columns import Column, Kind
from tuyendau.lib.spreadsheet.csvs import csv_pieces
from tuyendau.lib.spreadsheet.formats import FORMATS, Format
from tuyendau.lib.spreadsheet.parquet import parquet_pieces
from tuyendau.lib.spreadsheet.xlsx import SHEET_ROWS, workbook, xlsx_pieces

__all__ = [
    "FORMATS",
    "SHEET_ROWS",
    "Column",
    "Format",
    "Kind",
    "csv_pieces",
    "parquet_pieces",
    "workbook",
    "xlsx_pieces",
]
