"""A load generator that costs little: ready-made requests, one thread, one epoll.

A closed loop: each connection sends its next request as soon as the last one is answered, so the
rate is what the server can do, and waiting for a free worker counts as latency. A connection is
kept where the server keeps it, and made anew where it says `Connection: close`.
"""

import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 10.0
"""Seconds without any answer after which the run is given up."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measured. `waits`: milliseconds of every request, sorted."""

    seconds: float
    waits: list[float]
    failed: int
    """Answers without what was asked for: another status, or nothing in it."""

    @property
    def rate(self) -> float:
        """Encrypted replies a second: an empty answer is no work done."""
        return (len(self.waits) - self.failed) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds that `share` (0..1) of the requests stayed below."""
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * share))]


@dataclass(slots=True)
class _Line:
    """One connection and the request that it waits for."""

    sock: socket.socket
    asked: float = 0.0
    got: bytes = b""


@dataclass(slots=True)
class _Tally:
    proof: bytes
    status: bytes
    waits: list[float] = field(default_factory=list)
    failed: int = 0


def drive(
    port: int,
    requests: Iterator[bytes],
    *,
    connections: int,
    seconds: float,
    proof: bytes = b"<Encrypt>",
    status: bytes = b"200",
) -> Run:
    """Send `requests` for so long, or until there are no more. What a server leaves unanswered
    for PATIENCE, when it answers nothing else either, counts as failed; so does an answer with
    another status, or without `proof` in its body."""
    poll, tally = select.epoll(), _Tally(proof, status)
    lines: dict[int, _Line] = {}
    begun = time.perf_counter()
    for _ in range(connections):
        _ask(port, None, next(requests, None), poll, lines)
    while lines:
        ready = poll.poll(PATIENCE)
        if not ready:
            _give_up(lines, tally)
            break
        for number, _ in ready:
            line = lines[number]
            kept = _take(line, tally)
            if kept is None:
                continue
            del lines[number]
            poll.unregister(number)
            if not kept:
                line.sock.close()
            over = time.perf_counter() - begun > seconds
            request = None if over else next(requests, None)
            _ask(port, line if kept else None, request, poll, lines)
    poll.close()
    return Run(time.perf_counter() - begun, sorted(tally.waits), tally.failed)


def _give_up(lines: dict[int, _Line], tally: _Tally) -> None:
    for line in lines.values():
        line.sock.close()
        tally.waits.append(PATIENCE * 1000)
        tally.failed += 1


def _ask(
    port: int,
    line: _Line | None,
    request: bytes | None,
    poll: select.epoll,
    lines: dict[int, _Line],
) -> None:
    """Send the next request over the kept line, or over a new one; without a request, hang up."""
    if request is None:
        if line is not None:
            line.sock.close()
        return
    asked = time.perf_counter()
    if line is None:
        line = _Line(socket.create_connection(("127.0.0.1", port), PATIENCE))
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sock.sendall(request)
    line.asked, line.got = asked, b""
    lines[line.sock.fileno()] = line
    poll.register(line.sock.fileno(), select.EPOLLIN)


def _take(line: _Line, tally: _Tally) -> bool | None:
    """Read what came; None: more is to come, else whether the connection may be kept."""
    try:
        data = line.sock.recv(65536)
    except ConnectionError:
        data = b""
    line.got += data
    head, gap, body = line.got.partition(b"\r\n\r\n")
    low = head.lower()
    if data and not (gap and len(body) >= _length(low)):
        return None
    tally.waits.append((time.perf_counter() - line.asked) * 1000)
    if not head.startswith(b"HTTP/1.1 " + tally.status) or tally.proof not in body:
        tally.failed += 1
    return bool(data) and b"connection: close" not in low


def _length(head: bytes) -> int:
    """Content-Length of an answer (lower-case head); without one the answer ends with the line."""
    _, found, rest = head.partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 1 << 30
