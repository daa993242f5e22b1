/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Diverted flows, outbound half: what the tarpit sends gets the address and port back that the client spoke to. The
 * skb helpers know of checksum offload; everything is written through them. After a helper, packet pointers are void.
 */
#pragma once
#include "fragment.h"
#include "nat_icmp.h"
#include "policy.h"

#define CHECK_OFFSET_TCP 16
#define CHECK_OFFSET_UDP 6

static __always_inline int from_target(const struct packet *p, __u32 slot)
{
	struct bw_target *target = bpf_map_lookup_elem(&TARPIT_TARGET, &slot);
	__u8 address[16];
	__be16 port;

	return target_of(target, p->is_v6, address, &port) && same_address(p->source, address) && (p->fragment == LATER_FRAGMENT || p->source_port == port);
}

/* Writes the source address, with its checksums. */
static __always_inline int write_source(struct __sk_buff *skb, const struct packet *p, const __u8 *address, __u32 check_at, __u64 check_flags)
{
	if (p->is_v6) {
		__u32 diff = difference(p->source, 16, address, 16);

		if (check_at && bpf_l4_csum_replace(skb, check_at, 0, diff, BPF_F_PSEUDO_HDR | check_flags))
			return -1;
		return bpf_skb_store_bytes(skb, p->l3 + 8, address, 16, 0);
	}
	if (check_at && bpf_l4_csum_replace(skb, check_at, v4_of(p->source), v4_of(address), BPF_F_PSEUDO_HDR | check_flags | 4))
		return -1;
	if (bpf_l3_csum_replace(skb, p->l3 + 10, v4_of(p->source), v4_of(address), 4))
		return -1;
	return bpf_skb_store_bytes(skb, p->l3 + 12, address + 12, 4, 0);
}

static __always_inline int rewrite_outbound(struct __sk_buff *skb, struct packet *p, const struct bw_nat_reverse *back)
{
	struct { __be16 source, destination; } before = { p->source_port, p->destination_port }, after = { back->local_port, back->remote_port };
	int is_udp = p->protocol == IPPROTO_UDP;
	__u32 check_at = p->l4 + (is_udp ? CHECK_OFFSET_UDP : CHECK_OFFSET_TCP);
	__u64 flags = is_udp ? BPF_F_MARK_MANGLED_0 : 0;
	__u32 from, to;

	__builtin_memcpy(&from, &before, 4);
	__builtin_memcpy(&to, &after, 4);
	if (bpf_l4_csum_replace(skb, check_at, from, to, flags | 4) || bpf_skb_store_bytes(skb, p->l4, &after, 4, 0))
		return -1;
	return write_source(skb, p, back->local, check_at, flags);
}

static __always_inline void key_outbound(struct bw_flow_key *key, const struct packet *p)
{
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(key->remote, p->destination);
	copy_address(key->local, p->source);
	key->remote_port = p->destination_port;
	key->local_port = p->source_port;
	key->protocol = p->protocol;
}

/* The reverse entry of a flow that an outbound error speaks of: the quote is a packet that came in. */
static __always_inline struct bw_nat_reverse *reverse_of_quote(const __u8 *source, const __u8 *destination, __be16 source_port, __be16 destination_port,
							      __u8 protocol, struct bw_flow_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(key->remote, source);
	copy_address(key->local, destination);
	key->remote_port = source_port;
	key->local_port = destination_port;
	key->protocol = protocol;
	return bpf_map_lookup_elem(&NAT_REVERSE, key);
}

/* Translates an error of the tarpit's host. 1: done; 0: not about a diverted flow, and `key` says which flow; -1: failed. */
static __always_inline int translate_outbound_error4(struct __sk_buff *skb, const struct packet *p, struct bw_flow_key *key)
{
	struct bw_nat_reverse *back;
	struct quote4 before, after;
	__u8 address[16], remote[16];
	__u64 addresses;
	__be32 local;

	if (bpf_skb_load_bytes(skb, p->l4 + 8, &before, sizeof(before)) || before.ip.ihl != 5 || !nat_protocol(before.ip.protocol))
		return -1;
	map_v4(remote, before.ip.saddr);
	map_v4(address, before.ip.daddr);
	back = reverse_of_quote(remote, address, before.source, before.destination, before.ip.protocol, key);
	if (!back)
		return 0;
	__builtin_memcpy(&after, &before, sizeof(after));
	local = v4_of(back->local);
	copy_address(address, back->local);
	after.ip.daddr = local;
	after.source = back->remote_port;
	after.destination = back->local_port;
	addresses = (__u32)difference(&before.ip.daddr, 4, &local, 4);
	update_checksum(&after.ip.check, addresses);
	if (before.ip.protocol == IPPROTO_UDP && before.check)
		update_checksum((__sum16 *)&after.check, addresses + (__u32)difference(&before.source, 4, &after.source, 4));
	if (bpf_l4_csum_replace(skb, p->l4 + 2, 0, difference(&before, sizeof(before), &after, sizeof(after)), 0)
	    || bpf_skb_store_bytes(skb, p->l4 + 8, &after, sizeof(after), 0))
		return -1;
	return write_source(skb, p, address, 0, 0) ? -1 : 1;
}

static __always_inline int translate_outbound_error6(struct __sk_buff *skb, const struct packet *p, struct bw_flow_key *key)
{
	struct bw_nat_reverse *back;
	struct quote6 before, after;
	__u8 address[16];
	__u64 addresses;

	if (bpf_skb_load_bytes(skb, p->l4 + 8, &before, sizeof(before)) || !nat_protocol(before.ip.nexthdr))
		return -1;
	back = reverse_of_quote((const __u8 *)&before.ip.saddr, (const __u8 *)&before.ip.daddr, before.source, before.destination, before.ip.nexthdr, key);
	if (!back)
		return 0;
	__builtin_memcpy(&after, &before, sizeof(after));
	copy_address(address, back->local);
	__builtin_memcpy(&after.ip.daddr, address, 16);
	after.source = back->remote_port;
	after.destination = back->local_port;
	addresses = (__u32)difference(&before.ip.daddr, 16, address, 16);
	if (before.ip.nexthdr == IPPROTO_UDP)
		update_checksum((__sum16 *)&after.check, addresses + (__u32)difference(&before.source, 4, &after.source, 4));
	if (bpf_l4_csum_replace(skb, p->l4 + 2, 0, difference(&before, sizeof(before), &after, sizeof(after)), 0)
	    || bpf_skb_store_bytes(skb, p->l4 + 8, &after, sizeof(after), 0))
		return -1;
	/* The ICMPv6 checksum covers the outer source too. */
	return write_source(skb, p, address, p->l4 + 2, 0) ? -1 : 1;
}
