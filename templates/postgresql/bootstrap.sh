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

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    echo "bootstrap: making a new cluster in $PGDATA"
    rm -rf "$PGDATA.new"
    initdb --pgdata="$PGDATA.new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth=peer
    mv "$PGDATA.new" "$PGDATA"
fi

mkdir -p "$socket"
echo "local all postgres trust" >/tmp/bootstrap-hba.conf
# Longer than usual: after a crash the server first replays its log.
pg_ctl start --pgdata="$PGDATA" --wait --timeout=1800 --silent \
    --options="-c config_file=/etc/postgresql/postgresql.conf -c hba_file=/tmp/bootstrap-hba.conf -c listen_addresses='' -c unix_socket_directories=$socket"
trap 'pg_ctl stop --pgdata="$PGDATA" --mode=fast --wait --timeout=600 --silent' EXIT

psql --host="$socket" --username=postgres --dbname=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
    --set=role="$role" --set=database="$database" <<'SQL'
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
