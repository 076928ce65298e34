"""How gunicorn serves the portal: `gunicorn -c python:capred_portal.gunicorn capred_portal.wsgi`."""

from typing import Any

bind = "127.0.0.1:8000"  # the proxy is on this machine; the container says otherwise
workers = 2
threads = 4
worker_class = "gthread"
worker_tmp_dir = "/dev/shm"  # noqa: S108  the heartbeat of a worker must not wait for a disk
preload_app = False  # so that a reload (SIGHUP) takes the new code, worker by worker
graceful_timeout = 300  # seconds for requests that run when a worker ends: the longest export takes some of them
max_requests = 5_000  # then a worker is replaced, each at its own time
max_requests_jitter = 1_000
control_socket_disable = True
logconfig_dict: dict[str, Any] = {
    "formatters": {"generic": {"()": "capred_portal.logs.JsonFormatter"}},
    "root": {"level": "WARNING", "handlers": ["error_console"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "propagate": False},  # portal.requests tells it, without the query
    },
}
