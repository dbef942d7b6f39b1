"""Where pictures are kept: a port, and the local folder behind it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256 as hash_sha256
from pathlib import Path
from typing import Final, Protocol

from livefeed.errors import Busy, NotFound
from livefeed.media.values import WIDTHS, is_sha256

_ORIGINAL: Final = "original.webp"
_UNFINISHED: Final = ".unfinished"
UNFINISHED_S: Final = 3600.0
"""What has not become a picture for so long was left by a process that died."""


class PictureStore(Protocol):
    """Keeps originals and their variants. Every method may block: callers use a thread.

    Raises: NotFound for names and widths that are none, Busy when the storage fails or is full.
    """

    def put_original(self, data: bytes) -> str:
        """Store the bytes for good and return their sha256; storing them again changes nothing."""

    def original(self, sha256: str) -> bytes:
        """Return the bytes of an original."""

    def put_variant(self, sha256: str, width: int, data: bytes) -> Path:
        """Store a variant of a stored original and return the file to serve."""

    def variant(self, sha256: str, width: int) -> Path | None:
        """Return the file to serve, or None where the variant has not been rendered."""

    def sweep(self) -> None:
        """Remove what processes that died have left half written. Raises nothing."""

    def attempt(self) -> None:
        """Write something small and forget it: returns where a picture could be stored now. Raises: Busy."""


class PictureFolder:
    """A PictureStore on the local disk: `ab/cd/<sha256>/original.webp`, `256.webp`, `512.webp`, `1024.webp`.

    A file appears whole or not at all, and once `put_original` has returned it survives a loss of power: it
    is written in `.unfinished`, flushed, renamed, and its folder flushed. Several processes may share it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put_original(self, data: bytes) -> str:
        name = hash_sha256(data).hexdigest()
        self._write(self._path(name, _ORIGINAL), data)
        return name

    def original(self, sha256: str) -> bytes:
        with storage_errors_translated():
            try:
                return self._path(sha256, _ORIGINAL).read_bytes()
            except FileNotFoundError:
                raise NotFound("There is no such picture.") from None

    def put_variant(self, sha256: str, width: int, data: bytes) -> Path:
        path = self._variant_path(sha256, width)
        self._write(path, data)
        return path

    def variant(self, sha256: str, width: int) -> Path | None:
        path = self._variant_path(sha256, width)
        return path if path.is_file() else None

    def sweep(self) -> None:
        before_s = time.time() - UNFINISHED_S
        with suppress(OSError):
            for path in (self._folder / _UNFINISHED).iterdir():
                with suppress(OSError):  # another process sweeps too, or has just finished it
                    if path.stat().st_mtime < before_s:
                        path.unlink()

    def attempt(self) -> None:
        with storage_errors_translated(), tempfile.TemporaryFile(dir=self._unfinished()) as file:
            file.write(bytes(4096))
            file.flush()

    def _unfinished(self) -> Path:
        """Return the folder in which files grow, made where it is missing. Raises: OSError."""
        folder = self._folder / _UNFINISHED
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _variant_path(self, sha256: str, width: int) -> Path:
        if width not in WIDTHS:
            raise NotFound(f"Pictures are {', '.join(map(str, WIDTHS))} pixels wide.")
        return self._path(sha256, f"{width:d}.webp")

    def _path(self, sha256: str, file: str) -> Path:
        if not is_sha256(sha256):
            raise NotFound("There is no such picture.")
        return self._folder / sha256[:2] / sha256[2:4] / sha256 / file

    def _write(self, path: Path, data: bytes) -> None:
        with storage_errors_translated():
            if not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, data, self._unfinished())


@contextmanager
def storage_errors_translated() -> Iterator[None]:
    """Turn what the disk says into Busy."""
    try:
        yield
    except OSError as exc:
        message = f"The picture storage failed ({exc.strerror}); try again later."
        raise Busy(message, retry_after_s=10) from exc


def write_atomically(path: Path, data: bytes, unfinished: Path) -> None:
    """Write a file that appears whole or not at all and outlives a loss of power. Raises: OSError.

    unfinished: the folder that it grows in, on the same disk.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=".", dir=unfinished)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(descriptor, 0o644)  # mkstemp's 0600 would hide it from a web server of another user
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    for folder in (path.parent, *path.parent.parents[:3]):
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
