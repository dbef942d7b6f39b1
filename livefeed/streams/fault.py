"""Why a server of the store cannot be had, in the words that `livefeed serve` and `livefeed doctor` share. [pure]"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

import hiredis

from livefeed.config import variable
from livefeed.streams.address import Address, Kind, Login, Server
from livefeed.streams.master import PUT_OFF, word

URL = variable("redis_url")
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
"""What OpenSSL calls an answer that is no TLS."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence that says whose fault and what next. lasting: waiting mends nothing."""

    text: str
    lasting: bool = False


def of_connecting(server: Server, login: Login, error: BaseException) -> Fault:
    """Return why no connection came about. error: what `link.connect` raised; its cause says more."""
    cause = error.__cause__ or error
    if isinstance(cause, hiredis.ReplyError):
        return _of_reply(server, login, cause)
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = getattr(cause, "verify_message", "") or "it cannot be verified"
        return Fault(f"The certificate of {server} is not accepted ({why}); correct ssl_ca_certs in {URL}.", True)
    if isinstance(cause, ssl.SSLError):
        if any(said in str(cause) for said in _NO_TLS):
            return Fault(f"The server {server} does not speak TLS there; begin {URL} with redis, not rediss.", True)
        return Fault(f"TLS with {server} fails ({cause.strerror or cause}); correct the ssl_… options of {URL}.", True)
    if isinstance(cause, socket.gaierror):
        return Fault(f"The host name '{server.host}' leads nowhere ({why_silent(error)}); correct {URL}.")
    if isinstance(cause, FileNotFoundError | ConnectionRefusedError):
        return Fault(f"Nobody listens at {server}; start the store there, or correct {URL}.")
    if login.tls is not None:
        return Fault(f"The server {server} does not answer; does it speak TLS? Without, begin {URL} with redis.")
    do = f"look at its log, or begin {URL} with rediss if it wants TLS"
    return Fault(f"The server {server} does not answer ({why_silent(error)}); {do}.")


def why_silent(error: BaseException) -> str:
    """Return in a few words why a server says nothing."""
    match error.__cause__ or error:
        case ConnectionRefusedError():
            return "nobody listens there"
        case socket.gaierror() as cause:
            return str(cause.strerror or "unknown host").lower()
        case TimeoutError():
            return "it takes too long"
        case hiredis.ReplyError() as reply:
            return f"it says {word(reply)}"
        case OSError(strerror=str(why)):
            return why.lower()
        case _:
            return "it closes the connection"


def _of_reply(server: Server, login: Login, reply: hiredis.ReplyError) -> Fault:
    said = str(reply)
    if login.password:
        said = said.replace(login.password, "***")  # who does not know a command repeats what came with it
    if word(reply) == "NOAUTH":
        return Fault(f"The server {server} wants a password; write it into {URL}.", True)
    if word(reply) == "WRONGPASS":
        return Fault(f"The server {server} does not take this name and password; correct them in {URL}.", True)
    if "without any password" in said or "no password is set" in said:
        return Fault(f"The server {server} has no password, but {URL} names one; take it out there.", True)
    if "DB index is out of range" in said:
        return Fault(f"The server {server} has no database {login.db}; correct the number at the end of {URL}.", True)
    if word(reply) in PUT_OFF:
        return Fault(f"The server {server} does not take commands yet ({said}); wait until it does.")
    return Fault(f"The server {server} refuses us ({said}); correct its settings or {URL}.", True)


def of_role(server: Server, role: Sequence[bytes | int], *, alone: bool) -> Fault | None:
    """Return why a server that answered ROLE so cannot take writes; None if it can. alone: the URL names no other."""
    match role:
        case [b"sentinel", *_]:
            do = f"{URL} must begin with redis+sentinel:// and end with the name of its service"
            return Fault(f"The server {server} is a sentinel; {do}.", True)
        case [b"slave" | b"replica", bytes() as host, int() as port, *_]:
            do = f"name that one in {URL}, or both with a comma" if alone else "promote one, or name its primary"
            return Fault(f"The server {server} is a replica of {host.decode()}:{port} and takes no writes; {do}.")
        case _:
            return None


def of_sentinel(sentinel: Server, address: Address, reply: hiredis.ReplyError | None, known: Sequence[str]) -> Fault:
    """Return why a sentinel leads nowhere: it is none, or (reply: None) it does not know our service but `known`."""
    if reply is not None and "unknown command" in str(reply).lower():
        return Fault(f"The server {sentinel} is no sentinel; {URL} must begin with redis://", True)
    if reply is not None:
        return _of_reply(sentinel, address.login, reply)
    others = f"it knows {', '.join(known)}" if known else "it knows none"
    return Fault(
        f"The sentinel {sentinel} knows no service '{address.service}' ({others}); correct the name in {URL}.", True
    )


def of_slots(server: Server, missing: int) -> Fault:
    """Return that a Cluster has slots that belong to nobody."""
    how = "no slot has" if missing == 16_384 else f"{missing} of 16384 slots have no"
    master = "a master" if missing == 16_384 else "master"
    do = "give them out with valkey-cli --cluster create or --cluster fix"
    return Fault(f"The Cluster of {server} is not whole, {how} {master}; {do}.")


def sentence(address: Address, faults: Sequence[Fault]) -> str:
    """Return all faults, each once."""
    texts = list(dict.fromkeys(fault.text for fault in faults))
    if len(texts) > 1 and address.kind in (Kind.REPLICAS, Kind.SENTINEL):
        return " ".join(["No server takes writes.", *texts])
    return " ".join(texts)
