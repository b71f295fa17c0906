"""Fetching from the web what lies on the web: no address of the own machine or network, whatever a name resolves to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import httpx

from pose3d.core.errors import VideoError
from pose3d.core.quotas import quotas

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a gateway takes for the IPv4 address in their last 32 bits."""


def web(patience: float) -> httpx.Client:
    """A client that follows redirects; patience: seconds without an answer, or without anything new of it.

    Unless quotas().private_addresses, it connects to public addresses only, itself, past any proxy of the environment.
    It raises VideoError where an address is not public, beside what httpx raises.
    """
    transport = None if quotas().private_addresses else PublicTransport()
    return httpx.Client(transport=transport, follow_redirects=True, timeout=patience)


class PublicTransport(httpx.BaseTransport):
    """Connects to the addresses that it has looked up and checked: a name may resolve to others a moment later."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the first of the host's public addresses that can be reached. Raises VideoError."""
        *others, last = _public(request.url)
        for address in others:
            try:
                return self._inner.handle_request(_sent_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._inner.handle_request(_sent_to(last, request))

    def close(self) -> None:
        """Ends all connections."""
        self._inner.close()


def is_public(address: IpAddress) -> bool:
    """Whether it is one of the web, also where it stands for another one."""
    if isinstance(address, ipaddress.IPv6Address):
        within = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return is_public(within)
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _public(url: httpx.URL) -> list[IpAddress]:
    """The public addresses of a host, one at least."""
    known = list(_resolved(url))
    public = [address for address in known if is_public(address)]
    if not public:
        raise VideoError("address_private", address=url, host=url.host, found=", ".join(map(str, known)))
    return public


def _resolved(url: httpx.URL) -> Iterator[IpAddress]:
    try:
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as e:
        raise httpx.ConnectError(str(e)) from e
    for *_, place in found:
        yield ipaddress.ip_address(str(place[0]).partition("%")[0])


def _sent_to(address: IpAddress, request: httpx.Request) -> httpx.Request:
    """The same request to that address; its headers and the certificate are still the host's."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    url = request.url.copy_with(host=str(address))
    return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)
