"""Walks a TAXII 2.1 server with OASIS's client and judges every object by OASIS's schemas.

usage: walk.py URL USER PASSWORD; prints what it found as one JSON object.
"""
import collections
import json
import pathlib
import sys
import uuid

import jsonschema
from taxii2client.v21 import Server, as_pages

HERE = pathlib.Path(__file__).parent
SCHEMAS = {}
for file in (HERE / "schemas").rglob("*.json"):
    schema = json.loads(file.read_text())
    SCHEMAS[schema["$id"]] = schema
BY_TYPE = {schema["title"]: schema for identifier, schema in SCHEMAS.items() if "/common/" not in identifier}
for name in ("marking-definition", "extension-definition"):
    BY_TYPE[name] = next(schema for identifier, schema in SCHEMAS.items() if identifier.endswith(f"/common/{name}.json"))


VALIDATORS = {}


def judge(one):
    kind = one["type"]
    if kind not in VALIDATORS:
        schema = BY_TYPE[kind]
        resolver = jsonschema.RefResolver(schema["$id"], schema, store=SCHEMAS, handlers={"http": lambda uri: SCHEMAS[uri]})
        VALIDATORS[kind] = jsonschema.Draft202012Validator(schema, resolver=resolver)
    return [f"{one['id']}: {error.message}" for error in VALIDATORS[kind].iter_errors(one)]


def walk(collection, per_request):
    objects = []
    for page in as_pages(collection.get_objects, per_request=per_request):
        objects += page.get("objects", [])
    return objects


url, user, password = sys.argv[1:4]
server = Server(url, user=user, password=password)
root = server.default
local, shared = root.collections
objects = walk(local, 7)
known = {one["id"] for one in objects}
dangling = [
    f"{one['id']}.{name} -> {target}"
    for one in objects
    for name, value in one.items()
    if name.endswith("_ref") or name.endswith("_refs")
    for target in ([value] if isinstance(value, str) else value)
    if target not in known
]
manifest = []
for page in as_pages(local.get_manifest, per_request=5):
    manifest += page.get("objects", [])

indicator = {
    "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
    "modified": "2026-01-01T00:00:00.000Z", "pattern": "[ipv4-addr:value = '93.184.216.34']", "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
}
second = dict(indicator, modified="2026-01-02T00:00:00.5Z", confidence=80)
status = shared.add_objects({"objects": [indicator, second, {"type": "indicator", "id": "nonsense"}]})
asked = root.get_status(status.id)
versions = shared.object_versions(indicator["id"])["versions"]
first = shared.get_object(indicator["id"], version="first")["objects"]
last = shared.get_object(indicator["id"])["objects"]
before = len(walk(shared, 10))
shared.delete_object(indicator["id"])
after = len(walk(shared, 10))
print(json.dumps({
    "title": server.title,
    "objects": len(objects),
    "distinct": len(known),
    "manifest": len(manifest),
    "types": collections.Counter(one["type"] for one in objects),
    "patterns": [one["pattern"] for one in objects if one["type"] == "indicator"],
    "wrong": [problem for one in objects for problem in judge(one)],
    "dangling": dangling,
    "again": walk(local, 1000) == objects,
    "added": [asked.status, asked.success_count, asked.failure_count, asked.pending_count],
    "versions": versions,
    "first": first == [indicator],
    "last": last == [second],
    "left": [before, after],
    "validator": len(judge(dict(indicator, pattern=5))),
}))
