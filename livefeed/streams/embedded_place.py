"""Where the embedded store lives: its files in the data folder, and the lock against a second server."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from livefeed.errors import ConfigurationError

SOCKET_PATH_BYTES = 100
"""Linux takes 107 bytes, macOS 103. Source: unix(7)."""

LOG_BYTES = 1_048_576
"""A log larger than this is put aside at the next start; one such is kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one embedded store."""

    data: Path

    @classmethod
    def at(cls, data: Path) -> Place:
        """Return the place of the store of this data folder, which need not exist yet."""
        return cls(data.expanduser().resolve())

    @property
    def folder(self) -> Path:
        """Holds the append-only log; also the store's working directory, by which it is recognised."""
        return self.data / "store"

    @property
    def pid_file(self) -> Path:
        return self.data / "store.pid"

    @property
    def log(self) -> Path:
        return self.data / "store.log"

    @property
    def lock(self) -> Path:
        return self.data / "store.lock"

    @property
    def socket(self) -> Path:
        """The store's unix socket: in the data folder, unless its path there is longer than systems allow."""
        near = self.data / "store.sock"
        if len(os.fsencode(near)) <= SOCKET_PATH_BYTES:
            return near
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(_short_temporary_folder(), f"livefeed-{os.getuid()}-{name}", "store.sock")

    @property
    def url(self) -> str:
        """What redis.asyncio.from_url takes."""
        return f"unix://{quote(str(self.socket))}"

    def prepare(self) -> None:
        """Make the folders, private to this user, and put an overgrown log aside.

        Raises: ConfigurationError if the data folder cannot be written.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))
            self.log.touch(mode=0o600)
        except OSError as exc:
            raise ConfigurationError(
                f"The data folder {self.data} cannot be written ({exc.strerror}): make it writable, or set "
                "LIVEFEED_DATA to another folder."
            ) from exc
        if self.socket.parent != self.data:
            _make_private(self.socket.parent)

    def clear(self) -> None:
        """Remove what only a running store needs."""
        self.pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)
        if self.socket.parent != self.data:
            with contextlib.suppress(OSError):
                self.socket.parent.rmdir()

    def last_words(self) -> str:
        """Return the last line that the store logged."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 4096))
            lines = file.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


class Lock:
    """A data folder held by this process, until released or until the process ends, however it ends."""

    def __init__(self, place: Place) -> None:
        """Take the folder. Raises: ConfigurationError if another process has it."""
        self._file = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 32).decode(errors="replace").strip() or "unknown"
            os.close(self._file)
            raise ConfigurationError(
                f"Another livefeed uses the data folder {place.data} (pid {holder}): stop it, or set "
                "LIVEFEED_DATA to another folder."
            ) from None
        # The file stays when the lock goes: removing it would let two servers hold two files of one name.
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        os.close(self._file)


def _short_temporary_folder() -> str:
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) <= SOCKET_PATH_BYTES // 2 else "/tmp"


def _make_private(folder: Path) -> None:
    """Make a folder that only this user can enter, or check the one there: its name can be guessed."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise ConfigurationError(
                f"{folder} is not this user's private folder: remove it, or set LIVEFEED_DATA to a shorter path."
            ) from None
