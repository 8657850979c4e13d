"""`tuyendau up`: everything on this machine, from nothing to a page that answers."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tuyendau.config import demonstration, signins, storage
from tuyendau.config.cli import home, open_database
from tuyendau.config.cli.migrate import migrate
from tuyendau.config.processes import (
    AlreadyRunning,
    Child,
    ChildFailed,
    Lock,
    end_leftovers,
    python,
    run,
    watch,
)
from tuyendau.lib import clock

ANSWER_SECONDS = 90
LOOPBACK = ("127.0.0.1", "localhost", "::1")
console = Console(highlight=False)


class Stop(BaseException):
    """The operator asked to stop. Not an Exception, so that nothing on the way takes it for a failure."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--demo/--no-demo", default=True, help="Load the demonstration into an empty database.")
def command(host: str, port: int, demo: bool) -> None:
    """Start everything here: PostgreSQL, web, worker; the demonstration if the database is empty. Ctrl-C stops it."""
    began = time.monotonic()
    folder = home()
    storage.close(folder)
    lock = Lock(folder)
    try:
        before = lock.take()
    except AlreadyRunning as error:
        state = error.state
        raise click.ClickException(
            f"already running at {state.get('address', '?')} (process {state.get('pid', '?')})"
        ) from None
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    for name in end_leftovers(before):
        console.print(f"Ended what a killed run had left: {name}")
    _require_free(host, port)
    lock.write(pid=os.getpid(), address=address, children=[])
    with _stopping_on_signals(), _own_server_stopped(folder):
        _run(lock, folder, host=host, port=port, address=address, demo=demo, began=began)


def _run(lock: Lock, folder: Path, *, host: str, port: int, address: str, demo: bool, began: float) -> None:
    """From the database to the watch over the children, which only an exception ends."""
    own_server = not os.environ.get("DATABASE_URL")
    with console.status("Starting PostgreSQL" if own_server else "Connecting to PostgreSQL"):
        open_database(migrated=False)
    with console.status("Bringing the database to this version"):
        migrate(verbosity=0)
    if demo and demonstration.is_wanted() and run(python("-m", "tuyendau.config.cli", "demo")) != 0:
        raise click.ClickException("the demonstration could not be loaded; `--no-demo` starts without it")
    os.environ["TUYENDAU_DEMO_SIGNINS"] = "1" if _is_for_this_machine(host, demo) else "0"
    children = _children(folder, host, port, demo=demo and demonstration.is_loaded())
    try:
        for child in children:
            child.start()
        lock.write(pid=os.getpid(), address=address, children=[child.record() for child in children])
        with console.status("Waiting for the first page"):
            _wait_for_page(host, port, children)
        console.print(_box(address, time.monotonic() - began, _signins(folder) if demo else []))

        def told(child: Child) -> None:
            console.print(f"{child.name} had stopped and was started again; its log: {child.log}")
            lock.write(pid=os.getpid(), address=address, children=[c.record() for c in children])

        watch(children, healthy=_server_watch(folder) if own_server else lambda: None, told=told)
    except ChildFailed as error:
        console.print(f"\nLast lines of {error.child.log}:\n{error.child.last_lines()}", markup=False)
        raise click.ClickException(
            f"{error.child.name} does not keep running; everything is stopped"
        ) from None
    finally:
        console.print("Stopping.")
        for child in children:
            child.stop()


def _is_for_this_machine(host: str, demo: bool) -> bool:
    """Whether the sign-in page may show the demonstration's password: nobody but this machine's users sees it.

    Behind a proxy the program listens on loopback too; there it is told names or HTTPS.
    """
    proxied = os.environ.get("TUYENDAU_HOSTS") or os.environ.get("TUYENDAU_HTTPS")
    return demo and host in LOOPBACK and not proxied


def _children(folder: Path, host: str, port: int, *, demo: bool) -> list[Child]:
    web = python(
        "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port), "--no-ws",
        "--workers", str(min(2, os.cpu_count() or 1)), "--backlog", "1024", "--backpressure", "2048",
        "--respawn-failed-workers", "--workers-kill-timeout", "8", "tuyendau.config.asgi:application",
    )  # fmt: skip
    worker = python(
        "-m", "django", "procrastinate", "worker", "--concurrency", "2",
        "--shutdown-graceful-timeout", "8", "--delete-jobs", "successful",
    )  # fmt: skip
    children = [
        Child("web", web, folder / "log" / "web.log"),
        Child("worker", worker, folder / "log" / "worker.log"),
    ]
    if demo:
        player = python("-m", "tuyendau.config.cli", "demo", "play")
        children.append(Child("player", player, folder / "log" / "player.log"))
    return children


def _require_free(host: str, port: int) -> None:
    """Refuse a port that another program holds, naming that program where the system tells."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {host} port {port}: {error.strerror}. If another program uses the port, stop it "
                f"or choose another port: `tuyendau up --port {port + 1}` or `make run PORT={port + 1}`"
            ) from None


def _wait_for_page(host: str, port: int, children: list[Child]) -> None:
    """Return when the sign-in page answers with 200."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    # What the program answers to, and what the proxy before it will say.
    named = os.environ.get("TUYENDAU_HOSTS", "localhost").split(",")[0].lstrip(".").replace("*", "localhost")
    headers = {"Host": f"{named}:{port}", "X-Forwarded-Proto": "https"}
    deadline = time.monotonic() + ANSWER_SECONDS
    status: int | str = "nothing"
    while time.monotonic() < deadline:
        for child in children:
            if child.died():
                raise ChildFailed(child)
        with suppress(OSError), closing(http.client.HTTPConnection(target, port, timeout=20)) as connection:
            connection.request("GET", "/accounts/login/", headers=headers)
            status = connection.getresponse().status
            if status == 200:
                return
        time.sleep(0.1)
    web = children[0]
    console.print(f"\nLast lines of {web.log}:\n{web.last_lines()}", markup=False)
    raise click.ClickException(
        f"the sign-in page did not come within {ANSWER_SECONDS} s; the last answer: {status}"
    )


def _server_watch(folder: Path) -> Callable[[], None]:
    """What to do each time round: if the embedded PostgreSQL has died, start it again."""
    from tuyendau.config import postgres

    data = folder / "postgres"

    def healthy() -> None:
        if postgres.process(data) is None:
            console.print(f"PostgreSQL had stopped and is started again; its log: {data / 'log'}")
            try:
                postgres.start(data)
            except postgres.PostgresFailed as error:
                raise click.ClickException(str(error)) from error

    return healthy


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """Turn the first Ctrl-C, SIGTERM or hang-up into `Stop`, and ignore those after it: stopping is under way."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(*_: Any) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise Stop

    for number in signals:
        signal.signal(number, stop)
    try:
        yield
    except Stop:
        console.print("Stopped.")


@contextmanager
def _own_server_stopped(folder: Path) -> Iterator[None]:
    """Stop the embedded PostgreSQL at the end, whatever ends it."""
    own_server = not os.environ.get("DATABASE_URL")
    try:
        yield
    finally:
        if own_server:
            from django.db import connections

            from tuyendau.config import postgres

            if "DATABASE_URL" in os.environ:
                connections.close_all()
            postgres.stop(folder / "postgres")


def _signins(folder: Path) -> list[signins.Signin]:
    """The demonstration's accounts that this database still has."""
    from tuyendau.core.accounts.models import User

    kept = signins.load(folder)
    there = set(
        User.objects.filter(username__in=[a.username for a in kept]).values_list("username", flat=True)
    )
    return [account for account in kept if account.username in there]


def _first_task() -> str:
    """Whose case waits with a result to be confirmed: the one to try first."""
    from tuyendau.records.cases.models import Case, CaseStatus

    waiting = Case.objects.filter(status=CaseStatus.SUSPECTED, result_on__isnull=False)
    case = waiting.select_related("person").order_by("-reported_on", "-id").first()
    return str(case.person) if case else ""


def _box(address: str, seconds: float, accounts: list[signins.Signin]) -> Panel:
    """What a newcomer needs: where, and as whom."""
    body = Table.grid(padding=(0, 2))
    body.add_row(_("Open"), Text(address, style="bold cyan"))
    if accounts:
        warning = _("for all of them; whoever can read this may sign in")
        users = Table.grid(padding=(0, 2))
        for account in accounts:
            users.add_row(
                f"[bold]{account.username}[/]", account.vi if get_language() == "vi" else account.en
            )
        body.add_row(_("Users"), users)
        body.add_row(_("Password"), f"[bold]{accounts[0].password}[/]")
        body.add_row("", f"[yellow]{warning}[/]")
        gate = home() / demonstration.FOLDER / demonstration.GATE_KEY
        if gate.exists():
            body.add_row(_("Gate"), _("its key for the interface is in %(file)s") % {"file": gate})
        if task := _first_task():
            told = {"user": accounts[0].username, "case": task}
            body.add_row(_("Try"), _("as %(user)s: Cases, %(case)s (positive, waiting), Confirm") % told)
    else:
        body.add_row(_("Users"), _("are made with %(command)s") % {"command": "[bold]tuyendau user add[/]"})
    if said := clock.scenario():
        moment = said.at(clock.real_now()).astimezone(clock.ZONE)
        faster = "[bold]tuyendau demo clock --speed 60[/]"
        told = {"moment": f"[bold]{moment:%d/%m/%Y %H:%M}[/]", "command": faster}
        body.add_row(_("Clock"), _("the scenario is at %(moment)s; %(command)s lets it run") % told)
    body.add_row(_("Stop"), "Ctrl-C")
    ready = _("ready in %(seconds)s s") % {"seconds": f"{seconds:.1f}"}
    return Panel(body, title="Tuyến Đầu", subtitle=ready, expand=False, border_style="green")
