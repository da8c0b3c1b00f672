# indices.py: the search indices of this release that do not exist yet
#
# For `invenio shell`. Stands in for `invenio index init`, which stops at the first index that exists, with --force too. An
# existing index is left as it is: its content and mapping are the business of a migration.
from invenio_search.proxies import current_search, current_search_client
from invenio_search.utils import build_alias_name


def leaves(tree):
    """The indices below a node of InvenioRDM's tree of aliases."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            yield name


def groups(tree):
    """The nodes that have indices below them, each with their names."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield name, list(leaves(value))
            yield from groups(value)


client = current_search_client
for put in (current_search.put_templates, current_search.put_component_templates, current_search.put_index_templates):
    for _ in put():
        pass

wanted = list(leaves(current_search.active_aliases))
missing = [name for name in wanted if not client.indices.exists(index=build_alias_name(name))]
if missing:
    for _ in current_search.create(ignore_existing=True, index_list=missing):
        pass

# The command above would have done this too, had it not been cut off the last time.
for group, members in groups(current_search.active_aliases):
    concrete = []
    for alias in map(build_alias_name, members):
        if client.indices.exists_alias(name=alias):
            concrete += sorted(client.indices.get_alias(name=alias))
        else:
            concrete.append(alias)
    client.indices.put_alias(index=concrete, name=build_alias_name(group))
print(f"indices: {len(missing)} made, {len(wanted) - len(missing)} were there")
# end of indices.py
