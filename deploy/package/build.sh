#!/usr/bin/env bash
# Builds the packages from the tree that this file lies in; './blackwall package' calls it in a fresh copy of a commit. What comes out depends on the
# commit and on nothing else: not on the path, the time or the user.
#
# usage: build.sh OUTPUT COMMIT; SOURCE_DATE_EPOCH is the commit's time.
set -euo pipefail
export LC_ALL=C TZ=UTC DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
umask 022

TREE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
OUTPUT=$1
COMMIT=$2
: "${SOURCE_DATE_EPOCH:?the time of the commit in seconds}"
readonly TREE OUTPUT COMMIT RUNTIME=linux-x64
VERSION=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$TREE/Directory.Build.props")
readonly VERSION
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
readonly STAGE=$WORK/stage PROGRAM=$WORK/stage/usr/lib/blackwall

say() { printf '%s\n' "$*" >&2; }

# $1: project, $2: folder, further: MSBuild options.
publish() {
    local project=$1 folder=$2
    shift 2
    (cd "$TREE" && dotnet publish "$project" -c Release -r "$RUNTIME" -o "$folder" -v quiet -nologo \
        -p:ContinuousIntegrationBuild=true "-p:PathMap=$TREE/=/_/" -p:DebugType=none -p:DebugSymbols=false \
        -p:SourceRevisionId="$COMMIT" -p:RunAnalyzers=false -p:PublishReferencesDocumentationFiles=false "$@" >&2)
}

publish_programs() {
    say "Publishing the appliance"
    publish src/Appliance/Appliance.csproj "$WORK/appliance" --self-contained true -p:PublishReadyToRun=true
    say "Publishing the console"
    publish src/Tui/Tui.csproj "$WORK/tui" --self-contained true -p:PublishReadyToRun=true
    say "Publishing the command line"
    publish src/Cli/Cli.csproj "$WORK/cli"
    mkdir -p "$PROGRAM"
    cp -a "$WORK/appliance/." "$PROGRAM/"
    # One runtime for both: what the console brings and the appliance has is the same file, or the build is wrong.
    local file name
    while IFS= read -r -d '' file; do
        name=${file#"$WORK/tui/"}
        if [[ ! -e $PROGRAM/$name ]]; then
            mkdir -p "$(dirname "$PROGRAM/$name")"
            cp -a "$file" "$PROGRAM/$name"
        elif ! cmp -s "$file" "$PROGRAM/$name"; then
            say "The console and the appliance bring different files $name."
            exit 1
        fi
    done < <(find "$WORK/tui" -type f -print0)
    cp -a "$WORK/cli/blackwall" "$PROGRAM/blackwall"
    # Only debuggers and tracers of other systems use these.
    rm -f "$PROGRAM"/createdump "$PROGRAM"/libmscordbi.so "$PROGRAM"/libmscordaccore.so "$PROGRAM"/libcoreclrtraceptprovider.so "$PROGRAM"/*.staticwebassets.endpoints.json
    find "$PROGRAM" -type f -exec chmod 0644 {} +
    chmod 0755 "$PROGRAM"/blackwall "$PROGRAM"/blackwall-appliance "$PROGRAM"/blackwall-tui
}

stage_files() {
    local share=$STAGE/usr/share doc=$STAGE/usr/share/doc/blackwall
    mkdir -p "$STAGE"/{usr/bin,usr/lib/systemd/system,usr/lib/sysusers.d,usr/lib/tmpfiles.d,etc/blackwall} "$doc" "$share/blackwall"
    ln -s ../lib/blackwall/blackwall "$STAGE/usr/bin/blackwall"
    install -m 0644 "$TREE"/deploy/systemd/*.service "$TREE"/deploy/systemd/*.socket "$STAGE/usr/lib/systemd/system/"
    install -m 0644 "$TREE/deploy/systemd/blackwall.sysusers" "$STAGE/usr/lib/sysusers.d/blackwall.conf"
    install -m 0644 "$TREE/deploy/systemd/blackwall.tmpfiles" "$STAGE/usr/lib/tmpfiles.d/blackwall.conf"
    "$PROGRAM/blackwall-appliance" settings toml >"$STAGE/etc/blackwall/blackwall.toml"
    chmod 0640 "$STAGE/etc/blackwall/blackwall.toml"
    mkdir -p "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d"
    "$PROGRAM/blackwall" generate man "$share/man/man1"
    "$PROGRAM/blackwall" generate bash "$share/bash-completion/completions"
    "$PROGRAM/blackwall" generate zsh "$share/zsh/vendor-completions"
    "$PROGRAM/blackwall" generate fish "$share/fish/vendor_completions.d"
    find "$share/man" -type f -name '*.[1-8]' -exec gzip -9n {} +
    cp -r "$TREE/deploy/grafana" "$share/blackwall/"
    install -m 0644 "$TREE"/docs/*.md "$TREE/README.md" "$doc/"
    gzip -9nc "$TREE/CHANGELOG.md" >"$doc/changelog.gz"
    python3 "$TREE/deploy/package/inventory.py" "$VERSION" "$COMMIT" "$doc/sbom.cdx.json" "$doc/copyright" \
        "$TREE/LICENSE" "$TREE/bpf/LICENSE" "$WORK/appliance" "$WORK/tui" "$TREE/src/Cli/obj"
    find "$STAGE" -type d -exec chmod 0755 {} +
    find "$share" -type f -exec chmod 0644 {} +
}

same_times() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

pack_deb() {
    local control=$STAGE/DEBIAN name steps size
    mkdir -p "$control"
    size=$(du -sk --apparent-size --exclude=DEBIAN "$STAGE" | cut -f1)
    sed -e "s/@VERSION@/$VERSION/" -e "s/@SIZE@/$size/" "$TREE/deploy/debian/control.in" >"$control/control"
    cp "$TREE/deploy/debian/conffiles" "$control/conffiles"
    steps=$("$PROGRAM/blackwall-appliance" check-state --list)
    for name in preinst postinst prerm postrm; do
        awk -v steps="$steps" -v version="$VERSION" '$0 == "@STEPS@" { print steps; next } { gsub("@VERSION@", version); print }' \
            "$TREE/deploy/debian/$name.in" >"$control/$name"
        chmod 0755 "$control/$name"
    done
    (cd "$STAGE" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    chmod 0644 "$control"/control "$control"/conffiles "$control"/md5sums
    same_times "$STAGE"
    # One thread: how many there are would show in the result.
    dpkg-deb --root-owner-group -Zxz -z6 --threads-max=1 --build "$STAGE" "$OUTPUT/blackwall_${VERSION}_amd64.deb" >&2
    rm -rf "$control"
}

pack_tar() {
    same_times "$STAGE"
    tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=posix \
        --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
        --transform "flags=r;s:^\.:blackwall-$VERSION:" -C "$STAGE" -c . | xz -6 -T1 >"$OUTPUT/blackwall-$VERSION-$RUNTIME.tar.xz"
}

mkdir -p "$OUTPUT"
publish_programs
stage_files
say "Packing"
pack_deb
pack_tar
cp "$STAGE/usr/share/doc/blackwall/sbom.cdx.json" "$OUTPUT/blackwall-$VERSION.sbom.cdx.json"
cp "$STAGE/usr/share/doc/blackwall/copyright" "$OUTPUT/blackwall-$VERSION.licences.txt"
(cd "$OUTPUT" && sha256sum "blackwall_${VERSION}_amd64.deb" "blackwall-$VERSION-$RUNTIME.tar.xz" "blackwall-$VERSION.sbom.cdx.json" "blackwall-$VERSION.licences.txt" >SHA256SUMS)
