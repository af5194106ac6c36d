"""One POST to an address that somebody has typed in: only to hosts that the server's operator allows.

The host's name is looked up once, every address of it is checked, and the connection goes to the address
that was checked. Redirects are not followed, answers are read to a few kilobytes, and after twenty
seconds the line is cut.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from audit_log import clock
from audit_log.errors import InvalidInput
from notices.outward.adapters import Request
from notices.outward.failing import NotDelivered, asked_wait

SECONDS_OF_SILENCE = 10.0
MOST_SECONDS = 20.0
MOST_READ = 4096
PORTS = {"https": 443, "http": 80}
# RFC 6052: a network that has IPv6 alone reaches IPv4 addresses below this.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Place:
    """Where a POST goes: the host by name, and the address that was checked."""

    parts: SplitResult
    host: str
    port: int
    address: str


def allowed_parts(url: str) -> SplitResult:
    """The parts of an address that a webhook may have. Raises InvalidInput at ``url`` otherwise."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidInput.at("url", _("This is no address.")) from error
    if parts.scheme not in settings.WEBHOOK_SCHEMES or not parts.hostname:
        raise InvalidInput.at("url", _("The address has to begin with https://."))
    if parts.username or parts.password or parts.fragment or any(sign <= " " for sign in url):
        raise InvalidInput.at("url", _("This is no address."))
    usual = port in (None, PORTS[parts.scheme])
    if (parts.hostname if usual else f"{parts.hostname}:{port}") not in settings.WEBHOOK_HOSTS:
        raise InvalidInput.at(
            "url", _("This host is not among those that the server's operator allows (WEBHOOK_HOSTS).")
        )
    return parts


def place_of(url: str) -> Place:
    """Look the host up and check every address of it. Raises NotDelivered."""
    try:
        parts = allowed_parts(url)
    except InvalidInput as error:
        raise NotDelivered(str(error), of_the_receiver=True) from error
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotDelivered(f"{host}: {error.strerror}", of_the_receiver=True) from error
    addresses = [str(row[4][0]) for row in found]
    if refused := [address for address in addresses if not is_permitted(address)]:
        words = gettext("%(host)s leads to %(address)s, which is not public (WEBHOOK_NETWORKS).")
        raise NotDelivered(words % {"host": host, "address": refused[0]}, of_the_receiver=True)
    return Place(parts, host, port, addresses[0])


def is_permitted(address: str) -> bool:
    """Whether an IP address is public, or in a network that the operator has named."""
    ip = carried_in(ipaddress.ip_address(address.partition("%")[0]))
    named = (ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS)
    return (ip.is_global and not ip.is_multicast) or any(ip in network for network in named)


def carried_in(ip: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one leads to (mapped, NAT64, 6to4, Teredo); else the address itself."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def post(request: Request) -> bytes:
    """Post it, and return the beginning of the answer. Raises NotDelivered unless it is 2xx."""
    place = place_of(request.url)
    connection = connection_to(place)
    watch = threading.Timer(MOST_SECONDS, hang_up, [connection])
    watch.start()
    try:
        headers = headers_for(place, request)
        connection.request("POST", target_of(place.parts), request.body, headers, preload_content=False)
        answer = connection.getresponse()
        body = answer.read(MOST_READ)
    except (HTTPError, OSError, ValueError) as error:
        raise NotDelivered(f"{place.host}: {type(error).__name__}", of_the_receiver=True) from error
    finally:
        watch.cancel()
        connection.close()
    if not 200 <= answer.status < 300:
        wait = asked_wait(answer.headers.get("Retry-After"), clock.now())
        raise NotDelivered(f"HTTP {answer.status}", of_the_receiver=True, retry_after=wait)
    return body


def connection_to(place: Place) -> HTTPConnection:
    """A connection to the address; the certificate has to be the host's."""
    if place.parts.scheme == "http":
        return HTTPConnection(place.address, place.port, timeout=SECONDS_OF_SILENCE)
    return HTTPSConnection(
        place.address,
        place.port,
        timeout=SECONDS_OF_SILENCE,
        server_hostname=place.host,
        assert_hostname=place.host,
        cert_reqs="CERT_REQUIRED",
    )


def target_of(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def headers_for(place: Place, request: Request) -> dict[str, str]:
    return {
        **request.headers,
        "Host": place.parts.netloc,
        "User-Agent": f"Jiheng/{settings.VERSION}",
    }


def hang_up(connection: HTTPConnection) -> None:
    """Cut the line under whoever waits for it: an answer that drips would hold a row's lock."""
    line = getattr(connection, "sock", None)
    if line is not None:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is over already
