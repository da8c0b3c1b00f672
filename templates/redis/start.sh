{% block script %}
#!/bin/sh
# start.sh: starts the server with the password of the mounted Secret
#
# The server gets the password's digest, so that it stands in no argument, environment or configuration text.
set -eu
digest=$(tr -d '\n' </run/secrets/invgen/redis/password | sha256sum | cut -d ' ' -f 1)
umask 0077
printf 'user default on #%s ~* &* +@all\n' "$digest" >/run/redis/users.acl
exec {{ server }} /etc/redis/redis.conf
# end of start.sh
{% endblock %}
