# roles.py: the roles that administer the site, and what they may do
#
# For `invenio shell`. Makes what is missing and leaves the rest alone, so it can be run again.
from invenio_access.models import ActionRoles
from invenio_access.proxies import current_access
from invenio_accounts.proxies import current_datastore
from invenio_db import db

ROLES = {
    "admin": "superuser-access",
    "administration": "administration-access",
    "administration-moderation": "administration-moderation",
}

for name, action_name in ROLES.items():
    role = current_datastore.find_role(name)
    if role is None:
        # The id is given, because some versions would otherwise invent one where others use the name.
        role = current_datastore.create_role(id=name, name=name)
        current_datastore.commit()
    action = current_access.actions[action_name]
    if ActionRoles.query_by_action(action).filter_by(role_id=role.id).count() == 0:
        db.session.add(ActionRoles.allow(action, role_id=role.id))
        db.session.commit()
    print(f"role {name}: {action_name}")
# end of roles.py
