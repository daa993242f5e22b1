/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SYN challenge ("reset cookie"): a SYN is answered with a SYN-ACK whose acknowledgement is a keyed hash instead of
 * the SYN's number plus one. A stack that really sent the SYN, and the host of a raw scanner too, must answer that
 * with a reset that carries the hash as its sequence number (RFC 793 §3.4); then it is proven, and its next SYN
 * passes. A forged source proves nothing. Unlike a SYN cookie it needs no state, no shared secret with the protected
 * server and no kernel helper, so it works for forwarded traffic and on every kernel.
 */
#pragma once
#include "checksum.h"
#include "conntrack.h"

#define COOKIE_WINDOW_SHIFT 34 /* 2^34 ns = 17 s: a cookie is good in its own window and the next */

static __always_inline __u64 rotate(__u64 x, int by)
{
	return (x << by) | (x >> (64 - by));
}

#define SIP_ROUND(v0, v1, v2, v3) do { \
		v0 += v1; v1 = rotate(v1, 13) ^ v0; v0 = rotate(v0, 32); \
		v2 += v3; v3 = rotate(v3, 16) ^ v2; \
		v0 += v3; v3 = rotate(v3, 21) ^ v0; \
		v2 += v1; v1 = rotate(v1, 17) ^ v2; v2 = rotate(v2, 32); \
	} while (0)

/* SipHash-1-3 over both endpoints and the time window. */
static __always_inline __u32 cookie(const struct packet *p, __u64 window)
{
	__u64 v0 = constants.challenge_key0 ^ 0x736f6d6570736575ull, v1 = constants.challenge_key1 ^ 0x646f72616e646f6dull;
	__u64 v2 = constants.challenge_key0 ^ 0x6c7967656e657261ull, v3 = constants.challenge_key1 ^ 0x7465646279746573ull;
	const __u64 *source = (const void *)p->source, *destination = (const void *)p->destination;
	__u64 words[6];
	int i;

	words[0] = source[0];
	words[1] = source[1];
	words[2] = destination[0];
	words[3] = destination[1];
	words[4] = ((__u64)p->source_port << 16) | p->destination_port;
	words[5] = window;
#pragma unroll
	for (i = 0; i < 6; i++) {
		v3 ^= words[i];
		SIP_ROUND(v0, v1, v2, v3);
		v0 ^= words[i];
	}
	v2 ^= 0xff;
	for (i = 0; i < 3; i++)
		SIP_ROUND(v0, v1, v2, v3);
	return v0 ^ v1 ^ v2 ^ v3;
}

/* 1: this reset carries a cookie of ours. */
__subprogram int answers_challenge(const struct packet *p, __u64 now)
{
	__u64 window = now >> COOKIE_WINDOW_SHIFT;

	if (!p)
		return 0;
	return p->sequence == cookie(p, window) || p->sequence == cookie(p, window - 1);
}

/* 1: SYNs of unproven sources come faster than this CPU may pass on unchallenged. */
static __always_inline int under_syn_pressure(const struct bw_settings *settings, struct bw_cpu *cpu, __u64 now)
{
	return settings->challenge_interval_ns
	       && !gcra(&cpu->challenge_theoretical_ns, now, settings->challenge_interval_ns, settings->challenge_burst_ns);
}

/* Turns the SYN in place into the challenge and sends it back. The reply has no TCP options and never outgrows the SYN. */
__subprogram int send_challenge(struct xdp_md *ctx, struct packet *p, __u64 now)
{
	__u32 number, length;
	struct cursor c;
	struct ethhdr *eth;
	struct tcphdr *tcp;
	__u8 mac[ETH_ALEN];
	__be16 port;
	__u64 sum;

	if (!p)
		return XDP_DROP;
	number = cookie(p, now >> COOKIE_WINDOW_SHIFT);
	length = p->l4 + sizeof(struct tcphdr);
	/* Cut from the tail: options, data and padding go. Runts are padded by the device. */
	if (p->frame_length > length && bpf_xdp_adjust_tail(ctx, (int)length - (int)p->frame_length))
		return XDP_DROP;
	c.data = (void *)(long)ctx->data;
	c.end = (void *)(long)ctx->data_end;
	/* Looked at in any case: the compiler would leave the check out where the other one implies it, and the verifier not see why. */
	eth = view(&c, 0, sizeof(*eth));
	tcp = view(&c, p->l4, sizeof(*tcp));
	if (!eth || !tcp)
		return XDP_DROP;
	if (!constants.no_ethernet) {
		__builtin_memcpy(mac, eth->h_source, ETH_ALEN);
		__builtin_memcpy(eth->h_source, eth->h_dest, ETH_ALEN);
		__builtin_memcpy(eth->h_dest, mac, ETH_ALEN);
	}
	if (p->pppoe) {
		struct pppoe_header *pppoe = view(&c, p->l3 - sizeof(*pppoe), sizeof(*pppoe));

		if (!pppoe)
			return XDP_DROP;
		/* The PPP protocol counts, the header does not. */
		pppoe->length = bpf_htons(length - p->l3 + sizeof(pppoe->protocol));
	}
	if (p->is_v6) {
		struct ipv6hdr *ip = view(&c, p->l3, sizeof(*ip));

		/* With extension headers there is no simple reply; such a SYN is not worth one. */
		if (!ip || p->l4 != p->l3 + sizeof(*ip))
			return XDP_DROP;
		__builtin_memcpy(&ip->saddr, p->destination, 16);
		__builtin_memcpy(&ip->daddr, p->source, 16);
		ip->payload_len = bpf_htons(sizeof(*tcp));
		ip->hop_limit = 64;
		sum = (__u64)(__u32)difference(0, 0, p->source, 16) + (__u32)difference(0, 0, p->destination, 16);
	} else {
		struct iphdr *ip = view(&c, p->l3, sizeof(*ip));

		if (!ip || p->l4 != p->l3 + sizeof(*ip))
			return XDP_DROP;
		ip->saddr = v4_of(p->destination);
		ip->daddr = v4_of(p->source);
		ip->tot_len = bpf_htons(sizeof(*ip) + sizeof(*tcp));
		ip->ttl = 64;
		ip->tos = 0;
		ip->id = 0;
		ip->frag_off = bpf_htons(0x4000);
		ip->check = 0;
		ip->check = ~fold((__u32)difference(0, 0, ip, sizeof(*ip)));
		sum = (__u64)(__u32)difference(0, 0, p->source + 12, 4) + (__u32)difference(0, 0, p->destination + 12, 4);
	}
	port = tcp->source;
	tcp->source = tcp->dest;
	tcp->dest = port;
	tcp->ack_seq = bpf_htonl(number);
	tcp->seq = bpf_htonl(number * 2654435761u);
	*(__be16 *)((__u8 *)tcp + 12) = bpf_htons((sizeof(*tcp) / 4) << 12 | TCP_SYN | TCP_ACK);
	tcp->window = bpf_htons(1024);
	tcp->urg_ptr = 0;
	tcp->check = 0;
	sum += bpf_htons(IPPROTO_TCP) + bpf_htons(sizeof(*tcp));
	sum += (__u32)difference(0, 0, tcp, sizeof(*tcp));
	tcp->check = ~fold(sum);
	return XDP_TX;
}
