# pages.py: the OAI-PMH sets and static pages that the image or InvenioRDM brings
#
# For `invenio shell`. Stands in for `invenio rdm fixtures`, which fails when a set exists already and deletes every page
# before it loads them; this makes what is missing.
import pathlib

import invenio_app_rdm.fixtures
from flask import current_app
from invenio_app_rdm.fixtures.oai_sets import OAICustomSets
from invenio_oaiserver.models import OAISet


class MissingSets(OAICustomSets):
    """Makes a set only when none has its spec."""

    def create(self, entry):
        """Takes an entry of oai_sets.yaml."""
        if OAISet.query.filter_by(spec=entry["spec"]).count() == 0:
            super().create(entry)


folders = [
    pathlib.Path(current_app.instance_path) / "app_data",
    pathlib.Path(invenio_app_rdm.fixtures.__file__).parent / "data",
]
MissingSets(folders, "oai_sets.yaml").load()
invenio_app_rdm.fixtures.Pages().run(force=False)
print("pages: there")
# end of pages.py
