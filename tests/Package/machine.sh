# A Debian machine booted with systemd in namespaces of its own, for the tests of the package. Sourced; needs root.
#
#   machine_make         a root file system by debootstrap, from the sources of this machine's apt; BLACKWALL_TEST_ROOT names a folder to keep it in
#   machine_boot         boots it with an overlay above, connected to two networks of hosts outside (net_outside)
#   machine COMMAND...   runs a command on it, as root
#   outside COMMAND...   runs a command on the hosts outside
#   machine_stop         ends everything and removes it
#
# Outside is one namespace with an address for each host: 10.77.0.2 honest, 10.77.0.66 blocked later. The machine is 10.77.0.1.

MACHINE_NAME=bwm$$
MACHINE_WORK=
MACHINE_LEADER=
MACHINE_CGROUP=

machine_say() { printf '%s\n' "$*" >&2; }

machine_make() {
    local root=${BLACKWALL_TEST_ROOT:-/var/cache/blackwall-test/bookworm} source
    MACHINE_ROOT=$root
    [[ ! -e $root/.complete ]] || return 0
    source=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' 'Component: main' 2>/dev/null | head -n 1)
    [[ -n $source ]] || source=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
    rm -rf "$root"
    mkdir -p "$root"
    machine_say "Making a root file system (debootstrap)"
    # What the package depends on is there, because the machine has no way to a package source.
    debootstrap --variant=minbase \
        --include=systemd,systemd-sysv,dbus,libpam-systemd,dbus-user-session,iproute2,iputils-ping,procps,libbpf1,libssl3,libstdc++6,curl,python3,man-db \
        bookworm "$root" "$source" >"$root.log" 2>&1 || { tail -n 5 "$root.log" >&2; return 1; }
    touch "$root/.complete"
}

net_outside() {
    ip netns add "$MACHINE_NAME"
    ip netns add "${MACHINE_NAME}o"
    ip link add "$MACHINE_NAME" netns "$MACHINE_NAME" type veth peer name out0 netns "${MACHINE_NAME}o"
    ip -n "$MACHINE_NAME" link set "$MACHINE_NAME" name eth0
    ip -n "$MACHINE_NAME" link set lo up
    ip -n "$MACHINE_NAME" address add 10.77.0.1/24 dev eth0
    ip -n "$MACHINE_NAME" link set eth0 up
    ip -n "${MACHINE_NAME}o" link set lo up
    ip -n "${MACHINE_NAME}o" address add 10.77.0.2/24 dev out0
    ip -n "${MACHINE_NAME}o" address add 10.77.0.66/24 dev out0
    ip -n "${MACHINE_NAME}o" link set out0 up
}

machine_boot() {
    local tree=$MACHINE_WORK/tree unified
    MACHINE_WORK=$(mktemp -d)
    tree=$MACHINE_WORK/tree
    mkdir -p "$tree" "$MACHINE_WORK"/{upper,work}
    net_outside
    unified=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    MACHINE_CGROUP=$unified/$MACHINE_NAME
    mkdir "$MACHINE_CGROUP"
    cat >"$MACHINE_WORK/boot" <<'BOOT'
#!/bin/bash
set -e
root=$1
mount -t overlay -o "lowerdir=$2,upperdir=$3,workdir=$4" overlay "$root"
cd "$root"
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o nosuid,nodev,noexec sysfs sys
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
# As systemd mounts it on a real machine: for root alone.
mount -t bpf -o mode=700 bpf sys/fs/bpf
mount -t tmpfs -o mode=755 tmpfs dev
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "dev/${device%:*}" c 1 "${device#*:}"; done
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p run/old
pivot_root . run/old
umount -l /run/old
hostname machine
exec env -i container=blackwall-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=journal
BOOT
    chmod +x "$MACHINE_WORK/boot"
    (
        echo $BASHPID >"$MACHINE_CGROUP/cgroup.procs"
        exec nsenter --net="/run/netns/$MACHINE_NAME" unshare --mount --pid --ipc --uts --cgroup --fork --kill-child --propagation private \
            "$MACHINE_WORK/boot" "$tree" "$MACHINE_ROOT" "$MACHINE_WORK/upper" "$MACHINE_WORK/work"
    ) </dev/null >"$MACHINE_WORK/console" 2>&1 &
    MACHINE_PARENT=$!
    machine_until 30 'the machine boots' machine_is_up
}

machine_is_up() {
    MACHINE_LEADER=$(cat "/proc/$MACHINE_PARENT/task/$MACHINE_PARENT/children" 2>/dev/null | awk '{ print $1 }')
    [[ -n $MACHINE_LEADER ]] && machine systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'
}

machine() { nsenter --target "$MACHINE_LEADER" --all --root env -C / -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb DEBIAN_FRONTEND=noninteractive "$@"; }

outside() { ip netns exec "${MACHINE_NAME}o" "$@"; }

# $1: seconds, $2: what is waited for, further: a command that succeeds then.
machine_until() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [[ $SECONDS -ge $deadline ]]; then
            machine_say "Not in time: $what"
            return 1
        fi
        sleep 0.1
    done
}

machine_stop() {
    [[ -z ${MACHINE_PARENT:-} ]] || { kill -KILL "$MACHINE_LEADER" "$MACHINE_PARENT" 2>/dev/null; wait "$MACHINE_PARENT" 2>/dev/null; } || true
    ip netns delete "$MACHINE_NAME" 2>/dev/null || true
    ip netns delete "${MACHINE_NAME}o" 2>/dev/null || true
    if [[ -n $MACHINE_CGROUP && -d $MACHINE_CGROUP ]]; then
        machine_until 10 'its control groups are empty' bash -c "! grep -q 'populated 1' '$MACHINE_CGROUP/cgroup.events'" || true
        find "$MACHINE_CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || true
    fi
    [[ -z $MACHINE_WORK ]] || rm -rf "$MACHINE_WORK"
    MACHINE_PARENT='' MACHINE_WORK=''
}
