{% block script %}
#!/bin/sh
# probe.sh: whether the server answers to its password; while it still loads its data it says LOADING, which is not ready
set -eu
REDISCLI_AUTH=$(cat /run/secrets/invgen/redis/password)
export REDISCLI_AUTH
answer=$({{ client }} -h 127.0.0.1 ping 2>&1) || true
if [ "$answer" != PONG ]; then
    echo "probe: the server answers: $answer"
    exit 1
fi
# end of probe.sh
{% endblock %}
