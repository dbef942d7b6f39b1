"""A real server process, as `livefeed serve` starts it, for tests that kill it. Reads /proc, so Linux."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from tests.integration.ports import free_ports

READY = re.compile(r"livefeed is ready at (http://\S+)")
READY_S, GONE_S = 60.0, 30.0
CALM_S, CALM_CPU_S = 1.0, 0.04
ROOT = Path(__file__).resolve().parents[2]


class ServerProcess:
    """A server on a free port with a data folder of its own; entering the block starts it.

    settings: of the configuration, by field name: `workers=0` is LIVEFEED_WORKERS=0. A second start takes the
    same port, so that clients find it again.
    """

    PROGRAM: ClassVar[Sequence[str]] = ("livefeed.cli", "serve")
    """The module that is run, and its words."""

    def __init__(self, data: Path, **settings: object) -> None:
        self.data = data
        [port] = free_ports(1)
        self.settings: dict[str, object] = {"port": port, "workers": 0, "drain_s": 0.5, **settings}
        self.url = ""
        self.ready_s = 0.0
        """How long the last start took."""
        self._process: subprocess.Popen[bytes] | None = None
        self._seen: set[int] = set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if error is not None:
            print(self.log())

    def start(self) -> None:
        """Start it and wait until it serves."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        with self._output.open("wb") as out, self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.PROGRAM],
                cwd=ROOT,
                env=environment(data=self.data, **self.settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )
        until(lambda: self._is_ready() or self._process.poll() is not None, "the server is ready or gone", READY_S)
        ready = self._is_ready()
        assert ready, f"the server did not start (exit code {self._process.poll()}):\n{self.log()}"
        self.ready_s = time.monotonic() - began
        self.url = ready.group(1)
        self.settings["port"] = int(self.url.rpartition(":")[2])

    @property
    def pid(self) -> int:
        """Process id of the server, which is also its process group."""
        assert self._process is not None
        return self._process.pid

    @property
    def store_pid(self) -> int:
        """Process id of its embedded store."""
        return int((self.data / "store.pid").read_text("ascii"))

    def children(self) -> list[int]:
        """The processes it has started: store and workers."""
        with contextlib.suppress(OSError):
            found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
            self._seen.update(map(int, found))
            return [int(pid) for pid in found]
        return []

    def worker_pids(self) -> list[int]:
        """The worker processes among its children."""
        return [pid for pid in self.children() if "worker" in command_line(pid)]

    def kill(self) -> None:
        """`kill -9`: no goodbye."""
        self.children()
        self.signal(signal.SIGKILL)
        self.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process alone."""
        os.kill(self.pid, number)

    def interrupt(self) -> None:
        """Press Ctrl-C: the signal goes to the whole process group."""
        self.children()
        os.killpg(self.pid, signal.SIGINT)

    def terminate(self) -> None:
        """Ask it to stop."""
        self.children()
        self.signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait for its end and return the exit code."""
        assert self._process is not None
        return self._process.wait(GONE_S)

    def stop(self) -> None:
        """End it and whatever it left behind; each by its process id."""
        if self._process is not None and self._process.poll() is None:
            self.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.wait()
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        for pid in self.left_behind():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def left_behind(self) -> list[int]:
        """The processes it had started which are alive although it is not."""
        return [pid for pid in self._seen if is_alive(pid) and is_ours(pid)]

    def log(self) -> str:
        """What it has said, the end of it."""
        said = [path.read_text("utf-8", "replace")[-4000:] for path in (self._output, self._errors) if path.exists()]
        return "\n".join(said)

    def resident_mb(self) -> float:
        """The memory it has in use, in MiB."""
        return status_kib(self.pid, "VmRSS") / 1024

    @property
    def _output(self) -> Path:
        return self.data.with_name(self.data.name + ".out")

    @property
    def _errors(self) -> Path:
        return self.data.with_name(self.data.name + ".err")

    def _is_ready(self) -> re.Match[str] | None:
        return READY.search(self._output.read_text("utf-8"))


def environment(**settings: object) -> dict[str, str]:
    """Return an environment in which livefeed has these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEFEED_")}
    return kept | {f"LIVEFEED_{name.upper()}": str(value) for name, value in settings.items()}


@contextlib.contextmanager
def external_worker(server: ServerProcess, **settings: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker that nobody supervises, as an operator would on another machine."""
    asked = {**server.settings, **settings, "data": server.data, "redis_url": f"unix://{server.data / 'store.sock'}"}
    errors = server.data.with_name(f"{server.data.name}.worker.err")
    with errors.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "livefeed.cli", "worker"],
            cwd=ROOT,
            env=environment(**asked),
            stdin=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(true: Callable[[], object], what: str, timeout_s: float) -> None:
    """Wait for a state. Raises: AssertionError with `what` once the time is over."""
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline, f"waited {timeout_s:g} s in vain: {what}"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return False


def is_ours(pid: int) -> bool:
    """Tell whether it is a livefeed process or its store, and not another one that got the number since."""
    line = command_line(pid)
    return "livefeed" in line or "valkey-server" in line


def command_line(pid: int) -> str:
    """Return what a process was started as; nothing if it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busiest(pids: list[int]) -> int:
    """Return the process that is using the most processor time just now."""
    before = {pid: cpu_s(pid) for pid in pids}
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        time.sleep(0.05)
        used = {pid: cpu_s(pid) - before[pid] for pid in pids}
        if max(used.values()) >= 0.05:
            return max(used, key=used.__getitem__)
    raise AssertionError(f"none of the workers {pids} paints: {used}")


def at_rest(pids: list[int]) -> None:
    """Wait until processes have nothing to do: one that is still starting is as busy as one that paints."""
    before, calm_since = 0.0, time.monotonic()
    deadline = time.monotonic() + READY_S
    while time.monotonic() - calm_since < CALM_S:
        assert time.monotonic() < deadline, f"the processes {pids} do not come to rest"
        time.sleep(0.05)
        used = sum(map(cpu_s, pids))
        if used - before > CALM_CPU_S:
            before, calm_since = used, time.monotonic()


def status_kib(pid: int, name: str) -> int:
    """Return a size of /proc/PID/status in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise AssertionError(f"{name} of process {pid} is unknown")
