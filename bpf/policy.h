/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the policy says of a source address. The appliance writes into each entry the winner over everything that
 * covers its scope, and those that win after it has ended, so one exact look-up and one longest-prefix look-up give the
 * decision of the whole precedence at any time.
 */
#pragma once
#include <bpf/bpf_endian.h>
#include "slot.h"

/* The first span of an entry has ended: 1 when a later one is in force. */
__subprogram int in_force_later(struct packet *p, __u32 slot, __u32 key)
{
	struct bw_cpu *cpu = this_cpu();
	void *map = bpf_map_lookup_elem(&LATER, &slot);
	struct bw_later *later = map ? bpf_map_lookup_elem(map, &key) : 0;
	__u64 now;
	int i;

	if (!p || !cpu || !later)
		return 0;
	now = now_coarse(cpu);
#pragma unroll
	for (i = 0; i < BW_LATER_SPANS; i++) {
		const struct bw_span *span = &later->span[i];

		if (!span->used)
			return 0;
		if (!span->expiry_ns || now < span->expiry_ns) {
			p->decision_id = span->decision_id;
			p->action = span->action;
			p->rank = span->rank;
			return 1;
		}
	}
	return 0;
}

/*
 * Notes in the packet what an entry says at this moment. Ends are judged here, so that a dead appliance cannot block for
 * ever. 0: nothing of this entry is in force.
 */
static __always_inline int in_force(const struct bw_policy *policy, __u32 slot, struct bw_cpu *cpu, struct packet *p)
{
	if (policy->expiry_ns && now_coarse(cpu) >= policy->expiry_ns)
		return policy->later ? in_force_later(p, slot, policy->later) : 0;
	p->decision_id = policy->decision_id;
	p->action = policy->action;
	p->rank = policy->rank;
	return 1;
}

/*
 * Counts a packet that met an entry. A flood would have every packet write to memory that other CPUs read, so from
 * HITS_EXACT on a CPU writes each 64th of its hits for 64; while captures want the first frames of an entry, later.
 */
#define HITS_EXACT 16
#define HITS_SAMPLED 64
#define HITS_CAPTURED 256
#define HIT_DATE_NS 1000000000ull

enum met {
	MET = 1,         /* an entry was met */
	MET_TOLD = 2,    /* its first packet, and each 64th after it: worth an event */
	MET_CAPTURED = 4 /* the same, and its first HITS_CAPTURED while something is captured: worth a frame */
};

static __always_inline int is_capturing(void)
{
	__u32 zero = 0;
	__u64 *capturing = bpf_map_lookup_elem(&CAPTURING, &zero);

	return capturing && *capturing;
}

static __always_inline __u32 hit(struct bw_policy *policy, struct bw_cpu *cpu)
{
	__u64 hits = policy->hits, now = now_coarse(cpu);

	if (elapsed(now, policy->last_hit_ns) >= HIT_DATE_NS || !policy->last_hit_ns)
		policy->last_hit_ns = now;
	if (hits < HITS_EXACT || (hits < HITS_CAPTURED && is_capturing())) {
		policy->hits = hits + 1;
		return hits ? MET | MET_CAPTURED : MET | MET_CAPTURED | MET_TOLD;
	}
	if (++cpu->hits & (HITS_SAMPLED - 1))
		return MET;
	policy->hits = hits + HITS_SAMPLED;
	return MET | MET_CAPTURED | MET_TOLD;
}

static __always_inline struct bw_policy *allowed4(__u32 slot, struct bw_cpu *cpu, __be32 source, struct packet *p)
{
	void *hosts = bpf_map_lookup_elem(&ALLOWLIST, &slot);
	struct bw_policy *policy = hosts ? bpf_map_lookup_elem(hosts, &source) : 0;

	return policy && in_force(policy, slot, cpu, p) ? policy : 0;
}

static __always_inline struct bw_policy *allowed6(__u32 slot, struct bw_cpu *cpu, const __u8 *source, struct packet *p)
{
	void *hosts = bpf_map_lookup_elem(&ALLOWLIST6, &slot);
	struct bw_policy *policy = hosts ? bpf_map_lookup_elem(hosts, source) : 0;

	return policy && in_force(policy, slot, cpu, p) ? policy : 0;
}

static __always_inline int bit_of(void *bitmap, __u32 bit)
{
	__u32 word = bit >> 6;
	__u64 *bits = bpf_map_lookup_elem(bitmap, &word);

	return bits && (*bits >> (bit & 63)) & 1;
}

/* The entry that decides about an IPv4 source, or NULL. `by_prefix` tells which list it came from. */
static __always_inline struct bw_policy *judged4(__u32 slot, struct bw_cpu *cpu, __be32 source, struct packet *p, int *by_prefix)
{
	void *map = bpf_map_lookup_elem(&BLOCKLIST, &slot);
	struct bw_policy *policy = map ? bpf_map_lookup_elem(map, &source) : 0;
	struct bw_prefix4 key = { .length = 32 };

	if (policy && in_force(policy, slot, cpu, p))
		return policy;
	map = bpf_map_lookup_elem(&CIDR_BITMAP, &slot);
	if (!map || !bit_of(map, bpf_ntohl(source) >> 8))
		return 0;
	map = bpf_map_lookup_elem(&CIDR_RULES, &slot);
	if (!map)
		return 0;
	__builtin_memcpy(key.address, &source, 4);
	policy = bpf_map_lookup_elem(map, &key);
	*by_prefix = 1;
	return policy && in_force(policy, slot, cpu, p) ? policy : 0;
}

/* Fibonacci hashing of the first 32 bits; the appliance computes the same. */
static __always_inline __u32 bitmap6_bit(const __u8 *source)
{
	__u32 high = bpf_ntohl(*(const __u32 *)(const void *)source);

	return (high * 2654435761u) >> (32 - BW_BITMAP6_BITS);
}

static __always_inline struct bw_policy *judged6(__u32 slot, struct bw_cpu *cpu, const __u8 *source, struct packet *p, int *by_prefix)
{
	void *map = bpf_map_lookup_elem(&BLOCKLIST6, &slot);
	struct bw_policy *policy = map ? bpf_map_lookup_elem(map, source) : 0;
	struct bw_prefix6 key = { .length = 128 };
	__u32 short_word = BW_BITMAP6_SHORT;
	__u64 *any_short;

	if (policy && in_force(policy, slot, cpu, p))
		return policy;
	map = bpf_map_lookup_elem(&CIDR_BITMAP6, &slot);
	if (!map)
		return 0;
	any_short = bpf_map_lookup_elem(map, &short_word);
	if (any_short && !*any_short && !bit_of(map, bitmap6_bit(source)))
		return 0;
	map = bpf_map_lookup_elem(&CIDR_RULES6, &slot);
	if (!map)
		return 0;
	copy_address(key.address, source);
	policy = bpf_map_lookup_elem(map, &key);
	*by_prefix = 1;
	return policy && in_force(policy, slot, cpu, p) ? policy : 0;
}

/*
 * The IPv4 address inside a v4-mapped (RFC 4291), 6to4 (RFC 3056) or NAT64 (RFC 6052) source, 0 when there is none:
 * what is decided about the address holds for these forms of it.
 */
static __always_inline __be32 embedded_v4(const __u8 *source)
{
	const __u32 *w = (const void *)source;

	if (source[0] == 0x20 && source[1] == 0x02) {
		__be32 v4;

		__builtin_memcpy(&v4, source + 2, 4);
		return v4;
	}
	if (!w[0] && !w[1] && w[2] == bpf_htonl(0xffff))
		return w[3];
	if (w[0] == bpf_htonl(0x0064ff9b) && !w[1] && !w[2])
		return w[3];
	return 0;
}
