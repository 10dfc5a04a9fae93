"""The processes of a running clinic: those that answer pages, and one beside them.

That one answers the pages that read every record, and others while it has time; between them it sees to the work in the
background, each piece of which is carried out by a process of its own. All are forked from the server once it has read
the program and opened the clinic, so that they share its memory. Where one of them ends, whatever ended it, all begin
anew (`watching`).
"""

from __future__ import annotations

import os
import selectors
import signal
import time
from enum import Enum, auto
from functools import cache
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from clinic import memory, models
from clinic.jobs.worker import Worker
from clinic.operations.attending import Attendant
from clinic.operations.sharing import InHand
from clinic.reports import keeping, work
from clinic.web.aside import HandsOn, Lines

_ = models.ROOMS  # every table is declared first: the server reads this before anything else


class Part(Enum):
    """What a process is for."""

    PAGES = auto()
    BESIDE = auto()


BESIDE = 1
"""How many processes there are beside those that answer pages."""


RESTS_EVERY = 30.0
"""Seconds after which a process gives back again what it had taken for the answers since."""


@cache
def lines(askers: int) -> Lines:
    """The line between the processes, made when the first of them is about to be forked; so many hand pages on."""
    return Lines(askers)


@cache
def in_hand(seats: int) -> InHand:
    """What the processes that answer pages have in hand, made when the first of so many is about to be forked."""
    return InHand(seats)


def choose(server: Any, process: ClinicProcess) -> None:
    """Says before a process is forked what it is for: the last one is for what is beside the pages."""
    pages = server.cfg.workers - BESIDE
    process.lines, process.in_hand = lines(pages), in_hand(pages)
    process.seat = len(server.WORKERS)
    process.part = Part.BESIDE if process.seat == pages else Part.PAGES


class ClinicProcess(ThreadWorker):  # type: ignore[misc]
    """A process that answers pages, or does what is beside them."""

    part: Part
    seat: int
    """Where it sits among those that share out what comes in, if it answers pages."""
    in_hand: InHand
    lines: Lines
    wsgi: Any
    _rested_at = time.monotonic()

    def run(self) -> None:
        """Does what it is for until it is told to stop."""
        if self.part is Part.BESIDE:
            self._be_beside()
            return
        self.wsgi = HandsOn(self.wsgi, self.lines, self.seat)
        self.lines.only_ask()
        self.in_hand.leave_alone_all_but(self.seat)
        self.poller.register(self.in_hand.sit_down(self.seat), selectors.EVENT_READ, self._take_what_is_given)
        super().run()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Answers what it has in hand, and ends."""
        if self.part is Part.PAGES:
            self.in_hand.stand_up(self.seat)
        super().handle_exit(sig, frame)

    def enqueue_req(self, conn: Any) -> None:
        """Has a line answered on which something was said: here, or by a process that has less in hand."""
        if not self._gave(conn):
            self.in_hand.keep(self.seat)
            super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Waits for what is said next on a line, or closes it."""
        self.in_hand.done(self.seat)
        super().finish_request(conn, fs)

    def _gave(self, conn: Any) -> bool:
        """Gives a line to a process that has less in hand. What was read of it and not answered would be lost."""
        to = self.in_hand.less_busy(self.seat)
        is_read = conn.is_http2 or (conn.parser is not None and conn.parser.unreader.buf.getvalue())
        if to is None or is_read or self.cfg.is_ssl or not self.in_hand.give(conn.sock, self.seat, to):
            return False
        self.nr_conns -= 1
        conn.sock.close()
        return True

    def _take_what_is_given(self, _heard: Any) -> None:
        """Answers what others gave to this process."""
        for line in self.in_hand.given(self.seat):
            try:
                client = line.getpeername()
            except OSError:  # whoever was at the other end has hung up
                self.in_hand.done(self.seat)
                line.close()
                continue
            self.nr_conns += 1
            super().enqueue_req(TConn(self.cfg, line, client, line.getsockname()))

    def notify(self) -> None:
        """Tells the server that all is well; once in a while, gives back memory that is free."""
        super().notify()
        if time.monotonic() - self._rested_at > RESTS_EVERY:
            memory.give_back()
            self._rested_at = time.monotonic()

    def _be_beside(self) -> None:
        """Answers the weighty pages, and has the work done that is asked for."""
        keeping.keep_here()
        self.in_hand.leave_alone_all_but(None)
        worker = Worker(self.wsgi.config["SETTINGS"])
        attendant = Attendant(self.wsgi, self.lines, beat=self._beat, when_idle=work.make_ready, between=worker.turn)
        self._stop = attendant.stop
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, attendant.stop)
        try:
            attendant.attend()
        finally:
            worker.end()

    def _beat(self) -> None:
        """Tells the server that all is well; ends with it."""
        self.notify()
        if os.getppid() != self.ppid:
            self._stop()
