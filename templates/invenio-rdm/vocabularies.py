# vocabularies.py: loads the vocabularies, and the users and communities that the image brings
#
# For `invenio shell`. Does what `invenio rdm-records fixtures` does, with one difference: that command passes over every
# vocabulary that was ever begun, so one that was cut off would stay incomplete for good, and it would end well. Here the ones
# already begun are sent to the workers again first. Entries that exist are updated; where a vocabulary has no updates
# (affiliations, awards, funders, names, subjects), the task for an entry that exists fails, and nothing is lost.
from invenio_access.permissions import system_identity
from invenio_rdm_records.fixtures import FixturesEngine
from invenio_vocabularies.records.models import VocabularyScheme, VocabularyType

engine = FixturesEngine(system_identity)
begun = sorted(row.id for row in VocabularyType.query)
begun += sorted(f"{row.parent_id}.{row.id}" for row in VocabularyScheme.query)
for name in begun:
    print(f"vocabulary {name}: once more")
    engine.add_to(name)
engine.run()
print("vocabularies: sent to the workers")
# end of vocabularies.py
