"""The folder of what is kept: closed to others, and never one that is not the program's own."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tuyendau.config import postgres, storage
from tuyendau.config.processes import Lock


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_a_new_folder_is_its_owners_only(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "var"
    storage.close(folder)
    assert [mode(path) for path in (folder, folder / "log", folder / "segments")] == [0o700] * 3


def test_a_folder_of_before_is_closed(tmp_path: Path) -> None:
    for name in ("log", "segments", "postgres"):
        (tmp_path / name).mkdir(mode=0o755)
    (tmp_path / "secret-key").write_text("key")
    tmp_path.chmod(0o755)
    storage.close(tmp_path)
    assert [mode(path) for path in (tmp_path, tmp_path / "log", tmp_path / "segments")] == [0o700] * 3


def test_a_folder_with_other_things_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "somebody-elses").mkdir()
    tmp_path.chmod(0o755)
    storage.close(tmp_path)
    assert mode(tmp_path) == 0o755
    assert mode(tmp_path / "segments") == 0o700


def test_a_folder_for_everybodys_drafts_is_left_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    storage.close(tmp_path)
    assert mode(tmp_path) == 0o1777


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_another_users_server_may_be_passed_through_to(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    os.chown(tmp_path / "postgres", 65534, 65534)
    storage.close(tmp_path)
    assert mode(tmp_path) == 0o711


@pytest.mark.skipif(os.geteuid() != 0, reason="nothing is opened by other users than root")
def test_the_server_opens_folders_no_wider_than_needed(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    with postgres._only_passable(folder / "postgres"):
        folder.chmod(0o755)
    assert mode(folder) == 0o711


def test_what_a_run_says_of_itself_is_private(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    lock.write(pid=1)
    assert mode(tmp_path / "up.json") == 0o600
    assert lock.take() == {"pid": 1}
    lock._file.close()


def test_all_who_ask_at_once_get_one_whole_key(tmp_path: Path) -> None:
    start, keys = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        keys.append(storage.secret_key(tmp_path))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) == 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert mode(tmp_path / "secret-key") == 0o600


def test_a_key_appears_only_when_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    link = os.link

    def watched(draft: str, file: Path) -> None:
        seen.append((file.exists(), len(Path(draft).read_text())))
        link(draft, file)

    monkeypatch.setattr(os, "link", watched)
    storage.secret_key(tmp_path)
    assert seen == [(False, 50)]
