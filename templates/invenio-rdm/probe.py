#!/usr/bin/env python3
"""probe.py: the health checks of the Celery pods

    probe.py worker-ready     the worker of this pod answers through the broker
    probe.py worker-alive     the same; but when the broker cannot be reached, a restart would not help: alive
    probe.py beat-alive --schedule FILE [--age SECONDS]
                              beat wrote its schedule in the last AGE seconds; or the broker cannot be reached
    probe.py scheduler-alive [--age SECONDS]
                              the jobs scheduler, which writes nothing, woke up in the last AGE seconds

Exits 0 for yes and 1 for no, with a reason on standard output. Asking Celery's own command line would load the whole
application each time, for as long as ten seconds; this talks to the broker directly.
"""

import argparse
import glob
import os
import pathlib
import runpy
import socket
import sys
import time

# Seconds to reach the broker, and for the worker's answer.
CONNECT = 4
ANSWER = 4


class Unreachable(Exception):
    """The broker does not take a connection."""


def broker_url():
    return runpy.run_path(str(pathlib.Path(__file__).with_name("deployment.cfg")))["BROKER_URL"]


def connected(use):
    """Gives a broker connection to a function and returns what it returns."""
    import celery

    app = celery.Celery("probe", broker=broker_url(), set_as_current=False)
    app.conf.broker_connection_timeout = CONNECT
    # InvenioRDM's workers answer in msgpack.
    app.conf.accept_content = ["json", "msgpack"]
    connection = app.connection_for_write()
    try:
        connection.connect()
    except Exception as error:  # Refused, unknown host, wrong password, time-out: all the same to a probe.
        raise Unreachable(f"the broker cannot be reached: {type(error).__name__}") from error
    try:
        return use(app, connection)
    finally:
        connection.release()


def worker_answers():
    name = f"celery@{socket.gethostname()}"

    def ping(app, connection):
        return app.control.ping(destination=[name], timeout=ANSWER, limit=1, connection=connection)

    if connected(ping):
        return True, f"{name} answers"
    return False, f"{name} does not answer"


def worker_ready():
    try:
        return worker_answers()
    except Unreachable as error:
        return False, str(error)


def worker_alive():
    try:
        return worker_answers()
    except Unreachable as error:
        return True, str(error)


def beat_alive(schedule, age):
    # Which suffix the file gets depends on the database module that Python was built with.
    written = [os.stat(name).st_mtime for name in glob.glob(glob.escape(schedule) + "*")]
    if written and time.time() - max(written) <= age:
        return True, f"the schedule was written {time.time() - max(written):.0f} s ago"
    reason = "the schedule is older than allowed" if written else "there is no schedule"
    try:
        connected(lambda app, connection: None)
    except Unreachable as error:
        return True, f"{reason}, but {error}"
    return False, reason


def wakes_of_beat():
    """How often the beat process of this container gave up the processor by itself, or None without such a process."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
            if b"beat" not in arguments:
                continue
            for line in (folder / "status").read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches:"):
                    return int(line.split()[1])
        except OSError:  # It ended while we looked.
            continue
    return None


def scheduler_alive(age):
    wakes = wakes_of_beat()
    if wakes is None:
        return False, "there is no scheduler process"
    memory = pathlib.Path("/tmp/probe-scheduler")
    now = time.time()
    try:
        before, since = memory.read_text().split()
    except (OSError, ValueError):
        before, since = None, None
    if before is None or int(before) != wakes:
        # Renamed into place, so that a probe cut off half-way leaves no half a file.
        fresh = memory.with_suffix(".new")
        fresh.write_text(f"{wakes} {now}")
        fresh.replace(memory)
        return True, "the scheduler woke up"
    asleep = now - float(since)
    return asleep <= age, f"the scheduler last woke up {asleep:.0f} s ago or earlier"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    checks = parser.add_subparsers(dest="check", required=True)
    checks.add_parser("worker-ready")
    checks.add_parser("worker-alive")
    beat = checks.add_parser("beat-alive")
    beat.add_argument("--schedule", required=True, help="the file that beat was given with -s")
    # Beat writes every three minutes, when it has anything to send.
    beat.add_argument("--age", type=int, default=600, help="seconds")
    # The scheduler sleeps five minutes at most.
    checks.add_parser("scheduler-alive").add_argument("--age", type=int, default=900, help="seconds")
    arguments = parser.parse_args()

    if arguments.check == "worker-ready":
        healthy, reason = worker_ready()
    elif arguments.check == "worker-alive":
        healthy, reason = worker_alive()
    elif arguments.check == "beat-alive":
        healthy, reason = beat_alive(arguments.schedule, arguments.age)
    else:
        healthy, reason = scheduler_alive(arguments.age)
    print(f"probe: {arguments.check}: {reason}")
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
# end of probe.py
