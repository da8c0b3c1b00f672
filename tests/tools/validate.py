"""Check rendered manifests against Kubernetes' own schemas, with unknown fields refused.

    validate.py --versions 1.31,1.32 PATH...

One process for all documents and versions: most of the time goes into loading schemas. Unlike the command line of
kubernetes-validate, an unknown kind or a file that does not parse is a failure here. Each failure is a line; the last line is
"N documents, M checks, K failures". Exit code 1 means failures, 2 a wrong call.
"""

import argparse
import functools
import json
import pathlib
import sys

import jsonschema
import kubernetes_validate
import referencing
import yaml

SCHEMAS = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"


class UniqueKeys(yaml.CSafeLoader):
    """PyYAML keeps the last of two equal keys in silence; a cluster's parser refuses them."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} appears twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def folder(version):
    return SCHEMAS / f"v{version}.0-local-strict"


@functools.cache
def definitions(version):
    contents = json.loads((folder(version) / "_definitions.json").read_text())
    return referencing.Registry().with_resource(contents["$id"], referencing.Resource.from_contents(contents))


@functools.cache
def validator(version, api_version, kind):
    """The validator of a kind, or None when this version does not serve it under exactly this group."""
    group, _, served = api_version.rpartition("/")
    stem = "-".join(part for part in (kind.lower(), group.partition(".")[0], served) if part)
    file = folder(version) / f"{stem}.json"
    if not file.is_file():
        return None
    schema = json.loads(file.read_text())
    wanted = {"group": group, "version": served, "kind": kind}
    if wanted not in schema.get("x-kubernetes-group-version-kind", []):
        return None
    return jsonschema.Draft202012Validator(schema, registry=definitions(version))


def complaints(document, version):
    if not isinstance(document, dict):
        return ["not a mapping"]
    api_version, kind = document.get("apiVersion"), document.get("kind")
    metadata = document.get("metadata")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return ["apiVersion or kind is missing or no string"]
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str) or not metadata["name"]:
        return ["metadata.name is missing or no string"]
    found = validator(version, api_version, kind)
    if found is None:
        return [f"no schema for {kind} of {api_version}"]
    errors = sorted(found.iter_errors(document), key=lambda error: [str(part) for part in error.absolute_path])
    return [f"{'.'.join(str(part) for part in error.absolute_path) or '(top)'}: {error.message}" for error in errors]


def name(document):
    if not isinstance(document, dict):
        return type(document).__name__
    metadata = document.get("metadata")
    return f"{document.get('kind')}/{metadata.get('name') if isinstance(metadata, dict) else None}"


def yaml_files(path):
    return sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--versions", required=True, type=lambda text: text.split(","))
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    for version in arguments.versions:
        if not folder(version).is_dir():
            parser.error(f"no schemas for Kubernetes {version}")

    documents = checks = failures = 0
    known = {}  # Profiles share most documents; an equal one has equal complaints.

    def fail(line):
        nonlocal failures
        failures += 1
        print(line)

    for path in (file for root in arguments.paths for file in yaml_files(root)):
        try:
            loaded = list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=UniqueKeys))
        except (OSError, UnicodeError, yaml.YAMLError) as error:
            fail(f"{path}: does not parse: {' '.join(str(error).split())}")
            continue
        for document in loaded:
            documents += 1
            content = json.dumps(document, default=str)
            for version in arguments.versions:
                checks += 1
                if (version, content) not in known:
                    known[version, content] = complaints(document, version)
                for complaint in known[version, content]:
                    fail(f"{path}: {name(document)}: Kubernetes {version}: {complaint}")
    print(f"{documents} documents, {checks} checks, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
