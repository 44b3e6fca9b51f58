"""Block every connection that would leave this machine, in a test and in the Python processes that it starts.

An audit hook sees what the interpreter itself does, so no reference kept elsewhere gets round it, and it cannot be
taken off again: there is no way to opt out.
"""

from __future__ import annotations

import ipaddress
import socket
import sys

ATTEMPTS: list[str] = []
_installed: list[bool] = []


def stays_here(address: object) -> bool:
    """Tell whether an address is a loopback one, or no network address at all (a Unix socket, netlink).

    Parameters
    ----------
    address : object
        What a socket was asked to connect or send to.

    Returns
    -------
    bool
        True for loopback, for an empty host and for this machine's own name.
    """
    if not isinstance(address, tuple) or not address or not isinstance(address[0], str):
        return True
    host = address[0].partition("%")[0]
    if host in {"", "localhost", socket.gethostname()}:
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        address = (host.decode(errors="replace") if isinstance(host, bytes) else host, 0)
    else:
        return
    if not stays_here(address):
        ATTEMPTS.append(f"{event} {address}")
        raise PermissionError(f"blocked: {event} to {address}. Tests, like the workbench, never leave this machine.")


def install() -> None:
    """Switch the guard on for the rest of this process."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_audit)
