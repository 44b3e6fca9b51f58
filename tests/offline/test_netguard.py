"""The guard itself: loopback passes, everything else is stopped and remembered, in child processes too."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import netguard
import pytest

OUTSIDE = ("192.0.2.1", 9)  # a documentation address: it belongs to nobody


@pytest.fixture
def forgiven() -> Iterator[None]:
    yield
    netguard.ATTEMPTS.clear()


@pytest.mark.usefixtures("forgiven")
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_connection_outside_is_blocked_and_remembered(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as outward, pytest.raises(PermissionError, match="never leave"):
        outward.connect(OUTSIDE)
    assert "192.0.2.1" in netguard.ATTEMPTS[-1]


@pytest.mark.usefixtures("forgiven")
def test_a_datagram_and_a_name_query_are_blocked() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward, pytest.raises(PermissionError):
        outward.sendto(b"x", OUTSIDE)
    with pytest.raises(PermissionError):
        socket.getaddrinfo("example.invalid", 443)


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize("address", [("::1", 1, 0, 0), ("127.9.9.9", 1), ("localhost", 1), "/run/a.sock", ("", 1)])
def test_what_stays_here(address: object) -> None:
    assert netguard.stays_here(address)


@pytest.mark.parametrize(
    "address", [("10.0.0.1", 1), ("fe80::1%eth0", 1, 0, 2), ("example.invalid", 1), ("::2", 1, 0, 0)]
)
def test_what_leaves(address: object) -> None:
    assert not netguard.stays_here(address)


def test_python_started_by_a_test_is_guarded() -> None:
    program = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=5)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "PermissionError: blocked" in result.stderr
