"""The process's one connection that listens, and what it sets off."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import psycopg
from django.db import Error, connections
from psycopg.conninfo import make_conninfo

from tuyendau.core.live.queries.hub import Hub

CHANNEL = "tuyendau_events"
LOOK_SECONDS = 15
"""Also where nothing is heard, the chain is looked at so often: a connection may be dead and not know it."""
GATHER_SECONDS = 0.03
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
_PARTS = (
    "host",
    "port",
    "dbname",
    "user",
    "password",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "options",
)
log = logging.getLogger(__name__)


def address() -> str:
    """Where the program's own database is, as psycopg takes it."""
    given = connections["default"].get_connection_params()
    parts = {name: given[name] for name in _PARTS if given.get(name)}
    return make_conninfo("", **parts, application_name="tuyendau live", keepalives_idle=10, connect_timeout=5)


async def follow(hub: Hub) -> None:
    """Keep the hub at the head of the chain until it is cancelled, through any outage of the database."""
    wait = FIRST_WAIT
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address(), autocommit=True) as listening:
                await listening.execute(f"LISTEN {CHANNEL}")
                await hub.catch_up(thorough=True)
                if wait > FIRST_WAIT:
                    log.info("the database answers again")
                wait = FIRST_WAIT
                while True:
                    await hub.catch_up(thorough=not await _heard(listening))
        except (psycopg.Error, Error, OSError) as error:
            if wait == FIRST_WAIT:
                log.warning(
                    "pages are told of nothing until the database answers again: %s", str(error).strip()
                )
        except Exception:
            log.exception("the change feed stopped and is followed anew")
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


async def watch(hub: Hub) -> None:
    """Look again and again at who is still signed in, and holds what they held, until it is cancelled."""
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(hub.checking.wait(), 1)
        try:
            await hub.check_due()
        except (Error, OSError):
            # The feed says that the database does not answer.
            await asyncio.sleep(1)
        except Exception:
            log.exception("sessions could not be looked at again")
            await asyncio.sleep(1)


async def _heard(listening: psycopg.AsyncConnection[tuple[object, ...]]) -> bool:
    """Whether something was committed, as soon as it was; False when it is time to look nevertheless."""
    await asyncio.sleep(GATHER_SECONDS)
    heard = False
    async for _notify in listening.notifies(timeout=LOOK_SECONDS, stop_after=1):
        heard = True
    if not heard:
        await listening.execute("SELECT 1")
    return heard
