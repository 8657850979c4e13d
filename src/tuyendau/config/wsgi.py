"""The web application that granian serves."""

import logging
import os
import threading
import time

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuyendau.config.settings")
application = get_wsgi_application()


# A request reads by itself what is newer than this; it only has less to read.
KEEP_READY_SECONDS = 5


def _keep_ready() -> None:
    """Be ready for the next case: kernels loaded, segments open, newer visits read. A failure costs the head start."""
    from django.db import connections

    from tuyendau.records.contacts.queries import warm_up

    failed = False
    while True:
        try:
            warm_up()
            failed = False
        except Exception:
            if not failed:
                logging.getLogger(__name__).warning("tracing could not be made ready ahead", exc_info=True)
            failed = True
        finally:
            connections.close_all()
        time.sleep(KEEP_READY_SECONDS)


threading.Thread(target=_keep_ready, daemon=True).start()
