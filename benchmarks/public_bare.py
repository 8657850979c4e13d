"""The program without its shelf, to measure beside: every answer is made by the pages."""

from tuyendau.config.pages import Pages
from tuyendau.config.wsgi import application as pages

application = Pages(pages)
