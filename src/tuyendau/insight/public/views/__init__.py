"""The pages of the public map."""

from tuyendau.insight.public.views.page import english, vietnamese

__all__ = ["english", "vietnamese"]
