"""Why a server could not be reached, in words."""

from __future__ import annotations

import errno
import socket

import pytest

from livefeed.client.reason import reason_of


@pytest.mark.parametrize(
    ("exc", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 9)"), "connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "[Errno -2] Name or service not known"),
        (TimeoutError(), "TimeoutError"),
        (ValueError("not a URL"), "not a URL"),
    ],
)
def test_an_error_is_called_what_the_system_calls_it(exc: Exception, said: str) -> None:
    assert reason_of(exc) == said
