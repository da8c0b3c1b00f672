#!/bin/sh
# upgrade.sh: brings database, queues and indices to the release in the image
#
# Safe to run again, also when there is nothing to do. It goes from one release of a major version of InvenioRDM to another.
# Between major versions there is data to migrate, in an order of its own: it refuses that before it touches anything.
set -eu
here=$(dirname "$0")
state() { python3 "$here/state.py" "$@"; }

if [ "${INVGEN_LOCKED:-}" != yes ]; then
    state wait
    state initialised
    exec python3 "$here/state.py" lock -- env INVGEN_LOCKED=yes sh "$0"
fi

state same-major
invenio alembic upgrade
invenio queues declare
invenio shell "$here/indices.py"
invenio rdm-records custom-fields init
invenio communities custom-fields init
echo "upgrade: done"
# end of upgrade.sh
