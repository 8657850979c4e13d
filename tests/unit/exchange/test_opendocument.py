"""Workbooks of the open kind, .ods: read like any other, unless one cell says that it stands there a million times."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.utils import translation

from tuyendau.insight.exchange.forms.limits import WEB
from tuyendau.insight.exchange.forms.problems import FileRefused
from tuyendau.insight.exchange.forms.tables import raw_table

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def ods(rows: str) -> bytes:
    out = io.BytesIO()
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Danh sách">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("content.xml", content)
        book.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


EMPTY = '<table:table-cell table:number-columns-repeated="16384"/>'


def test_a_table_is_read_and_its_empty_margins_are_not() -> None:
    data = ods(
        row(cell("Mã ca"), cell("Họ tên"), EMPTY)
        + row(cell("BN1"), cell("Hà"))
        + row(EMPTY, more=' table:number-rows-repeated="1048000"')
    )
    cells, workbook = raw_table(data, WEB)
    assert workbook
    assert [cells.row(i)[1:3] for i in range(2)] == [("Mã ca", "Họ tên"), ("BN1", "Hà")]


@pytest.mark.parametrize(
    "rows",
    [
        row(
            cell("x", ' table:number-columns-repeated="16000"'), more=' table:number-rows-repeated="1000000"'
        ),
        row(cell("x"), more=' table:number-rows-repeated="30000000"'),
    ],
)
def test_what_repeats_itself_too_often_is_refused(rows: str) -> None:
    with translation.override("en"), pytest.raises(FileRefused, match="more cells"):
        raw_table(ods(rows), WEB)
