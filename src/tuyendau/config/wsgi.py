"""The web application that granian serves."""

import logging
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuyendau.config.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    """Get ready for the first case while the first pages are served already; a failure costs only the head start."""
    from django.db import connections

    from tuyendau.records.contacts.queries import warm_up

    try:
        warm_up()
    except Exception:
        logging.getLogger(__name__).warning("tracing could not be made ready ahead", exc_info=True)
    finally:
        connections.close_all()


threading.Thread(target=_warm_up, daemon=True).start()
