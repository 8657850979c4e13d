"""Taking files in: each kind checks its rows and has the records write them."""

from tuyendau.insight.exchange.actions.base import Options, Stage
from tuyendau.insight.exchange.actions.files import Imported, import_file

__all__ = ["Imported", "Options", "Stage", "import_file"]
