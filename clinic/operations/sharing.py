"""The processes that answer pages share out what comes in: a request goes to the one that has the least in hand.

A browser keeps its line open, and a line belongs to the process that took it up; a process answers on one processor at
a time. Left to chance, seven of eight busy lines were with one process while the other waited. So whoever has more in
hand than another gives that one the line on which something was just said, and with it all that will be said there.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator

from clinic.processes import counters


class InHand:
    """How many requests each process has in hand, in memory that all of them see, and a line to each of them.

    Made before the processes are forked. Each has a seat, from 0. It writes nothing but that it is there, how many
    requests it gave to each seat, its own among them, and how many it has done: so nobody waits for anybody to count.
    """

    def __init__(self, seats: int) -> None:
        self._seats = range(seats)
        cells = counters(seats * (seats + 2))
        rows = [cells[row * seats : (row + 1) * seats] for row in range(seats + 2)]
        *self._given, self._done, self._there = rows
        self._lines = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _seat in self._seats]
        for end in (end for line in self._lines for end in line):
            end.setblocking(False)

    def sit_down(self, seat: int) -> socket.socket:
        """This process has the seat and answers from now on. Result: where what is given to it can be heard."""
        self._there[seat] = 1
        return self._lines[seat][1]

    def leave_alone_all_but(self, seat: int | None) -> None:
        """Hears nothing of what is given to others: so nothing can be given to a process that has ended."""
        for other in self._seats:
            if other != seat:
                self._lines[other][1].close()

    def stand_up(self, seat: int) -> None:
        """Nothing is given to this seat any more."""
        self._there[seat] = 0

    def count(self, seat: int) -> int:
        """How many requests the seat has in hand."""
        return sum(given[seat] for given in self._given) - self._done[seat]

    def keep(self, seat: int) -> None:
        """A process answers a request that came to itself."""
        self._given[seat][seat] += 1

    def done(self, seat: int) -> None:
        """A process has answered a request."""
        self._done[seat] += 1

    def less_busy(self, seat: int) -> int | None:
        """Who has the least in hand, where that is less than this seat has."""
        least, who = min((self.count(other), other) for other in self._seats if self._there[other] or other == seat)
        return who if least < self.count(seat) else None

    def give(self, line: socket.socket, seat: int, to: int) -> bool:
        """Gives another process the line of somebody who has just said something; whether it could be given."""
        self._given[seat][to] += 1
        try:
            socket.send_fds(self._lines[to][0], [b"\0"], [line.fileno()])
        except OSError:
            self._given[seat][to] -= 1
            return False
        return True

    def given(self, seat: int) -> Iterator[socket.socket]:
        """The lines that others have given to this process."""
        while True:
            try:
                _said, handles, _flags, _from = socket.recv_fds(self._lines[seat][1], 1, 1)
            except BlockingIOError:
                return
            yield from (socket.socket(fileno=handle) for handle in handles)

    def close(self) -> None:
        """Nobody gives anything to anybody any more."""
        for end in (end for line in self._lines for end in line):
            end.close()
