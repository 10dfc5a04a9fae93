"""The processes that answer pages share out what comes in: a request goes to the one that has the least in hand.

A browser keeps its line open, and a line belongs to the process that took it up; a process answers on one processor at
a time. Left to chance, seven of eight busy lines were with one process while the other waited. So whoever has more in
hand than another gives that one the line on which something was just said, and with it all that will be said there.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence

from clinic.processes import counters


class InHand:
    """How many requests each process has in hand, in memory that all of them see, and a line to each of them.

    Made before the processes are forked. Each has a seat, from 0. It writes nothing but how many requests it gave to
    each seat, its own among them, how many it took and how many it has done: so nobody waits for anybody to count.
    """

    def __init__(self, seats: int) -> None:
        self._seats = range(seats)
        cells = counters(seats * (seats + 3))
        rows = [cells[row * seats : (row + 1) * seats] for row in range(seats + 3)]
        *self._given, self._taken, self._done, self._there = rows
        self._lines = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _seat in self._seats]
        for end in (end for line in self._lines for end in line):
            end.setblocking(False)

    def free_seat(self, taken: Sequence[int | None]) -> int | None:
        """The first seat that is not taken, if there is one."""
        return next((seat for seat in self._seats if seat not in taken), None)

    def sit_down(self, seat: int) -> socket.socket:
        """Whoever has the seat answers from now on; where what is given to it can be heard.

        What its predecessor had in hand when it ended is nobody's any more; what was given and not taken waits here.
        """
        self._done[seat] = self._given[seat][seat] + self._taken[seat]
        self._there[seat] = 1
        return self._lines[seat][1]

    def stand_up(self, seat: int) -> None:
        """Nothing is given to this seat any more, until somebody sits down there again."""
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
            self._taken[seat] += 1
            yield from (socket.socket(fileno=handle) for handle in handles)

    def close(self) -> None:
        """Nobody gives anything to anybody any more."""
        for end in (end for line in self._lines for end in line):
            end.close()
