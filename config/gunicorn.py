"""How gunicorn serves the clinic: threads for slow phones, no request line in a log, a clean end."""

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 10
keepalive = 30
accesslog = None
errorlog = "-"
loglevel = "warning"
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must not wait for a slow disk
control_socket_disable = True
