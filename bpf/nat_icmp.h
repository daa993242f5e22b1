/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ICMP errors that quote a packet of a diverted flow (RFC 5508): the quoted header is translated like the flow, so that
 * path MTU discovery and "unreachable" work and nothing tells of the diversion. Inbound half; egress has its own.
 */
#pragma once
#include "nat.h"

/* Types that quote: v4 unreachable, quench, redirect, time exceeded, parameter problem; v6 1..4. */
static __always_inline int is_icmp_error(const struct packet *p)
{
	if (p->protocol == IPPROTO_ICMP && !p->is_v6)
		return p->icmp_type == 3 || p->icmp_type == 4 || p->icmp_type == 5 || p->icmp_type == 11 || p->icmp_type == 12;
	return p->protocol == IPPROTO_ICMPV6_ && p->is_v6 && p->icmp_type >= 1 && p->icmp_type <= 4;
}

/* <linux/icmp.h> drags in the C library. RFC 792. */
struct icmp_header { __u8 type, code; __sum16 checksum; __u32 rest; };

/* Header and eight bytes of the quoted packet, as both families lay them out. */
struct quote4 { struct iphdr ip; __be16 source, destination, third, check; };
struct quote6 { struct ipv6hdr ip; __be16 source, destination, third, check; };

/* The flow that an inbound error speaks of: the quote is a packet we sent, so its source is local. 1 when found. */
static __always_inline int quoted_flow4(struct cursor *c, const struct packet *p, struct bw_flow_key *key)
{
	struct quote4 *q = view(c, p->l4 + 8, sizeof(*q));

	if (!q || q->ip.ihl != 5 || !nat_protocol(q->ip.protocol))
		return 0;
	__builtin_memset(key, 0, sizeof(*key));
	map_v4(key->remote, q->ip.daddr);
	map_v4(key->local, q->ip.saddr);
	key->remote_port = q->destination;
	key->local_port = q->source;
	key->protocol = q->ip.protocol;
	return 1;
}

static __always_inline int quoted_flow6(struct cursor *c, const struct packet *p, struct bw_flow_key *key)
{
	struct quote6 *q = view(c, p->l4 + 8, sizeof(*q));

	if (!q || !nat_protocol(q->ip.nexthdr))
		return 0;
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(key->remote, (const __u8 *)&q->ip.daddr);
	copy_address(key->local, (const __u8 *)&q->ip.saddr);
	key->remote_port = q->destination;
	key->local_port = q->source;
	key->protocol = q->ip.nexthdr;
	return 1;
}

static __always_inline int rewrite_error4(struct cursor *c, const struct packet *p, const struct bw_nat *nat)
{
	struct iphdr *ip = view(c, p->l3, sizeof(*ip));
	struct icmp_header *icmp = view(c, p->l4, sizeof(*icmp));
	struct quote4 *q = view(c, p->l4 + 8, sizeof(*q));
	struct quote4 before;
	__be32 target = v4_of(nat->target);
	__u64 addresses;

	if (!ip || !icmp || !q)
		return -1;
	__builtin_memcpy(&before, q, sizeof(before));
	addresses = (__u32)difference(&before.ip.saddr, 4, &target, 4);
	q->ip.saddr = target;
	q->source = nat->target_port;
	q->destination = nat->remote_port;
	update_checksum(&q->ip.check, addresses);
	if (before.ip.protocol == IPPROTO_UDP && before.check)
		update_checksum((__sum16 *)&q->check, addresses + (__u32)difference(&before.source, 4, &q->source, 4));
	update_checksum(&icmp->checksum, (__u32)difference(&before, sizeof(before), q, sizeof(*q)));
	update_checksum(&ip->check, (__u32)difference(&ip->daddr, 4, &target, 4));
	ip->daddr = target;
	return 0;
}

static __always_inline int rewrite_error6(struct cursor *c, const struct packet *p, const struct bw_nat *nat)
{
	struct ipv6hdr *ip = view(c, p->l3, sizeof(*ip));
	struct icmp_header *icmp = view(c, p->l4, sizeof(*icmp));
	struct quote6 *q = view(c, p->l4 + 8, sizeof(*q));
	struct quote6 before;
	__u64 addresses;

	if (!ip || !icmp || !q)
		return -1;
	__builtin_memcpy(&before, q, sizeof(before));
	addresses = (__u32)difference(&before.ip.saddr, 16, nat->target, 16);
	__builtin_memcpy(&q->ip.saddr, nat->target, 16);
	q->source = nat->target_port;
	q->destination = nat->remote_port;
	if (before.ip.nexthdr == IPPROTO_UDP)
		update_checksum((__sum16 *)&q->check, addresses + (__u32)difference(&before.source, 4, &q->source, 4));
	/* The ICMPv6 checksum covers the outer destination as well. */
	update_checksum(&icmp->checksum, (__u64)(__u32)difference(&before, sizeof(before), q, sizeof(*q))
			+ (__u32)difference(p->destination, 16, nat->target, 16));
	__builtin_memcpy(&ip->daddr, nat->target, 16);
	return 0;
}

/* Translates an inbound error about a diverted flow. 1: done; 0: not about one. */
__subprogram int translate_error(struct xdp_md *ctx, const struct packet *p)
{
	struct cursor frame = { .data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end }, *c = &frame;
	struct bw_flow_key key;
	struct bw_nat *nat;

	if (!p)
		return 0;
	if (!(p->is_v6 ? quoted_flow6(c, p, &key) : quoted_flow4(c, p, &key)))
		return 0;
	nat = bpf_map_lookup_elem(&NAT_TABLE, &key);
	if (!nat)
		return 0;
	return !(p->is_v6 ? rewrite_error6(c, p, nat) : rewrite_error4(c, p, nat));
}
