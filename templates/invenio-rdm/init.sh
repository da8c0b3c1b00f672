{% block header %}
#!/bin/sh
# init.sh: makes a new site out of empty services, once
#
# Every step is recorded in the database when it is done, and is safe to begin again when it was cut off; so this Job may be
# run again at any time and goes on where it stopped. A restored backup brings its record along, and a database that another
# tool initialised is taken over as it is.
#
# No account is made. InvenioRDM's own list of users has an inactive administrator with a random password; an image that does
# not want it has an empty app_data/users.yaml. Give an existing account the role with: invenio roles add EMAIL admin
set -eu
here=$(dirname "$0")
state() { python3 "$here/state.py" "$@"; }

if [ "${INVGEN_LOCKED:-}" != yes ]; then
    state wait
    exec python3 "$here/state.py" lock -- env INVGEN_LOCKED=yes sh "$0"
fi

state begin
state run database -- invenio db create
{% endblock %}
{% block files %}
state run files-location -- invenio files location create --default default-location {{ files_uri }}
{% endblock %}
{% block steps %}
state run roles -- invenio shell "$here/roles.py"
state run indices -- invenio shell "$here/indices.py"
state run index-queue -- invenio index queue init
state run record-fields -- invenio rdm-records custom-fields init
state run community-fields -- invenio communities custom-fields init
state run queues -- invenio queues declare
state run vocabularies -- invenio shell "$here/vocabularies.py"
state run pages -- invenio shell "$here/pages.py"
state finish
# end of init.sh
{% endblock %}
