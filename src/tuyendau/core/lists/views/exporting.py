"""Handing over a file while it is written."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from tuyendau.core.lists.actions import Taken


def file_answer(taken: Taken) -> StreamingHttpResponse:
    """The file as an answer that goes out piece by piece; how many rows it has is told in `X-Rows`."""
    answer = StreamingHttpResponse((piece for piece in taken.pieces if piece), content_type=taken.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    answer.headers["X-Rows"] = str(taken.rows)
    return answer
