"""What an operator may write into LIVEFEED_REDIS_URL."""

from __future__ import annotations

import pytest

from livefeed.errors import ConfigurationError
from livefeed.streams.address import Address, Kind, Login, Server


@pytest.mark.parametrize(
    ("url", "kind", "servers"),
    [
        ("redis://store", Kind.SINGLE, (Server("store", 6379),)),
        ("redis://[::1]:7000/2", Kind.SINGLE, (Server("::1", 7000),)),
        ("unix:///run/store.sock", Kind.SINGLE, (Server(path="/run/store.sock"),)),
        ("redis://a:1,b", Kind.REPLICAS, (Server("a", 1), Server("b", 6379))),
        ("redis+sentinel://a,b:2/feed", Kind.SENTINEL, (Server("a", 26379), Server("b", 2))),
        ("redis+cluster://a,b:2", Kind.CLUSTER, (Server("a", 6379), Server("b", 2))),
    ],
)
def test_an_address_is_read(url, kind, servers):
    found = Address.parse(url)
    assert (found.kind, found.servers, found.login) == (kind, servers, Login(db=2 if "/2" in url else 0))


def test_credentials_service_and_database_are_read():
    found = Address.parse("redis+sentinel://me:p%40ss@a:1/main/3?sentinel_password=other")
    assert (found.service, found.login) == ("main", Login("me", "p@ss", 3))
    assert found.sentinel_options == {"password": "other"}
    assert "p@ss" not in repr(found)
    assert "other" not in repr(found)


def test_tls_takes_the_options_of_redis_py():
    assert Address.parse("rediss://a").login.tls is not None
    assert Address.parse("rediss+cluster://a?ssl_cert_reqs=none").login.tls is not None
    assert Address.parse("redis://a").login.tls is None


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://a", "begins with 'http://'"),
        ("redis+magic://a", "begins with 'redis\\+magic://'"),
        ("redis://a:99999", "no host:port"),
        ("redis://a,,b", "no host:port"),
        ("redis://a/first", "no number of a database"),
        ("redis+sentinel://a:1", "names no service"),
        ("redis+cluster://a/1", "no numbered databases"),
        ("redis://a?socket_timeout=3", "option 'socket_timeout'"),
        ("rediss://a?ssl_ca_certs=/nowhere.pem", "LIVEFEED_REDIS_URL is wrong"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(url, complaint):
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        Address.parse(url.replace("://", "://me:secret@"))
    assert "secret" not in caught.value.message
