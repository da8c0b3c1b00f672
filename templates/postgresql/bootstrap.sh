{% block header %}
#!/bin/sh
# bootstrap.sh: makes the database cluster, role and database that the application expects
#
# An init container runs it before every start. A new cluster is made aside and moved into place when it is whole, so a start
# that was cut off begins again. The role's password follows the Secret: after a changed one, restart the pod.
set -eu
umask 0077
socket=/tmp/bootstrap
{% endblock %}
{% block names %}
database='{{ database }}'
role='{{ user }}'
{% endblock %}
{% block work %}

if [ -z "$(cat /run/secrets/invgen/postgresql/password)" ]; then
    echo "bootstrap: /run/secrets/invgen/postgresql/password holds no password; nothing was changed" >&2
    exit 1
fi

if [ -s "$PGDATA/PG_VERSION" ]; then
    made_by=$(cat "$PGDATA/PG_VERSION")
    program=$(postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
    if [ "$made_by" != "$program" ]; then
        echo "bootstrap: $PGDATA was made by PostgreSQL $made_by and the image holds $program, which cannot read it:" \
            "name an image of $made_by, or dump with that and restore into an empty volume" >&2
        exit 1
    fi
elif [ -n "$(ls -A "$PGDATA" 2>/dev/null)" ]; then
    echo "bootstrap: $PGDATA has files but no PG_VERSION, so it is no whole cluster; restore it, or empty it to begin anew" >&2
    exit 1
else
    echo "bootstrap: making a new cluster in $PGDATA"
    rm -rf "$PGDATA.new"
    # On nodes that have huge pages, trying them ends in a bus error, because the container may use none. Since 16 it can be told.
    set --
    if initdb --help | grep -q -e --set=; then
        set -- --set=huge_pages=off
    fi
    initdb --pgdata="$PGDATA.new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth=peer "$@"
    mv -T "$PGDATA.new" "$PGDATA"
    # The new name must be on the disk before anything is that a later start would miss.
    sync "${PGDATA%/*}"
fi

# What a killed run has left there would keep the server from starting.
rm -rf "$socket"
mkdir "$socket"
echo "local all postgres trust" >/tmp/bootstrap-hba.conf
# Longer than usual: after a crash the server first replays its log.
pg_ctl start --pgdata="$PGDATA" --wait --timeout=1800 --silent \
    --options="-c config_file=/etc/postgresql/postgresql.conf -c hba_file=/tmp/bootstrap-hba.conf -c listen_addresses='' -c unix_socket_directories=$socket"
trap 'pg_ctl stop --pgdata="$PGDATA" --mode=fast --wait --timeout=600 --silent' EXIT

psql --host="$socket" --username=postgres --dbname=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
    --set=role="$role" --set=database="$database" <<'SQL'
-- A slow or failing statement is logged with its text; here that has the password.
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
\set password `cat /run/secrets/invgen/postgresql/password`
SELECT format('CREATE ROLE %I LOGIN', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" WITH LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'database', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
echo "bootstrap: role $role and database $database are there"
# end of bootstrap.sh
{% endblock %}
