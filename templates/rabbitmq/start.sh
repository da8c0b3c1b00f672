{% block script %}
#!/bin/sh
# start.sh: starts the broker with the password of the mounted Secret
#
# RabbitMQ takes the password when it makes its first user, on an empty volume.
set -eu
RABBITMQ_DEFAULT_PASS=$(cat /run/secrets/invgen/rabbitmq/password)
export RABBITMQ_DEFAULT_PASS
exec rabbitmq-server
# end of start.sh
{% endblock %}
