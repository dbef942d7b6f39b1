"""Which address a request comes from, when our own proxies stand in front. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

from livefeed.errors import ConfigurationError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The operator's own proxies: the only ones whose X-Forwarded-For is believed."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._networks = tuple(networks)

    @classmethod
    def parse(cls, text: str) -> Proxies:
        """Return the proxies that LIVEFEED_TRUSTED_PROXIES lists. Raises: ConfigurationError."""
        try:
            return cls([ipaddress.ip_network(entry.strip()) for entry in text.split(",") if entry.strip()])
        except ValueError as exc:
            raise ConfigurationError(
                f"LIVEFEED_TRUSTED_PROXIES is wrong ({exc}); it must look like 10.0.0.0/8,192.0.2.7."
            ) from exc

    def client(self, remote: str | None, headers: Mapping[str, str]) -> str:
        """Return the address of whoever asks: the last one on the way that is not a proxy of ours.

        What stands further left in X-Forwarded-For anybody may have written.
        """
        address = remote or ""
        hops = [hop.strip() for hop in headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        while hops and self._ours(address):
            address = hops.pop()
        return address

    def _ours(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)
