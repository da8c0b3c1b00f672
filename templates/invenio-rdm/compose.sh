#!/bin/sh
# compose.sh TARGET: writes the invenio.cfg that the application reads
#
# The image's own invenio.cfg, if it has one, and behind it deployment.cfg, which lies beside this script and wins. An init
# container of every application pod calls it: InvenioRDM itself starts without complaint, and with public default keys, when
# the file is missing.
set -eu
here=$(dirname "$0")
target=$1
image=${INVENIO_INSTANCE_PATH:-/opt/invenio/var/instance}/invenio.cfg

{
    if [ -f "$image" ]; then
        cat "$image"
        # In case its last line has no end.
        echo
    fi
    cat "$here/deployment.cfg"
} >"$target.new"
# A slip in the image's file shows here, with its line, and not as a web pod that restarts for ever.
python3 -c 'import sys; compile(open(sys.argv[1], "rb").read(), "invenio.cfg", "exec")' "$target.new"
mv "$target.new" "$target"
echo "compose: wrote $target"
# end of compose.sh
