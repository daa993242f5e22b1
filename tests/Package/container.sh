#!/usr/bin/env bash
# The container's second stage from a local base, by buildah, and run by podman as deploy/compose.yaml says: it gets healthy, and hands the wall over.
# The first stage (the build) is what './blackwall package' made. Needs root, buildah, podman and runc, and the root file system of machine.sh.
#
# usage: container.sh DIST
set -euo pipefail

DIST=$(realpath "$1")
HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/machine.sh"
NAME=bwc$$
CONTEXT=$(mktemp -d)
PINS=/sys/fs/bpf/$NAME
wrong=0
export STORAGE_DRIVER=vfs

clean() {
    podman rm --force "$NAME" >/dev/null 2>&1 || true
    podman volume rm --force "$NAME" >/dev/null 2>&1 || true
    buildah rmi "localhost/$NAME" "localhost/$NAME-base" >/dev/null 2>&1 || true
    ip netns delete "$NAME" 2>/dev/null || true
    rm -rf "$PINS" "$CONTEXT"
}
trap clean EXIT

check() {
    local what=$1
    shift
    if "$@" >"$CONTEXT/said" 2>&1; then printf 'ok     %s\n' "$what"; else wrong=$((wrong + 1)); printf 'WRONG  %s\n' "$what"; tail -n 10 "$CONTEXT/said"; fi
}

machine_make
base=$(buildah from scratch)
buildah add --quiet "$base" "$MACHINE_ROOT" / >/dev/null
buildah commit --quiet "$base" "localhost/$NAME-base" >/dev/null
buildah rm "$base" >/dev/null

mkdir "$CONTEXT/tree"
tar -xJf "$DIST"/blackwall-*-linux-x64.tar.xz -C "$CONTEXT/tree" --strip-components=1
# The base has what the image would install.
{ echo 'ARG BASE_IMAGE'; sed -n '/^FROM ${BASE_IMAGE}/,$p' "$HERE/../../Dockerfile" | sed 's:COPY --from=build /tree:COPY tree:; /^RUN apt-get/,/lists/d'; } >"$CONTEXT/Dockerfile"
check "the second stage builds" buildah bud --format docker --isolation chroot --build-arg "BASE_IMAGE=localhost/$NAME-base" --tag "localhost/$NAME" "$CONTEXT"

ip netns add "$NAME"
ip -n "$NAME" link set lo up
ip -n "$NAME" link add eth0 type veth peer name eth1
ip -n "$NAME" address add 10.77.1.1/24 dev eth0
ip -n "$NAME" link set eth0 up
ip -n "$NAME" link set eth1 up
# The default filter of podman 4.3 (Debian 12) wants CAP_SYS_ADMIN for bpf(2).
check "it starts" podman --cgroup-manager=cgroupfs --runtime runc run --detach --name "$NAME" --network "ns:/run/netns/$NAME" --pid host --read-only --tmpfs /tmp \
    --ulimit nofile=1024:1024 --ulimit nproc=4096:4096 --security-opt no-new-privileges --security-opt seccomp=unconfined \
    --cap-drop ALL --cap-add BPF,PERFMON,NET_ADMIN,NET_RAW,SYS_PTRACE,DAC_READ_SEARCH \
    --volume /sys/fs/bpf:/sys/fs/bpf --volume "$NAME:/var/lib/blackwall" "localhost/$NAME" run --set "network.pin_path=$PINS"
check "its health check passes" machine_until 30 'it is healthy' podman --cgroup-manager=cgroupfs healthcheck run "$NAME"
check "it hands the wall over" podman --cgroup-manager=cgroupfs exec "$NAME" blackwall handover
check "it has ended" machine_until 10 'it ends' bash -c "podman ps --all --filter name=$NAME --format '{{.Status}}' | grep -q 'Exited (0)'"
check "the wall stands without it" test -e "$PINS/eth0/link-xdp"
printf '%d wrong\n' "$wrong"
[[ $wrong -eq 0 ]]
