"""Which addresses a key may travel to, whoever checks them."""

from __future__ import annotations

import pytest

from deployer.attentive import Client
from deployer.forge.errors import ForgeError
from deployer.forge.web import checked_base
from deployer.net import UnsafeUrlError, checked_url, is_loopback

SAFE = [
    ("https://api.example", "https://api.example"),
    ("https://api.example:8443/v1/", "https://api.example:8443/v1"),
    ("http://localhost:8080", "http://localhost:8080"),
    ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
    ("http://[::1]:8080", "http://[::1]:8080"),
]
UNSAFE = [
    "http://api.example",
    "http://localhost.example",
    "https://user:pw@api.example/x",
    "https://user@api.example",
    "https://api.example/?q=1",
    "https://api.example?",
    "https://api.example/#f",
    "https://api.example#",
    "https://",
    "https:///path",
    "ftp://api.example",
    "api.example",
    "https://api.example:port",
    "https://api.example:99999",
    "https://[::1",
    "https://api .example",
    "https://api\u200b.example",
    "https://\u2603\ufe0f.example",
    "",
]


@pytest.mark.parametrize(("url", "base"), SAFE)
def test_a_safe_address(url, base):
    """Https, or this machine: given without a slash at its end."""
    assert checked_url(url, "it") == base
    assert checked_base(url, "GitHub") == base


@pytest.mark.parametrize("url", UNSAFE)
def test_an_unsafe_address(url):
    """Whatever isn't one host with a port and a path is refused by every room, without its words."""
    with pytest.raises(UnsafeUrlError) as found:
        checked_url(url, "it")
    assert "pw" not in str(found.value)
    with pytest.raises(ForgeError):
        checked_base(url, "GitHub")
    with pytest.raises(UnsafeUrlError):
        Client("key", base_url=url)


@pytest.mark.parametrize("url", ["", "https://[::1", "http://127.0.0.1.example", "http://10.0.0.1"])
def test_what_is_no_address_of_this_machine(url):
    """An address that can't be read leads nowhere."""
    assert not is_loopback(url)
