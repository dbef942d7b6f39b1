"""Runs the load client and returns what it counted. It has the cores that the measured server has not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from bench.build import program
from bench.cores import pinned

EXTRA_S = 20.0


class LoadFailed(Exception):
    """The load client has measured nothing that counts; the text says why."""


def load(name: str, options: Sequence[object], *, timeout_s: float) -> dict[str, Any]:
    """Run the program `name` and return its report.

    timeout_s: it gives up by itself after so long, and is killed a while later.
    Raises: LoadFailed if it does not finish, or lost what it should have counted.
    """
    words = [str(program(name)), *map(str, options), "--timeout", str(timeout_s)]
    try:
        done = subprocess.run(
            pinned(words, server=False), capture_output=True, text=True, timeout=timeout_s + EXTRA_S, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise LoadFailed(f"the load client hung: {' '.join(words)}") from exc
    if done.returncode or not done.stdout.strip():
        raise LoadFailed(f"the load client ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    report["said"] = done.stderr.strip()
    wrong = complaints(report)
    if wrong:
        raise LoadFailed(f"{wrong}; {done.stderr.strip()[-300:]}".rstrip("; "))
    return report


def complaints(report: dict[str, Any]) -> str:
    """Return what makes a report worthless; nothing if it counts."""
    found = []
    if report["ready"] != report["clients"]:
        found.append(f"{report['ready']} of {report['clients']} clients were ready")
    found += [
        f"{report[name]} {name}"
        for name in ("failed", "closed", "broken", "lost", "publish_errors")
        if report.get(name)
    ]
    if report["ended"]:
        found.append(report["ended"])
    if found and report["complaint"]:
        found.append(report["complaint"].strip())
    return ", ".join(found)
