"""How gunicorn serves the clinic: threads for slow phones, no request line in a log, a clean end.

`clinic.operations.serving` takes what is named here as gunicorn names its settings.
"""

from __future__ import annotations

import contextlib
import gc
import socket
from typing import Any

from clinic import memory
from clinic.operations import processes

worker_class = processes.ClinicProcess
preload_app = True  # the processes share the memory of the one that read the program
pre_fork = processes.choose
threads = 6  # of the one process that takes up lines: who sends a register on a slow line holds one
timeout = 60
graceful_timeout = 10
keepalive = 30
accesslog = None
errorlog = "-"
loglevel = "warning"
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must not wait for a slow disk
control_socket_disable = True


def when_ready(server: Any) -> None:
    """A line is taken up when somebody says something on it; what was read before the fork stays shared.

    Browsers open lines ahead of need; each would hold a thread for the five seconds that gunicorn waits for a request,
    and eight of them everybody else. Python's search for circles would write into every page of memory that it visits.
    What a start needed for a moment is given back first, or each process would hold it.
    """
    memory.give_back()
    gc.freeze()
    for listener in server.LISTENERS:
        with contextlib.suppress(AttributeError, OSError):  # not Linux, or a socket in the file system
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, keepalive)
