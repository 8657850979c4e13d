"""What is said of files that cannot be used: all texts in one place, by key, for pages to say them in Vietnamese."""

from __future__ import annotations

from typing import Any

TEXTS = {
    "empty": "{file}: the file is empty; it needs a header and rows",
    "no_rows": "{file}: there is a header but no rows",
    "unreadable": "{file}: cannot be read ({reason})",
    "excel": "{file}: this is an Excel workbook; save the sheet as CSV (UTF-8) and give that file",
    "encoding": "{file}: the text is neither UTF-8, UTF-16 with its mark, nor Windows-1252; save it as CSV (UTF-8)",
    "parquet": "{file}: not a readable Parquet file ({reason})",
    "header": "{file}: the header has no column {missing}; it has {found}. It needs {needed}",
    "doubled": "{file}: the header has the column '{column}' twice; remove one",
    "ragged": "{file}, {row}: {found} fields where the header has {wanted}; check the separator and the quotes",
    "quotes": '{file}: quotes do not match up ({reason}); check the rows for a lone " character',
    "blank": "{file}, {row}, column '{column}': empty; every row needs one",
    "time": "{file}, {row}, column '{column}': '{value}' is not a time; write it as 2021-05-08T07:30 or "
    "2021-05-08T07:30:00+07:00",
    "date_only": "{file}, {row}, column '{column}': '{value}' has no time of day; write it as 2021-05-08T07:30",
    "range": "{file}, {row}, column '{column}': '{value}' lies outside the years 1952 to 2087",
    "kind": "{file}: column '{column}' holds {kind}; it needs {needed}",
    "order": "{file}, {row}, column 'end': {end} is before the start {start}; check the two times",
    "number": "{file}, {row}, column '{column}': '{value}' is not a whole number of seconds",
    "negative": "{file}, {row}, column '{column}': {value} is negative; a duration is 0 or more",
    "long": "{file}, {row}, column '{column}': {value} seconds reach beyond the year 2087",
    "self": "{file}, {row}: '{value}' met themselves; columns a and b must name two people",
    "setting": "{file}, {row}, column 'setting': '{value}' is unknown; known are {known}",
    "settings": "{file}, {row}, column 'setting': site '{site}' is '{value}' here and '{other}' elsewhere; "
    "one site has one setting",
    "person": "person '{person}' is in no row of {files}",
    "window": "--from {start} is not before --to {end}",
    "nothing": "give --visits or --encounters, or both",
    "moment": "{option}: '{value}' is not a time; write it as 2021-05-08 or 2021-05-08T07:30",
    "out": "--out {file}: the name must end in .csv or .parquet",
    "unwritable": "--out {file}: cannot be written ({reason})",
    "line": "line {number}",
    "row": "row {number}",
}
"""English templates by key."""


class Problem(ValueError):
    """Something in the input that stops the work.

    `key` names the text in `TEXTS`, `values` fill it; the string of the exception is the English sentence.
    """

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(TEXTS[key].format(**values))
