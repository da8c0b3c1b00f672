{% block script %}
#!/bin/sh
# start.sh: starts the server with the password of the mounted Secret
#
# The server gets the password's digest, so that it stands in no argument, environment or configuration text.
set -eu
password=$(cat /run/secrets/invgen/redis/password)
if [ -z "$password" ]; then
    echo "start: /run/secrets/invgen/redis/password holds no password" >&2
    exit 1
fi
digest=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)
umask 0077
printf 'user default on #%s ~* &* +@all\n' "$digest" >/run/redis/users.acl
exec {{ server }} /etc/redis/redis.conf
# end of start.sh
{% endblock %}
