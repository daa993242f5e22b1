#!/usr/bin/env bash
# Looks into packages that were built ('./blackwall package --check' calls it): contents, modes, no path of the machine that built them, size, and
# that two builds of one commit are the same bytes.
#
# usage: check.sh DIST [SECOND-DIST]
set -euo pipefail
export LC_ALL=C

DIST=$(realpath "$1")
SECOND=${2:-}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
readonly LARGEST=$((60 * 1000 * 1000))
checks=0 wrong=0

# $1: what is so, further: a command that succeeds when it is.
check() {
    local what=$1
    shift
    checks=$((checks + 1))
    if "$@" >"$WORK/said" 2>&1; then
        printf 'ok     %s\n' "$what"
    else
        wrong=$((wrong + 1))
        printf 'WRONG  %s\n' "$what"
        sed 's/^/       /' "$WORK/said" | head -20
    fi
}

none() { if grep -q . "$1"; then cat "$1"; return 1; fi; }

has() { [[ -e $TREE/$1 || -L $TREE/$1 ]]; }

DEB=$(ls "$DIST"/blackwall_*_amd64.deb)
TREE=$WORK/tree
mkdir -p "$TREE" "$WORK/control" "$WORK/tar"
dpkg-deb -x "$DEB" "$TREE"
dpkg-deb -e "$DEB" "$WORK/control"
tar -xf "$DIST"/blackwall-*-linux-x64.tar.xz -C "$WORK/tar" --strip-components=1

check "the checksums are right" bash -c "cd '$DIST' && sha256sum --check --quiet SHA256SUMS"
check "the .deb has at most 60 MB ($(stat -c %s "$DEB") bytes)" test "$(stat -c %s "$DEB")" -le "$LARGEST"
for file in usr/bin/blackwall usr/lib/blackwall/blackwall usr/lib/blackwall/blackwall-appliance usr/lib/blackwall/blackwall-tui \
    usr/lib/blackwall/bpf/ingress.bpf.o usr/lib/blackwall/bpf/egress.bpf.o usr/lib/blackwall/bpf/capture.bpf.o usr/lib/blackwall/dpi-rules \
    usr/lib/systemd/system/blackwall.service usr/lib/systemd/system/blackwall-tarpit.socket usr/lib/systemd/system/blackwall-tarpit@.service \
    usr/lib/sysusers.d/blackwall.conf usr/lib/tmpfiles.d/blackwall.conf etc/blackwall/blackwall.toml \
    usr/share/doc/blackwall/copyright usr/share/doc/blackwall/sbom.cdx.json usr/share/doc/blackwall/INSTALL.md usr/share/doc/blackwall/OPERATE.md \
    usr/share/man/man1/blackwall.1.gz usr/share/bash-completion/completions/blackwall usr/share/zsh/vendor-completions/_blackwall \
    usr/share/fish/vendor_completions.d/blackwall.fish; do
    check "$file is there" has "$file"
done
check "everything belongs to root" bash -c "! dpkg-deb -c '$DEB' | awk '\$2 != \"root/root\"' | grep ."
check "nobody but root may write anything" bash -c "! find '$TREE' ! -type l -perm /022 | grep ."
check "there are no debug symbols and no sources" bash -c "! find '$TREE' -name '*.pdb' -o -name '*.dbg' -o -name '*.cs' | grep ."
check "the configuration is a conffile" grep -qx /etc/blackwall/blackwall.toml "$WORK/control/conffiles"
check "the tarball holds the same files" diff -r --no-dereference "$TREE" "$WORK/tar"

# The folders in which packages are built, this checkout, and the cache of packages.
grep -rlaF -e /tmp/tmp. -e "$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/" -e .nuget/packages "$TREE" >"$WORK/paths" || true
check "no file names a path of the machine that built it" none "$WORK/paths"

# Objects: only versions of the C library that Debian 12 has.
find "$TREE/usr/lib/blackwall" -type f \( -name '*.so' -o -perm -100 \) -exec objdump -T {} + 2>/dev/null | grep -o 'GLIBC_2\.[0-9]*' | sort -u -V | awk -F. '$2 > 36' >"$WORK/glibc" || true
check "no program needs a C library newer than 2.36" none "$WORK/glibc"

check "the SBOM is CycloneDX and every component has a licence" python3 - "$TREE/usr/share/doc/blackwall/sbom.cdx.json" <<'PY'
import json, sys
sbom = json.load(open(sys.argv[1], encoding="utf-8"))
assert sbom["bomFormat"] == "CycloneDX" and len(sbom["components"]) > 20, len(sbom["components"])
assert all(component["licenses"] and component["version"] for component in sbom["components"])
names = {component["name"].lower() for component in sbom["components"]}
assert {"libsodium", "sqlite", "microsoft.netcore.app.runtime.linux-x64", "system.commandline"} <= names, names
PY
for script in preinst postinst prerm postrm; do
    check "$script is a valid script" sh -n "$WORK/control/$script"
done
check "preinst knows the steps of the database" grep -qx 'storage/1' "$WORK/control/preinst"
if [[ -n $SECOND ]]; then
    for file in "$DIST"/blackwall*; do
        check "$(basename "$file") is the same in a second build at another path" cmp "$file" "$SECOND/$(basename "$file")"
    done
fi
printf '%d checks, %d wrong\n' "$checks" "$wrong"
[[ $wrong -eq 0 ]]
