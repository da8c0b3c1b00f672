{% block header %}
#!/bin/sh
# start.sh: starts the broker with a user whose password is in the mounted Secret
#
# The user is loaded at every start, so that its password follows the Secret: after a changed one, restart the pod. RabbitMQ
# gets a salted digest, so that the password stands in no argument, environment or file.
set -eu
{% endblock %}
{% block names %}
user='{{ user }}'
vhost='{{ vhost }}'
{% endblock %}
{% block work %}

password=$(cat /run/secrets/invgen/rabbitmq/password)
if [ -z "$password" ]; then
    echo "start: /run/secrets/invgen/rabbitmq/password holds no password" >&2
    exit 1
fi

# bytes HEX: the bytes that hexadecimal digits stand for; the shell's own printf may not know \x.
bytes() {
    env printf "$(printf '%s' "$1" | sed 's/../\\x&/g')"
}
salt=$(head -c 4 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
digest=$({ bytes "$salt" && printf '%s' "$password"; } | sha256sum | cut -d ' ' -f 1)
hash=$(bytes "$salt$digest" | base64)

umask 0077
cat >/var/lib/rabbitmq/definitions.json <<END
{
  "vhosts": [{"name": "$vhost"}],
  "users": [
    {
      "name": "$user",
      "password_hash": "$hash",
      "hashing_algorithm": "rabbit_password_hashing_sha256",
      "tags": ["administrator"]
    }
  ],
  "permissions": [{"user": "$user", "vhost": "$vhost", "configure": ".*", "write": ".*", "read": ".*"}]
}
END
exec rabbitmq-server
# end of start.sh
{% endblock %}
