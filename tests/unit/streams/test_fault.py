"""Why a server of the store cannot be had: one sentence for each way, never a password."""

from __future__ import annotations

import socket
import ssl

import hiredis
import pytest

from livefeed.errors import StoreUnavailable
from livefeed.streams.address import Address, Login, Server
from livefeed.streams.condition import Condition
from livefeed.streams.fault import Fault, of_connecting, of_role, of_sentinel, of_slots, sentence, why_silent
from livefeed.streams.slots import SLOTS

SERVER = Server("store", 7000)
PLAIN, SECRET = Login(), Login("me", "sesame", 99)
TLS = Login(tls=ssl.create_default_context())
NO_PASSWORD = "ERR AUTH <password> called without any password configured for the default user."


def caused(cause: BaseException | None) -> StoreUnavailable:
    """Return the error as `link.connect` raises it."""
    error = StoreUnavailable("The store cannot be reached just now.")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("login", "cause", "says", "lasting"),
    [
        (PLAIN, ConnectionRefusedError(111, "Connection refused"), "Nobody listens at store:7000;", False),
        (PLAIN, FileNotFoundError(2, "No such file"), "Nobody listens at", False),
        (PLAIN, socket.gaierror(-2, "Name or service not known"), "The host name 'store' leads nowhere", False),
        (PLAIN, TimeoutError(), "(it takes too long)", False),
        (PLAIN, None, "(it closes the connection); look at its log, or begin LIVEFEED_REDIS_URL with rediss", False),
        (PLAIN, OSError(113, "No route to host"), "(no route to host)", False),
        (TLS, None, "does it speak TLS?", False),
        (TLS, TimeoutError(), "does it speak TLS?", False),
        (TLS, ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "does not speak TLS there", True),
        (TLS, ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED]"), "correct the ssl_", True),
        (PLAIN, hiredis.ReplyError("NOAUTH Authentication required."), "wants a password", True),
        (SECRET, hiredis.ReplyError("WRONGPASS invalid username-password pair"), "this name and password", True),
        (SECRET, hiredis.ReplyError(NO_PASSWORD), "has no password, but LIVEFEED_REDIS_URL names one", True),
        (SECRET, hiredis.ReplyError("ERR DB index is out of range"), "has no database 99", True),
        (PLAIN, hiredis.ReplyError("LOADING it is loading"), "does not take commands yet (LOADING it is", False),
        (PLAIN, hiredis.ReplyError("NOPERM no permissions"), "refuses us (NOPERM no permissions)", True),
    ],
)
def test_every_refusal_says_whose_fault_and_what_next(login: Login, cause: BaseException, says: str, lasting: bool):
    found = of_connecting(SERVER, login, caused(cause))
    assert says in found.text
    assert found.lasting is lasting
    assert found.text[0].isupper()
    assert found.text.endswith(".")


def test_a_certificate_that_is_not_accepted_is_not_taken_for_a_server_without_tls():
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed")
    assert "ssl_ca_certs" in of_connecting(SERVER, TLS, caused(error)).text


def test_a_password_that_a_server_repeats_is_not_told():
    reply = hiredis.ReplyError("ERR unknown command 'AUTH', with args beginning with: 'me' 'sesame'")
    assert "sesame" not in of_connecting(SERVER, SECRET, caused(reply)).text


def test_the_role_says_whether_a_server_takes_writes():
    assert of_role(SERVER, [b"master", 0, []], alone=True) is None
    replica = [b"slave", b"10.0.0.1", 6379, b"connected", 0]
    alone, one_of = of_role(SERVER, replica, alone=True), of_role(SERVER, replica, alone=False)
    assert alone is not None
    assert one_of is not None
    assert "replica of 10.0.0.1:6379" in alone.text
    assert alone.text != one_of.text
    assert not alone.lasting  # it may be promoted
    sentinel = of_role(SERVER, [b"sentinel", [b"feed"]], alone=True)
    assert sentinel is not None
    assert "must begin with redis+sentinel://" in sentinel.text


def test_a_sentinel_that_is_none_differs_from_one_that_does_not_know_the_service():
    address = Address.parse("redis+sentinel://store:7000/wrong")
    unknown = of_sentinel(SERVER, address, None, ["feed", "other"]).text
    assert "knows no service 'wrong' (it knows feed, other)" in unknown
    none = of_sentinel(SERVER, address, hiredis.ReplyError("ERR unknown command 'SENTINEL', with args"), []).text
    assert "is no sentinel" in none


def test_what_a_cluster_lacks_is_counted():
    assert "no slot has a master" in of_slots(SERVER, SLOTS).text
    assert "3 of 16384 slots have no master" in of_slots(SERVER, 3).text


def test_several_servers_with_one_fault_are_told_once():
    address = Address.parse("redis://a,b")
    assert sentence(address, [Fault("One."), Fault("One.")]) == "One."
    assert sentence(address, [Fault("One."), Fault("Two.")]) == "No server takes writes. One. Two."


def test_a_silent_master_is_told_in_one_sentence_that_begins_like_one():
    condition = Condition("h:1", silent=why_silent(caused(ConnectionRefusedError())))
    assert condition.complaints(replicas=0) == ["The server h:1 does not answer (nobody listens there)."]
    whole = Condition("h:1", policy="allkeys-lru", cluster="fail")
    assert all(text.startswith("The server h:1 ") for text in whole.complaints(replicas=1))
    assert Condition("", silent="x").complaints(replicas=0) == ["The store does not answer (x)."]
