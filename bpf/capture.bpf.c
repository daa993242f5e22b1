/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filter of the capture's packet socket: bytes to keep of a frame, 0 for nearly all of them. It lets through what
 * comes from or goes to a source in CAPTURE_SOURCES, at that source's own rate, and nothing of the management plane:
 * no guarded peer, and of this machine's own addresses only ports that are known not to manage it.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "abi.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define SOURCES_MAX 4096
#define GUARDED_MAX 65536
#define OWN_MAX 1024
#define PORTS_MAX 64
#define TAGS_MAX 2
#define ETH_P_8021Q_OLD 0x9100
#define EXTENSIONS_MAX 8
#define OUTGOING 4 /* PACKET_OUTGOING of linux/if_packet.h */
#define V4_BITS 96 /* what the v4-mapped form adds to a prefix */

/* Addresses that are captured, IPv4 as ::ffff:a.b.c.d: nearly all are one host, and a trie of many costs every packet. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SOURCES_MAX);
	__uint(key_size, 16);
	__type(value, struct bw_capture);
} CAPTURE_HOSTS SEC(".maps");

/* Prefixes that are captured, by the longest; IPv4 in ::ffff:0:0/96. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, SOURCES_MAX);
	__type(key, struct bw_prefix6);
	__type(value, struct bw_capture);
} CAPTURE_SOURCES SEC(".maps");

/* Who manages this machine, and what it needs to live: never captured, at either end. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, GUARDED_MAX);
	__type(key, struct bw_prefix6);
	__type(value, __u8);
} CAPTURE_GUARDED SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OWN_MAX);
	__uint(key_size, 16);
	__uint(value_size, 1);
} CAPTURE_OWN SEC(".maps");

/* Ports of the management plane on our own addresses, network order. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PORTS_MAX);
	__type(key, __be16);
	__type(value, __u8);
} CAPTURE_PORTS SEC(".maps");

/* How many there are of either: mostly none. */
#define HOSTS 0
#define PREFIXES 1
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} CAPTURE_COUNTS SEC(".maps");

struct ends {
	struct bw_prefix6 source;
	struct bw_prefix6 destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 understood; /* ports are known, or there are none and nothing is quoted */
};

static __always_inline void transport(struct __sk_buff *skb, __u32 offset, __u8 protocol, struct ends *e)
{
	__be16 ports[2];
	__u8 type;

	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) {
		if (bpf_skb_load_bytes(skb, offset, ports, sizeof(ports)))
			return;
		e->source_port = ports[0];
		e->destination_port = ports[1];
		e->understood = 1;
	} else if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) {
		if (bpf_skb_load_bytes(skb, offset, &type, 1))
			return;
		/* Errors quote a packet of somebody else's session. */
		e->understood = protocol == IPPROTO_ICMP ? type == 8 || type == 0 : type >= 128;
	}
}

static __always_inline int ipv4_ends(struct __sk_buff *skb, __u32 at, struct ends *e)
{
	__u8 h[20];

	if (bpf_skb_load_bytes(skb, at, h, sizeof(h)))
		return 0;
	e->source.address[10] = e->source.address[11] = 0xff;
	e->destination.address[10] = e->destination.address[11] = 0xff;
	__builtin_memcpy(e->source.address + 12, h + 12, 4);
	__builtin_memcpy(e->destination.address + 12, h + 16, 4);
	/* A later fragment has no ports. */
	if (!((h[6] << 8 | h[7]) & 0x1fff))
		transport(skb, at + (h[0] & 15) * 4, h[9], e);
	return 1;
}

static __always_inline int ipv6_ends(struct __sk_buff *skb, __u32 at, struct ends *e)
{
	__u8 h[40], next;
	__u32 offset = at + sizeof(h);
	int i;

	if (bpf_skb_load_bytes(skb, at, h, sizeof(h)))
		return 0;
	__builtin_memcpy(e->source.address, h + 8, 16);
	__builtin_memcpy(e->destination.address, h + 24, 16);
	next = h[6];
	for (i = 0; i < EXTENSIONS_MAX; i++) {
		__u8 x[4];

		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS && next != IPPROTO_FRAGMENT)
			break;
		if (bpf_skb_load_bytes(skb, offset, x, sizeof(x)))
			return 1;
		if (next == IPPROTO_FRAGMENT) {
			if ((x[2] << 8 | x[3]) & 0xfff8)
				return 1;
			offset += 8;
		} else {
			offset += (x[1] + 1) * 8;
		}
		next = x[0];
	}
	transport(skb, offset, next, e);
	return 1;
}

static __always_inline int find_ends(struct __sk_buff *skb, struct ends *e)
{
	__u32 offset = 12;
	__be16 type;
	int i;

	e->source.length = e->destination.length = 128;
	for (i = 0; i <= TAGS_MAX; i++) {
		if (bpf_skb_load_bytes(skb, offset, &type, sizeof(type)))
			return 0;
		offset += 2;
		if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD) && type != bpf_htons(ETH_P_8021Q_OLD))
			break;
		offset += 2;
	}
	if (type == bpf_htons(ETH_P_IP))
		return ipv4_ends(skb, offset, e);
	return type == bpf_htons(ETH_P_IPV6) ? ipv6_ends(skb, offset, e) : 0;
}

static __always_inline int is_management(const struct bw_prefix6 *local, __be16 port, const struct ends *e)
{
	if (bpf_map_lookup_elem(&CAPTURE_GUARDED, &e->source) || bpf_map_lookup_elem(&CAPTURE_GUARDED, &e->destination))
		return 1;
	if (!bpf_map_lookup_elem(&CAPTURE_OWN, local->address))
		return 0;
	return !e->understood || bpf_map_lookup_elem(&CAPTURE_PORTS, &port);
}

static __always_inline __u32 count_of(__u32 kind)
{
	__u32 *count = bpf_map_lookup_elem(&CAPTURE_COUNTS, &kind);

	return count ? *count : 0;
}

static __always_inline struct bw_capture *wanted_of(const struct bw_prefix6 *remote, const struct bw_prefix6 *local)
{
	struct bw_capture *wanted = bpf_map_lookup_elem(&CAPTURE_HOSTS, remote->address);

	if (!wanted)
		wanted = bpf_map_lookup_elem(&CAPTURE_HOSTS, local->address);
	if (wanted || !count_of(PREFIXES))
		return wanted;
	wanted = bpf_map_lookup_elem(&CAPTURE_SOURCES, remote);
	return wanted ? wanted : bpf_map_lookup_elem(&CAPTURE_SOURCES, local);
}

SEC("socket")
int capture(struct __sk_buff *skb)
{
	struct ends e = {};
	struct bw_capture *wanted;
	int out = skb->pkt_type == OUTGOING;
	__u64 now, next;

	if ((!count_of(HOSTS) && !count_of(PREFIXES)) || !find_ends(skb, &e))
		return 0;
	wanted = out ? wanted_of(&e.destination, &e.source) : wanted_of(&e.source, &e.destination);
	if (!wanted)
		return 0;
	now = bpf_ktime_get_boot_ns();
	if (now >= wanted->expiry_ns)
		return 0;
	if (is_management(out ? &e.source : &e.destination, out ? e.source_port : e.destination_port, &e))
		return 0;
	next = wanted->theoretical_ns > now ? wanted->theoretical_ns : now;
	if (next - now > wanted->burst_ns) {
		__sync_fetch_and_add(&wanted->held, 1);
		return 0;
	}
	wanted->theoretical_ns = next + wanted->interval_ns;
	return wanted->snap;
}
