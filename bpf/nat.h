/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Silent DNAT into the tarpit, inbound half. Only new flows are diverted; a diverted flow stays so for its life,
 * whatever becomes of the decision. The reverse entry is found by what the tarpit sees, so two flows of one source port
 * to different services must not look alike to the tarpit: the second gets another source port.
 */
#pragma once
#include "checksum.h"
#include "events.h"

#define NAT_IDLE_TCP_NS (3600ull * 1000000000)
#define NAT_IDLE_UDP_NS (180ull * 1000000000)
#define NAT_PORT_TRIES 8

static __always_inline int nat_protocol(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

/* The tarpit's address of the packet's family, or 0 when redirecting is off for it. */
static __always_inline int target_of(const struct bw_target *target, int is_v6, __u8 *address, __be16 *port)
{
	if (!target || !target->enabled)
		return 0;
	copy_address(address, is_v6 ? target->address6 : target->address4);
	*port = is_v6 ? target->port6 : target->port4;
	return !is_zero_address(address);
}

/* Writes destination address and ports into the frame. 0 on success. */
__subprogram int rewrite_inbound(struct xdp_md *ctx, struct packet *p, const struct bw_nat *nat)
{
	struct cursor frame = { .data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end }, *c = &frame;
	int unfinished = 0, is_udp;
	struct { __be16 source, destination; } before, after;
	__u64 addresses, ports;
	__sum16 *check;
	__u8 *l4;

	if (!p || !nat)
		return -1;
	before.source = p->source_port;
	before.destination = p->destination_port;
	after.source = nat->remote_port;
	after.destination = nat->target_port;
	is_udp = p->protocol == IPPROTO_UDP;
	if (p->is_v6) {
		struct ipv6hdr *ip = view(c, p->l3, sizeof(*ip));

		if (!ip)
			return -1;
		addresses = (__u32)difference(p->destination, 16, nat->target, 16);
		__builtin_memcpy(&ip->daddr, nat->target, 16);
	} else {
		struct iphdr *ip = view(c, p->l3, sizeof(*ip));

		if (!ip)
			return -1;
		addresses = (__u32)difference(p->destination + 12, 4, nat->target + 12, 4);
		ip->daddr = v4_of(nat->target);
		update_checksum(&ip->check, addresses);
	}
	if (p->fragment == LATER_FRAGMENT)
		return 0;
	ports = (__u32)difference(&before, 4, &after, 4);
	l4 = view(c, p->l4, is_udp ? sizeof(struct udphdr) : sizeof(struct tcphdr));
	if (!l4)
		return -1;
	check = is_udp ? &((struct udphdr *)l4)->check : &((struct tcphdr *)l4)->check;
	*(__be16 *)l4 = after.source;
	*(__be16 *)(l4 + 2) = after.destination;
	/* RFC 768: zero means the sender computed none; RFC 8200 §8.1 forbids that in IPv6. */
	if (is_udp && !*check && !p->is_v6)
		return 0;
	if (p->fragment == NOT_FRAGMENT)
		unfinished = *check == pseudo_sum(p);
	update_transport_checksum(check, addresses, ports, unfinished);
	if (is_udp && !*check)
		*check = 0xffff;
	return 0;
}

static __always_inline void reverse_key(struct bw_flow_key *key, const struct bw_flow_key *flow, const struct bw_nat *nat)
{
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(key->remote, flow->remote);
	copy_address(key->local, nat->target);
	key->remote_port = nat->remote_port;
	key->local_port = nat->target_port;
	key->protocol = flow->protocol;
}

/* A live NAT entry of this flow. One that idled out, or a SYN that opens the ports anew after a minute of silence, is none. */
static __always_inline struct bw_nat *nat_of(const struct bw_flow_key *key, const struct packet *p, __u64 now)
{
	struct bw_nat *nat = bpf_map_lookup_elem(&NAT_TABLE, key);
	__u64 limit = p->protocol == IPPROTO_TCP ? NAT_IDLE_TCP_NS : NAT_IDLE_UDP_NS;

	if (!nat)
		return 0;
	if (p->protocol == IPPROTO_TCP && (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		limit = 60ull * 1000000000;
	return elapsed(now, nat->last_ns) > limit ? 0 : nat;
}

/* Makes both entries of a new diverted flow. 0 on success. */
__subprogram int begin_nat(const struct bw_flow_key *key, struct bw_nat *nat, __u64 now)
{
	struct bw_nat_reverse reverse = { .first_ns = now };
	struct bw_cpu *cpu = this_cpu();
	struct bw_flow_key back;
	int i;

	if (!key || !nat || !cpu)
		return -1;
	copy_address(reverse.local, key->local);
	reverse.local_port = key->local_port;
	reverse.remote_port = key->remote_port;
	nat->remote_port = key->remote_port;
	nat->first_ns = now;
	nat->last_ns = now;
	nat->pad = 0;
	for (i = 0; i < NAT_PORT_TRIES; i++) {
		struct bw_nat_reverse *taken;

		reverse_key(&back, key, nat);
		taken = bpf_map_lookup_elem(&NAT_REVERSE, &back);
		/* Our own earlier flow with the same ports may be overwritten. */
		if (!taken || (same_address(taken->local, reverse.local) && taken->local_port == reverse.local_port && taken->remote_port == reverse.remote_port)) {
			if (bpf_map_update_elem(&NAT_REVERSE, &back, &reverse, BPF_ANY) || bpf_map_update_elem(&NAT_TABLE, key, nat, BPF_ANY)) {
				lose(cpu, BW_LOST_NAT_INSERT);
				return -1;
			}
			return 0;
		}
		nat->remote_port = bpf_htons(1024 + bpf_get_prandom_u32() % 64512);
	}
	return -1;
}
