#!/usr/bin/env python3
"""state.py: waiting, locking and remembering, for the Jobs that set up and upgrade the site

    state.py wait            until all four services answer; on the deadline it says which one does not, and why
    state.py lock -- COMMAND runs COMMAND while no other Job of this site can, and ends with its exit code
    state.py begin           opens the record of this database; takes over one that another tool initialised
    state.py run STEP -- COMMAND
                             runs COMMAND unless STEP is recorded, and records it when it ended well
    state.py finish          records that all steps are done
    state.py initialised     until `finish` was recorded
    state.py same-major      fails when the image has another major version of InvenioRDM than the database

The record is a schema of the application's own database, so that a backup contains it. Where the services are is read from
deployment.cfg beside this file. Loads no application: it takes well under a second.
"""

import argparse
import base64
import datetime
import importlib.metadata
import os
import pathlib
import runpy
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

STEPS = (
    "database",
    "files-location",
    "roles",
    "indices",
    "index-queue",
    "record-fields",
    "community-fields",
    "queues",
    "vocabularies",
    "pages",
)
FINISHED = "finished"

# Any number does, as long as all Jobs of a database use the same one.
LOCK = 7301420265

# Seconds that one attempt to reach a service may take, and between two attempts.
ATTEMPT = 5
PAUSE = 2


class Refused(Exception):
    """Going on would do harm; the text says why and what to do instead."""


def log(message):
    print(f"state: {message}", flush=True)


def configuration():
    """What deployment.cfg sets."""
    return runpy.run_path(str(pathlib.Path(__file__).with_name("deployment.cfg")))


def brief(error):
    """An error in one line."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}".rstrip(": ")


def address(url):
    """Host and port of a connection URL, which has a password that must not be printed."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.hostname}:{parts.port}"


def connect(config):
    """A connection to the application's database, with every statement its own transaction."""
    import psycopg2

    url = config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg2:", "postgresql:", 1)
    connection = psycopg2.connect(url, connect_timeout=ATTEMPT, keepalives=1, keepalives_idle=30)
    connection.autocommit = True
    return connection


# Waiting


def try_postgresql(config):
    connect(config).close()


def try_redis(config):
    import redis

    client = redis.Redis.from_url(
        config["CACHE_REDIS_URL"], socket_connect_timeout=ATTEMPT, socket_timeout=ATTEMPT
    )
    client.ping()
    client.close()


def try_rabbitmq(config):
    import kombu

    with kombu.Connection(config["BROKER_URL"], connect_timeout=ATTEMPT) as connection:
        connection.connect()


def search_url(host):
    scheme = "https" if host.get("use_ssl") else "http"
    return f"{scheme}://{host['host']}:{host['port']}"


def try_opensearch(config):
    host = config["SEARCH_HOSTS"][0]
    request = urllib.request.Request(f"{search_url(host)}/_cluster/health?wait_for_status=yellow&timeout=2s")
    if host.get("http_auth"):
        token = base64.b64encode(":".join(host["http_auth"]).encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    # The services are inside the cluster: a proxy of the environment is not for them.
    handlers = [urllib.request.ProxyHandler({})]
    if host.get("use_ssl"):
        context = ssl.create_default_context(cafile=host.get("ca_certs"))
        if not host.get("verify_certs", True):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        handlers.append(urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=ATTEMPT) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        if error.code == 408:
            raise RuntimeError("it answers, but the cluster is red or has no manager yet") from error
        raise


def wait(config, timeout):
    """Returns when all services took a connection, with its password, and the search cluster is usable."""
    waiting = {
        "postgresql": (try_postgresql, address(config["SQLALCHEMY_DATABASE_URI"])),
        "redis": (try_redis, address(config["CACHE_REDIS_URL"])),
        "rabbitmq": (try_rabbitmq, address(config["BROKER_URL"])),
        "opensearch": (try_opensearch, address(search_url(config["SEARCH_HOSTS"][0]))),
    }
    problems = {}
    deadline = time.monotonic() + timeout
    while True:
        for name, (attempt, where) in list(waiting.items()):
            try:
                attempt(config)
            except Exception as error:  # Whatever it is, the service is not ready, and the next attempt may tell otherwise.
                problem = brief(error)
                if problems.get(name) != problem:
                    log(f"{name} at {where}: not ready: {problem}")
                problems[name] = problem
            else:
                log(f"{name} at {where}: ready")
                del waiting[name]
        if not waiting:
            return
        if time.monotonic() >= deadline:
            missing = "; ".join(f"{name} at {where}: {problems[name]}" for name, (_, where) in waiting.items())
            raise Refused(f"not ready after {timeout} seconds: {missing}")
        time.sleep(PAUSE)


# Locking


def lock(config, command):
    """Runs a command under the lock and returns its exit code, as a shell would give it."""
    connection = connect(config)
    cursor = connection.cursor()
    # The server lets go of the lock within a minute when our node disappears, and not after its default of two hours.
    cursor.execute("SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3")
    silent = True
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        if cursor.fetchone()[0]:
            break
        if silent:
            log("another Job of this site is at work: waiting for it")
            silent = False
        time.sleep(PAUSE)

    # Its own process group, so that a signal reaches what the command has started as well.
    child = subprocess.Popen(command, start_new_session=True)

    def end(number, _frame):
        log(f"signal {number}: ending the command")
        os.killpg(child.pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)

    while True:
        try:
            code = child.wait(timeout=ATTEMPT)
            break
        except subprocess.TimeoutExpired:
            pass
        try:
            cursor.execute("SELECT 1")
        except Exception as error:  # The lock went with the connection: somebody else may have it already.
            os.killpg(child.pid, signal.SIGTERM)
            child.wait()
            raise Refused(f"the database took the lock away, the command was ended: {brief(error)}") from error
    connection.close()
    return code if code >= 0 else 128 - code


# Remembering


def exists(cursor, table):
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (table,))
    return cursor.fetchone()[0]


def recorded(cursor, step):
    """When a step was done, or None."""
    if not exists(cursor, "invgen.step"):
        return None
    cursor.execute("SELECT done_at FROM invgen.step WHERE name = %s", (step,))
    row = cursor.fetchone()
    return row[0] if row else None


def told(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def record(cursor, step):
    cursor.execute("INSERT INTO invgen.step (name) VALUES (%s) ON CONFLICT DO NOTHING", (step,))


def image_major():
    return importlib.metadata.version("invenio-app-rdm").split(".")[0]


def database_major(cursor):
    cursor.execute("SELECT value FROM invgen.fact WHERE name = 'major'")
    row = cursor.fetchone()
    return row[0] if row else None


def begin(config):
    connection = connect(config)
    cursor = connection.cursor()
    if exists(cursor, "invgen.step"):
        major, image = database_major(cursor), image_major()
        if major != image and not recorded(cursor, FINISHED):
            raise Refused(
                f"the initialisation began with InvenioRDM {major} and the image has {image}: "
                f"finish it with an image of {major}, or begin with an empty database"
            )
        log(f"the record of this database is open (InvenioRDM {major})")
        return

    foreign = exists(cursor, "alembic_version") or exists(cursor, "accounts_user")
    major = image_major()
    connection.autocommit = False
    cursor.execute("CREATE SCHEMA IF NOT EXISTS invgen")
    cursor.execute(
        "CREATE TABLE invgen.step (name text PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now())"
    )
    cursor.execute("CREATE TABLE invgen.fact (name text PRIMARY KEY, value text NOT NULL)")
    if foreign:
        major = adopted_major(cursor)
        for step in (*STEPS, FINISHED):
            record(cursor, step)
    cursor.execute("INSERT INTO invgen.fact VALUES ('major', %s)", (major,))
    connection.commit()
    if foreign:
        log(f"this database was initialised by other means, with InvenioRDM {major}: it is taken over as it is")
        log("should a step be done again, delete it from invgen.step and run this Job again")
    else:
        log(f"a new database, for InvenioRDM {major}")


# A table that each major version brought, newest first.
MARKS = (("14", "request_files"), ("13", "jobs_job"), ("12", "accounts_domain_category"))


def adopted_major(cursor):
    """The major version that made a database of unknown origin."""
    for major, table in MARKS:
        if exists(cursor, table):
            return major
    raise Refused("this database was initialised by other means, with a version before InvenioRDM 12: upgrade it first")


def run(config, step, command):
    if step not in STEPS:
        raise Refused(f"{step} is no step; there are {', '.join(STEPS)}")
    done = recorded(connect(config).cursor(), step)
    if done:
        log(f"{step}: was done {told(done)}")
        return 0
    log(f"{step}: {' '.join(command)}")
    started = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    if code != 0:
        log(f"{step}: failed with exit code {code}; the next run begins with this step")
        return code if code > 0 else 128 - code
    # A new connection: the step may have taken longer than an idle one is kept.
    record(connect(config).cursor(), step)
    log(f"{step}: done in {time.monotonic() - started:.0f} s")
    return 0


def finish(config):
    cursor = connect(config).cursor()
    missing = [step for step in STEPS if not recorded(cursor, step)]
    if missing:
        raise Refused(f"not done yet: {', '.join(missing)}")
    record(cursor, FINISHED)
    log("the site is initialised")


def initialised(config, timeout):
    deadline = time.monotonic() + timeout
    silent = True
    while True:
        try:
            connection = connect(config)
            done = recorded(connection.cursor(), FINISHED)
            connection.close()
            problem = "the initialisation has not finished"
        except Exception as error:  # As in `wait`.
            done, problem = None, brief(error)
        if done:
            log(f"the site was initialised {told(done)}")
            return
        if silent:
            log(f"waiting: {problem}")
            silent = False
        if time.monotonic() >= deadline:
            raise Refused(f"gave up after {timeout} seconds: {problem}; see the log of the initialisation Job")
        time.sleep(PAUSE)


def same_major(config):
    database, image = database_major(connect(config).cursor()), image_major()
    if database != image:
        raise Refused(
            f"the database is of InvenioRDM {database} and the image has {image}: nothing was changed. "
            f"A major version needs its migration (see the release notes of InvenioRDM {image}), and then: "
            f"UPDATE invgen.fact SET value = '{image}' WHERE name = 'major'"
        )
    log(f"database and image are both of InvenioRDM {image}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="verb", required=True)
    patience = int(os.environ.get("INVGEN_WAIT_SECONDS", "900"))
    commands.add_parser("wait").add_argument("--timeout", type=int, default=patience, help="seconds")
    # The initialisation takes as long as it takes; what bounds this wait is the deadline of the Job.
    commands.add_parser("initialised").add_argument("--timeout", type=int, default=86400, help="seconds")
    commands.add_parser("lock").add_argument("command", nargs="+")
    for name in ("begin", "finish", "same-major"):
        commands.add_parser(name)
    step = commands.add_parser("run")
    step.add_argument("step")
    step.add_argument("command", nargs="+")
    arguments = parser.parse_args()

    config = configuration()
    if arguments.verb == "wait":
        wait(config, arguments.timeout)
    elif arguments.verb == "initialised":
        initialised(config, arguments.timeout)
    elif arguments.verb == "lock":
        return lock(config, arguments.command)
    elif arguments.verb == "begin":
        begin(config)
    elif arguments.verb == "run":
        return run(config, arguments.step, arguments.command)
    elif arguments.verb == "finish":
        finish(config)
    elif arguments.verb == "same-major":
        same_major(config)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refusal:
        log(f"refused: {refusal}")
        sys.exit(1)
# end of state.py
