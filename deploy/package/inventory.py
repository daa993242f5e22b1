#!/usr/bin/env python3
"""Writes what the package consists of, from what was published: a CycloneDX SBOM and the licences.

usage: inventory.py VERSION COMMIT SBOM LICENCES OWN-LICENCE BPF-LICENCE FOLDER...

Folders are those of published programs, and of NuGet's list (project.assets.json) of a natively compiled one. Components come from the *.deps.json
of the published programs and from those lists, their licences from the packages in the NuGet cache. A component
without a licence is an error. SOURCE_DATE_EPOCH is the time in the SBOM.
"""
import datetime
import glob
import json
import os
import re
import sys
import uuid
import xml.etree.ElementTree as xml

CACHE = os.environ.get("NUGET_PACKAGES") or os.path.expanduser("~/.nuget/packages")

# Licences of packages that only link to their text; looked up at the address that the package names.
BY_NAME = {
    "sqlitepclraw.bundle_e_sqlite3": "Apache-2.0",
    "sqlitepclraw.core": "Apache-2.0",
    "sqlitepclraw.lib.e_sqlite3": "Apache-2.0",
    "sqlitepclraw.provider.e_sqlite3": "Apache-2.0",
}

# Native libraries inside packages whose own licence differs from the package's.
NATIVE = [
    {"file": "libe_sqlite3.so", "name": "SQLite", "licence": "blessing", "from": "sqlitepclraw.lib.e_sqlite3"},
    {"file": "libsodium.so", "name": "libsodium", "licence": "ISC", "from": "libsodium"},
]


def published(folders):
    """(id, version) of each package in the published programs."""
    found = set()
    for folder in folders:
        for file in glob.glob(os.path.join(folder, "*.deps.json")):
            with open(file, encoding="utf-8") as text:
                libraries = json.load(text)["libraries"]
            for key, value in libraries.items():
                name, version = key.split("/")
                if value["type"] == "package":
                    found.add((name, version))
                elif value["type"] == "runtimepack":
                    found.add((name.removeprefix("runtimepack."), version))
    return sorted(found, key=lambda component: (component[0].lower(), component[1]))


def compiled(folders):
    """Packages that a natively compiled program was made of: it has no deps.json, so NuGet's list of its project tells."""
    found = set()
    for folder in folders:
        for file in glob.glob(os.path.join(folder, "project.assets.json")):
            with open(file, encoding="utf-8") as text:
                assets = json.load(text)
            for target in assets["targets"].values():
                found.update(tuple(key.split("/")) for key, value in target.items() if value["type"] == "package" and value.get("runtime"))
            for framework in assets["project"]["frameworks"].values():
                found.update((pack["name"], pack["version"].strip("[]").split(",")[0])
                             for pack in framework.get("downloadDependencies", []) if ".NativeAOT." in pack["name"])
    return found


def licence_of(name, version):
    """SPDX expression, copyright line, and the texts that the package brings."""
    folder = os.path.join(CACHE, name.lower(), version.lower())
    nuspec = glob.glob(os.path.join(folder, "*.nuspec"))
    if not nuspec:
        sys.exit(f"{name} {version} is not in {CACHE}.")
    expression, copyright_line, named = None, "", set()
    for element in xml.parse(nuspec[0]).getroot().iter():
        tag = element.tag.split("}")[-1]
        if tag == "license" and element.get("type") == "expression":
            expression = element.text.strip()
        elif tag == "license" and element.get("type") == "file":
            named.add(element.text.strip().replace("\\", "/"))
        elif tag == "copyright" and element.text:
            copyright_line = " ".join(element.text.split())
    texts = {}
    for root, _, files in os.walk(folder):
        for file in files:
            relative = os.path.relpath(os.path.join(root, file), folder)
            if relative in named or (root == folder and re.fullmatch(r"(licen[sc]e|third-party-notices|notice|copying)(\.(txt|md))?", file, re.IGNORECASE)):
                with open(os.path.join(root, file), encoding="utf-8-sig", errors="replace") as text:
                    texts[relative] = text.read().replace("\r\n", "\n").rstrip() + "\n"
    if expression is None:
        expression = BY_NAME.get(name.lower())
    if expression is None:
        first = "\n".join(texts.values())
        expression = ("MIT" if "MIT License" in first or "Permission is hereby granted, free of charge" in first
                      else "Apache-2.0" if "Apache License" in first
                      else "ISC" if "ISC License" in first else None)
    if expression is None:
        sys.exit(f"{name} {version} states no licence that is understood; add it to BY_NAME after reading it.")
    return expression, copyright_line, texts


def main():
    version, commit, sbom, report, own, bpf, *folders = sys.argv[1:]
    time = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    components, sections = [], []
    packages = sorted(set(published(folders)) | compiled(folders), key=lambda component: (component[0].lower(), component[1]))
    for name, package_version in packages:
        expression, copyright_line, texts = licence_of(name, package_version)
        purl = f"pkg:nuget/{name}@{package_version}"
        components.append({
            "type": "library", "bom-ref": purl, "name": name, "version": package_version, "purl": purl,
            "licenses": [{"expression": expression}], **({"copyright": copyright_line} if copyright_line else {}),
        })
        sections.append((f"{name} {package_version}", expression, copyright_line, texts))
    for native in NATIVE:
        if any(os.path.exists(os.path.join(folder, native["file"])) for folder in folders):
            package_version = next(v for n, v in packages if n.lower() == native["from"])
            reference = f"pkg:generic/{native['name'].lower()}?from=nuget-{native['from']}-{package_version}"
            components.append({"type": "library", "bom-ref": reference, "name": native["name"], "version": package_version,
                               "purl": reference, "licenses": [{"license": {"id": native["licence"]}}],
                               "description": f"{native['file']}, as the package {native['from']} {package_version} brings it"})
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'blackwall/{version}/{commit}')}",
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": "blackwall", "name": "blackwall", "version": version,
                          "licenses": [{"license": {"id": "Apache-2.0"}}],
                          "properties": [{"name": "blackwall:commit", "value": commit}]},
        },
        "components": components,
        "dependencies": [{"ref": "blackwall", "dependsOn": [component["bom-ref"] for component in components]}],
    }
    with open(sbom, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2, ensure_ascii=False)
        file.write("\n")
    with open(report, "w", encoding="utf-8") as file:
        file.write(f"Blackwall {version}\n\nThe programs: Apache-2.0. The kernel programs (bpf/*.o): GPL-2.0-only or BSD-2-Clause, at your choice.\n"
                   "Their sources are in the repository of Blackwall. What the package contains of others, by name:\n\n")
        for title, expression, copyright_line, _ in sections:
            file.write(f"  {title}: {expression}{f' ({copyright_line})' if copyright_line else ''}\n")
        file.write("\nlibe_sqlite3.so contains SQLite, which is in the public domain; libsodium.so is under the ISC licence.\n")
        file.write("libbpf and OpenSSL are not contained; they are the system's.\n")
        for heading, path in (("Blackwall", own), ("Kernel programs", bpf)):
            with open(path, encoding="utf-8") as text:
                file.write(f"\n{'=' * 78}\n{heading}\n{'=' * 78}\n\n{text.read().rstrip()}\n")
        told = {}
        for title, _, _, texts in sections:
            for name, text in texts.items():
                told.setdefault(text, []).append(f"{title}: {name}")
        for text, titles in told.items():
            file.write(f"\n{'=' * 78}\n" + "\n".join(titles) + f"\n{'=' * 78}\n\n{text}")


main()
