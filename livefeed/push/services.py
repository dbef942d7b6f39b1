"""Which push services we send to: their addresses come from browsers, and must not lead into our own network. [pure]"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from livefeed.errors import BadRequest, ConfigurationError

ANY, NONE = "*", "none"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What IPv6 has given out; the rest (::/8, 64:ff9b:1::/48, 5f00::/16, …) is for hosts, sites and translators.
_UNICAST = ipaddress.ip_network("2000::/3")
_EXAMPLES = ipaddress.ip_network("3fff::/20")


@dataclass(frozen=True, slots=True)
class Services:
    """Whom LIVEFEED_PUSH_SERVICES lets us send to.

    any: every public https address. origins: these, wherever they are; beside them nobody.
    """

    any: bool
    origins: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Services:
        """Return what the setting says. Raises: ConfigurationError."""
        words = text.split()
        if words == [ANY]:
            return cls(True)
        if words == [NONE]:
            return cls(False)
        try:
            origins = frozenset(origin_of(word) for word in words)
        except BadRequest as exc:
            raise ConfigurationError(_WRONG.format(text=text)) from exc
        if not origins or any(urlsplit(word).path not in ("", "/") for word in words):
            raise ConfigurationError(_WRONG.format(text=text))
        return cls(False, origins)

    @property
    def some(self) -> bool:
        """Whether there is anybody to send to."""
        return self.any or bool(self.origins)

    def check(self, endpoint: str) -> str:
        """Return the origin of an endpoint that we may send to. Raises: BadRequest.

        Names are looked up when it is sent to, see `is_public`; addresses that are none are refused here.
        """
        origin = origin_of(endpoint)
        if origin in self.origins:
            return origin
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
        if not self.any:
            raise BadRequest("This server does not send to that push service.")
        if parts.scheme != "https" or parts.port not in (None, 443):
            raise BadRequest("'endpoint' must be an https address.")
        if _is_address(host) or "." not in host or host.endswith((".localhost", ".local", ".internal", ".")):
            raise BadRequest("'endpoint' must name a public host.")
        return origin


_WRONG = (
    "LIVEFEED_PUSH_SERVICES is '{text}'; it must be '*', 'none', or origins such as https://fcm.googleapis.com, "
    "separated by spaces."
)


def origin_of(address: str) -> str:
    """Return scheme, host and port of a web address, in lower case. Raises: BadRequest."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as exc:
        raise BadRequest("'endpoint' is no address.") from exc
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise BadRequest("'endpoint' must be an https address.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = port is None or port == (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{port}"


def is_public(address: str) -> bool:
    """Tell whether an IP address is somebody's on the internet: not ours, a neighbour's, or a cloud's own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if inside is None and found in _NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
        if found.teredo is not None or found not in _UNICAST or found in _EXAMPLES:
            return False
    return found.is_global and not found.is_multicast


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        # 127.1, 2130706433, 0x7f.1: some resolvers take them for addresses.
        return host.rpartition(".")[2].isdigit() or host.rpartition(".")[2].startswith("0x")
    return True
