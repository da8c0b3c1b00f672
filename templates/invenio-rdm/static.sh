#!/bin/sh
# static.sh TARGET: copies the static files of the image to where nginx serves them
#
# An init container of the web pods calls it. It refuses an image whose assets were never built, because such an image answers
# its health checks while every page fails.
set -eu
source=${INVENIO_INSTANCE_PATH:-/opt/invenio/var/instance}/static
target=$1

if [ ! -f "$source/dist/manifest.json" ]; then
    echo "static: $source/dist/manifest.json is missing: the image was built without its assets (invenio webpack buildall)" >&2
    exit 1
fi
cp -R "$source/." "$target/"
echo "static: copied $source to $target"
# end of static.sh
