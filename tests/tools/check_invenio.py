"""check_invenio.py INVGEN VERSION: the texts of examples/lab under the real InvenioRDM, PostgreSQL, Redis, RabbitMQ and nginx

Run by scripts/check-invenio with the Python that has InvenioRDM. OpenSearch is a stub (search_stub.py), so what InvenioRDM finds
is not judged here; everything else is real. Prints a line for each thing that was seen to hold and ends with 1 at the first
that does not.
"""

import contextlib
import glob
import os
import pathlib
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import yaml

INVGEN, VERSION = sys.argv[1], sys.argv[2]
TOOLS = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(sys.executable).parent
DOMAIN = "data.lab.example.org"
SECRETS = {
    "postgresql/password": "p@ss/w:rd#1 %",
    "redis/password": "r@dis/1\n",
    "rabbitmq/password": "m@q&pw",
    **{
        f"app/{key}": f"value of {key}"
        for key in (
            "secret-key password-salt jwt-secret login-salt confirm-salt reset-salt change-salt remember-salt csrf-salt"
        ).split()
    },
}
started = time.monotonic()


def holds(fact, condition, detail=""):
    if not condition:
        sys.exit(f"NOT SO: {fact}\n{detail}")
    print(f"[{time.monotonic() - started:4.0f} s] {fact}", flush=True)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until(check, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if check():
                return
        time.sleep(0.3)
    sys.exit(f"NOT SO: {what} within {seconds} seconds")


def listens(port):
    socket.create_connection(("127.0.0.1", port), 1).close()
    return True


def family(pid):
    """A process and all its descendants, as the end of a container would end them."""
    children = {}
    for stat in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, rest = pathlib.Path(stat).read_text().split(" (", 1)
            children.setdefault(int(rest.rsplit(") ", 1)[1].split()[1]), []).append(int(number))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def kill(process):
    for pid in family(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


class Lab:
    def __init__(self, folder, stack):
        self.folder, self.stack = folder, stack
        names = ("postgresql", "redis", "rabbitmq", "dist", "epmd", "opensearch", "uwsgi", "probe", "stats", "nginx")
        self.ports = {name: free_port() for name in names}
        self.texts = folder / "texts"
        self.instance = folder / "instance"
        for name in ("texts", "instance/data", "instance/app_data", "instance/static/dist", "secrets"):
            (folder / name).mkdir(parents=True)
        (self.instance / "static/dist/manifest.json").write_text('{"status": "done", "assets": {}, "chunks": {}}')
        (self.instance / "app_data/pages.yaml").write_text("- url: /about\n  title: About\n")
        for name, value in SECRETS.items():
            path = folder / "secrets" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(value)
        self.environment = {
            "PATH": f"{BIN}:/usr/sbin:/usr/bin:/bin",
            "HOME": str(folder),
            "INVENIO_INSTANCE_PATH": str(self.instance),
            "INVGEN_WAIT_SECONDS": "60",
            "PYTHONWARNINGS": "ignore",
            "LANG": "C.UTF-8",
        }
        self.write_texts()

    def write_texts(self):
        # With an API of its own, so that both forms of uwsgi.ini are there.
        settings = [f'invenio.version="{VERSION}"', "api.processes=2", "api.replicas=1"]
        settings += [f"api.autoscaling.{name}" for name in ("enabled=false", "minReplicas=1", "maxReplicas=1")]
        settings += [f"api.resources.{kind}.{name}" for kind in ("requests", "limits") for name in ("cpu=2", "memory=4Gi")]
        stream = subprocess.run(
            [INVGEN, "render", "-f", "examples/lab/site.yaml", "-p", "prod", *(f"--set={setting}" for setting in settings)],
            check=True, stdout=subprocess.PIPE, text=True,
        ).stdout
        ports = self.ports
        changes = [
            (" /tmp/", f" {self.folder}/"),
            ("/run/secrets/invgen", str(self.folder / "secrets")),
            ("/opt/invenio/var/instance", str(self.instance)),
            ("127.0.0.1:5000", f"127.0.0.1:{ports['uwsgi']}"),
            ("http-socket = :5001", f"http-socket = 127.0.0.1:{ports['probe']}"),
            ("127.0.0.1:9001", f"127.0.0.1:{ports['stats']}"),
            ("listen 8080", f"listen 127.0.0.1:{ports['nginx']}"),
            ("/dev/stdout", str(self.folder / "access.log")),
        ]
        for document in yaml.safe_load_all(stream):
            component = document["metadata"]["name"].removeprefix("lab-")
            if document["kind"] != "ConfigMap" or component not in ("invenio", "setup", "web", "api"):
                continue
            for name, text in document["data"].items():
                name = f"api-{name}" if component == "api" else name
                for old, new in changes:
                    text = text.replace(old, new)
                if name == "deployment.cfg":
                    # Hosts and ports of the cluster become those of this machine, wherever they are written.
                    for service, usual in (("postgresql", 5432), ("redis", 6379), ("rabbitmq", 5672), ("opensearch", 9200)):
                        text = re.sub(rf'"lab-{service}[^"]*"', '"127.0.0.1"', text)
                        text = re.sub(rf"\b{usual}\b", str(ports[service]), text)
                (self.texts / name).write_text(text)
        self.config = runpy.run_path(str(self.texts / "deployment.cfg"))

    def start(self, *command, **options):
        log = open(self.folder / f"{pathlib.Path(command[0]).name}.log", "a")
        self.stack.callback(log.close)
        options.setdefault("env", self.environment)
        process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, **options)
        self.stack.callback(kill, process)
        return process

    def run(self, *command, timeout=1200):
        done = subprocess.run(
            [str(word) for word in command], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=timeout, cwd=self.folder,
        )
        return done.returncode, done.stdout

    def state(self, *arguments):
        return self.run("python3", self.texts / "state.py", *arguments)

    def probe(self, *arguments):
        begun = time.monotonic()
        code, output = self.run("python3", self.texts / "probe.py", *arguments, timeout=60)
        return code, f"{output.strip()} ({time.monotonic() - begun:.1f} s)"

    def sql(self, statement):
        import psycopg2

        url = self.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg2", "")
        with contextlib.closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else None

    def start_postgresql(self):
        binaries = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        data = self.folder / "postgresql"
        data.mkdir()
        options = {}
        if os.getuid() == 0:
            shutil.chown(data, "postgres", "postgres")
            options = {"user": "postgres", "group": "postgres", "extra_groups": []}
        password = data / "password"
        password.write_text(SECRETS["postgresql/password"])
        password.chmod(0o644)
        subprocess.run(
            [binaries / "initdb", "-D", data / "data", "-A", "scram-sha-256", "--pwfile", password, "-U", "invenio"],
            check=True, stdout=subprocess.DEVNULL, cwd="/", **options,
        )
        self.start(
            binaries / "postgres", "-D", data / "data", "-p", self.ports["postgresql"],
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}", "-c", "fsync=off",
            cwd="/", **options,
        )
        until(lambda: listens(self.ports["postgresql"]), 30, "PostgreSQL listens")
        url = self.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg2", "").rsplit("/", 1)
        import psycopg2

        deadline = time.monotonic() + 30
        while True:
            try:
                connection = psycopg2.connect(url[0] + "/postgres")
                break
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{url[1]}"')

    def start_redis(self):
        self.start(
            "redis-server", "--port", self.ports["redis"], "--bind", "127.0.0.1", "--save", "",
            "--requirepass", SECRETS["redis/password"].strip(), "--dir", self.folder,
        )

    def start_rabbitmq(self):
        home = self.folder / "rabbitmq"
        home.mkdir()
        (home / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.ports['rabbitmq']}\n"
            f"default_user = invenio\ndefault_pass = {SECRETS['rabbitmq/password']}\n"
        )
        environment = {
            **self.environment,
            "HOME": str(home),
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "RABBITMQ_NODENAME": f"check{os.getpid()}@localhost",
            "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_DIST_PORT": str(self.ports["dist"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.ports["epmd"]),
        }
        # In front of the broker, because the broker would leave its own behind.
        self.start("epmd", env=environment)
        self.start("/usr/lib/rabbitmq/bin/rabbitmq-server", env=environment)

    def start_search(self):
        self.start(sys.executable, TOOLS / "search_stub.py", self.ports["opensearch"])


def check_waiting(lab):
    code, output = lab.state("wait", "--timeout", "45")
    holds("wait names the service that is missing", code == 1 and f"opensearch at 127.0.0.1:{lab.ports['opensearch']}" in output.splitlines()[-1], output)
    holds("wait names no service that is there", "postgresql" not in output.splitlines()[-1], output)
    holds("wait prints no password", "p@ss" not in output and "p%40ss" not in output, output)
    lab.start_search()
    code, output = lab.state("wait", "--timeout", "60")
    holds("wait ends when all services are there", code == 0, output)
    secret = lab.folder / "secrets/redis/password"
    secret.write_text("wrong")
    code, output = lab.state("wait", "--timeout", "1")
    secret.write_text(SECRETS["redis/password"])
    holds("wait is not content with a service that refuses the password", code == 1 and "redis" in output.splitlines()[-1], output)


def check_settings(lab):
    (lab.instance / "invenio.cfg").write_text("RDM_CUSTOM_FIELDS = []\nAPP_ALLOWED_HOSTS = ['elsewhere']\nSECRET_KEY = 'CHANGE_ME'")
    code, output = lab.run("sh", lab.texts / "compose.sh", lab.folder / "composed.cfg")
    holds("compose joins the image's settings and ours", code == 0, output)
    shutil.copy(lab.folder / "composed.cfg", lab.instance / "invenio.cfg")
    program = (
        "import runpy, sys; from invenio_app.factory import create_app; app = create_app()\n"
        "ours = {k: v for k, v in runpy.run_path(sys.argv[1]).items() if k.isupper()}\n"
        "wrong = {k: app.config.get(k) for k, v in ours.items() if app.config.get(k) != v}\n"
        "import threading; sys.exit(str(wrong) if wrong or threading.active_count() > 1 else 0)"
    )
    code, output = lab.run("python3", "-c", program, lab.texts / "deployment.cfg")
    holds("the application takes every setting as it is written, and starts no thread before it is forked", code == 0, output)


def check_init(lab):
    for step in ("database", "roles", "indices", "vocabularies", "pages"):
        process = subprocess.Popen(
            ["sh", lab.texts / "init.sh"], env=lab.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for line in process.stdout:
            if line.startswith(f"state: {step}: invenio"):
                break
        # Loading the application takes some seconds; by then the step is at its work.
        time.sleep(9)
        kill(process)
        process.stdout.close()
        print(f"[{time.monotonic() - started:4.0f} s] (init was killed in {step})", flush=True)
    code, output = lab.run("sh", lab.texts / "init.sh")
    holds("init finishes after it was killed in five of its steps", code == 0 and "the site is initialised" in output, output)
    roles = lab.sql("SELECT name, action FROM accounts_role JOIN access_actionsroles ON role_id = accounts_role.id ORDER BY 1")
    wanted = [("admin", "superuser-access"), ("administration", "administration-access"), ("administration-moderation", "administration-moderation")]
    holds("there are three roles, each with its action once", roles == wanted, roles)
    sets = lab.sql("SELECT spec FROM oaiserver_set WHERE NOT system_created ORDER BY 1")
    holds("there are the OAI-PMH sets, once", sets == [("openaire",), ("openaire_data",)], sets)
    pages = lab.sql("SELECT url, count(*) FROM pages_page GROUP BY url")
    holds("there is the page of the image, once", pages == [("/about", 1)], pages)
    holds("there are vocabularies", lab.sql("SELECT count(*) FROM vocabularies_types")[0][0] >= 15)
    users = lab.sql("SELECT email FROM accounts_user WHERE active")
    holds("nobody can sign in yet", users == [], users)
    begun = time.monotonic()
    code, output = lab.run("sh", lab.texts / "init.sh")
    holds(f"init does nothing when it runs again, in {time.monotonic() - begun:.0f} s", code == 0 and "invenio " not in output, output)


def check_indices(lab):
    environment = {**lab.environment, "INVENIO_SEARCH_INDEX_PREFIX": "reference-"}
    subprocess.run(["invenio", "index", "init"], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stub = f"http://127.0.0.1:{lab.ports['opensearch']}/_stub"
    aliases = yaml.safe_load(urllib.request.urlopen(stub).read())["aliases"]

    def made(prefix):
        return {
            name.removeprefix(prefix): sorted({re.sub(r"-\d+$", "", index).removeprefix(prefix) for index in members})
            for name, members in aliases.items() if name.startswith(prefix)
        }

    ours, reference = made(lab.config["SEARCH_INDEX_PREFIX"]), made("reference-")
    holds(f"the indices and aliases are those of `invenio index init` ({len(reference)} aliases)", ours == reference, ours)


def check_upgrade(lab):
    code, output = lab.run("sh", lab.texts / "upgrade.sh")
    holds("upgrade runs, when there is nothing to do", code == 0 and "upgrade: done" in output, output)
    lab.sql("UPDATE invgen.fact SET value = '9' WHERE name = 'major'")
    code, output = lab.run("sh", lab.texts / "upgrade.sh")
    refused = code == 1 and "the database is of InvenioRDM 9" in output and "nothing was changed" in output
    holds("upgrade refuses another major version before it does anything", refused and "alembic" not in output, output)
    lab.sql("DROP SCHEMA invgen CASCADE")
    code, output = lab.state("begin")
    holds("a database that others initialised is taken over", code == 0 and f"with InvenioRDM {VERSION}: it is taken over" in output, output)
    code, output = lab.state("same-major")
    holds("and can be upgraded then", code == 0, output)
    code, output = lab.state("lock", "--", "sh", "-c", "exit 7")
    holds("lock passes the exit code on", code == 7, output)
    holder = lab.start("python3", lab.texts / "state.py", "lock", "--", "sleep", "600")
    until(lambda: lab.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")[0][0] == 1, 20, "the lock is taken")
    waiter = subprocess.Popen(
        ["python3", lab.texts / "state.py", "lock", "--", "true"], env=lab.environment, stdout=subprocess.PIPE, text=True
    )
    line = waiter.stdout.readline()
    holds("a second Job waits for the first", "waiting for it" in line and waiter.poll() is None, line)
    holder.terminate()
    holds("the first ends on SIGTERM, with what it had started", holder.wait(30) == 128 + signal.SIGTERM, holder.returncode)
    holds("and lets the second go on", waiter.wait(30) == 0)
    waiter.stdout.close()


def check_celery(lab):
    code, reason = lab.probe("worker-ready")
    holds(f"no worker: {reason}", code == 1)
    celery = ("celery", "-A", "invenio_app.celery")
    worker = lab.start(*celery, "worker", "-c", "1", "-Q", "celery,low", "--without-gossip", "--without-mingle")
    schedule = lab.folder / "schedule"
    beat = lab.start(*celery, "beat", "--pidfile=", "-s", schedule)
    deadline = time.monotonic() + 120
    while lab.probe("worker-ready")[0] != 0 and time.monotonic() < deadline:
        time.sleep(2)
    for check in ("worker-ready", "worker-alive"):
        code, reason = lab.probe(check)
        holds(f"a worker: {reason}", code == 0)
    code, reason = lab.probe("beat-alive", "--schedule", schedule)
    holds(f"a beat: {reason}", code == 0)
    code, reason = lab.probe("beat-alive", "--schedule", schedule, "--age", "0")
    holds(f"a beat that stopped writing: {reason}", code == 1)
    worker.send_signal(signal.SIGSTOP)
    code, reason = lab.probe("worker-alive")
    holds(f"a worker that hangs: {reason}", code == 1)
    kill(worker)
    code, reason = lab.probe("scheduler-alive")
    holds(f"a process of beat: {reason}", code == 0)
    kill(beat)
    deployment = lab.texts / "deployment.cfg"
    text = deployment.read_text()
    deployment.write_text(re.sub(rf"\b{lab.ports['rabbitmq']}\b", str(free_port()), text))
    for arguments, wanted in ((["worker-ready"], 1), (["worker-alive"], 0), (["beat-alive", "--schedule", "/none"], 0)):
        code, reason = lab.probe(*arguments)
        holds(f"no broker: {reason}", code == wanted)
    deployment.write_text(text)


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *arguments):
        return None


def ask(port, path, host, scheme="http"):
    headers = {"Host": host, "X-Forwarded-Proto": scheme}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def check_web(lab, prefix):
    holds(f"web pods with {prefix}uwsgi.ini:", True)
    uwsgi = lab.start("uwsgi", "--ini", lab.texts / f"{prefix}uwsgi.ini")
    nginx = lab.start("nginx", "-c", lab.texts / f"{prefix}nginx.conf", "-g", "daemon off;")
    until(lambda: listens(lab.ports["nginx"]), 20, "nginx listens")
    until(lambda: ask(lab.ports["probe"], "/api/ping", DOMAIN) == 200, 120, "uWSGI answers the kubelet")
    for name in ("probe", "nginx"):
        answers = [ask(lab.ports[name], "/api/ping", host) for host in (DOMAIN, "10.0.0.7", "localhost")]
        holds(f"/api/ping through {name} answers the site's name and localhost alone", answers == [200, 400, 200], answers)
    answer = ask(lab.ports["nginx"], "/api/vocabularies/licenses", DOMAIN)
    # Without X-Forwarded-Proto: https, as an ingress would send it.
    holds("/api sends visitors who come by http to https", answer == 302, answer)
    answer = ask(lab.ports["nginx"], "/api/vocabularies/licenses", DOMAIN, scheme="https")
    holds("/api answers", answer == 200, answer)
    nginx.send_signal(signal.SIGQUIT)
    uwsgi.send_signal(signal.SIGTERM)
    holds("uWSGI ends in order on SIGTERM", uwsgi.wait(60) == 0, uwsgi.returncode)
    holds("nginx ends in order on SIGQUIT", nginx.wait(60) == 0, nginx.returncode)


def main():
    # Ended from outside, too, it takes its servers along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="check-invenio-")))
        folder.chmod(0o755)
        lab = Lab(folder, stack)
        lab.start_postgresql()
        lab.start_redis()
        lab.start_rabbitmq()
        check_waiting(lab)
        check_settings(lab)
        check_init(lab)
        check_indices(lab)
        check_upgrade(lab)
        check_celery(lab)
        check_web(lab, "")
        check_web(lab, "api-")


main()
