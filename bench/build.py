"""Build the load client and the floor from bench/load/*.c, once per change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parent / "load"
BUILT = SOURCES / "build"
COMMON = ("loop", "base")
CLIENT = ("crowd", "sight", "histogram", "process", *COMMON)
PROGRAMS = {
    "fanout": ("fanout", "publisher", *CLIENT),
    "resume": ("resume", "publisher", *CLIENT),
    "churn": ("churn", *CLIENT),
    "watch": ("watch", *CLIENT),
    "cursors": ("cursors", *CLIENT),
    "joins": ("joins", *CLIENT),
    "floor": ("floor", *COMMON),
}
FLAGS = ("-O2", "-Wall", "-Wextra", "-Wno-format-truncation")


class NotHere(Exception):
    """Something that a measurement needs cannot be had on this machine; the text says what, and what would help."""


@cache
def program(name: str) -> Path:
    """Return the program, compiled if its sources have changed. Raises: NotHere without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NotHere("there is no C compiler: install one (Debian: apt-get install gcc libc6-dev)")
    sources = [SOURCES / f"{part}.c" for part in PROGRAMS[name]]
    text = b"".join([path.read_bytes() for path in sorted(SOURCES.glob("*.[ch]"))])
    zlib = ("-DWITH_ZLIB", "-lz") if has_zlib(compiler) else ()
    stamp = hashlib.sha256(text + " ".join((*FLAGS, *zlib)).encode()).hexdigest()[:16]
    target = BUILT / f"{name}-{stamp}"
    if not target.exists():
        BUILT.mkdir(exist_ok=True)
        made = target.with_name(f"{target.name}.{os.getpid()}")
        command = [compiler, *FLAGS, "-o", made, *sources, *zlib]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotHere(f"bench/load/{name}.c was not compiled:\n{done.stderr[-2000:]}")
        made.replace(target)  # in one step: another run may want it, too, or still use that of yesterday's sources
    return target


@cache
def has_zlib(compiler: str = "cc") -> bool:
    """Tell whether programs can be linked with zlib here: without it nothing is inflated."""
    code = "#include <zlib.h>\nint main(void) { return inflateInit2(0, 0); }"
    asked = [compiler, "-x", "c", "-", "-o", "/dev/null", "-lz"]
    return subprocess.run(asked, input=code.encode(), capture_output=True, check=False).returncode == 0
