/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SYN challenge ("reset cookie"): a SYN is answered with a SYN-ACK whose acknowledgement is a keyed hash instead of
 * the SYN's number plus one. A stack that really sent the SYN must answer that with a reset that carries the hash as its
 * sequence number (RFC 9293 §3.10.7.3); then the next SYN on the same ports passes. The host of a raw scanner, and a
 * host in whose name somebody forges, answer too: the proof is that the address is alive, not that it sent the SYN.
 * Unlike a SYN cookie it needs no state, no shared secret with the protected server and no kernel helper, so it works
 * for forwarded traffic and on every kernel.
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

/* Questions that an address gets: in whose name somebody forges, gets them all. 1,000 a second, bursts of 1,000. */
#define CHALLENGE_INTERVAL_NS 1000000ull
#define CHALLENGE_BURST_NS (999 * CHALLENGE_INTERVAL_NS)
/* And all addresses together: 500,000 a second, bursts of 50,000. */
#define CHALLENGE_TOTAL_INTERVAL_NS 2000ull
#define CHALLENGE_TOTAL_BURST_NS (49999 * CHALLENGE_TOTAL_INTERVAL_NS)

static __always_inline struct bw_challenge_share *challenge_share(const struct packet *p)
{
	/* Not by /64: neighbours of a host in whose name somebody forges shall be asked too. */
	__u32 place = source_hash(p->source, 0) >> 48;

	return bpf_map_lookup_elem(&CHALLENGE_SHARE, &place);
}

static __always_inline struct bw_challenge_share *challenge_total(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&CHALLENGE_TOTAL, &zero);
}

/* 1: the source may be sent a question. What is beyond that is dropped, and comes again after a second. */
__subprogram int may_challenge(const struct packet *p, __u64 now)
{
	struct bw_challenge_share *share = p ? challenge_share(p) : 0, *total = challenge_total();

	return share && total && gcra(&share->answers_ns, now, CHALLENGE_INTERVAL_NS, CHALLENGE_BURST_NS)
	       && gcra(&total->answers_ns, now, CHALLENGE_TOTAL_INTERVAL_NS, CHALLENGE_TOTAL_BURST_NS);
}

/* Time in units of 2^27 ns = 134 ms, modulo 2^12. */
#define SEEN_SHIFT 27
#define SEEN_LEAST 7  /* more than 0.8 s: stacks send a SYN again after one second (RFC 6298 §2) */
#define SEEN_MOST 60  /* 8 s */
/* SYNs that pass for having been sent again, of an address: 50 a second, bursts of 100. */
#define AGAIN_INTERVAL_NS 20000000ull
#define AGAIN_BURST_NS (99 * AGAIN_INTERVAL_NS)
/* And of all addresses of a CPU: 2,000 a second, bursts of 2,000. That much gets past the question when each forged SYN is sent twice. */
#define AGAIN_TOTAL_INTERVAL_NS 500000ull
#define AGAIN_TOTAL_BURST_NS (1999 * AGAIN_TOTAL_INTERVAL_NS)

/* 1: the very same SYN was asked about a second ago, and may pass without an answer. Remembers it when not. */
__subprogram int sent_again(const struct packet *p, __u64 now)
{
	struct bw_challenge_share *share, *total;
	struct bw_seen_line *line;
	__u32 at, tag, oldest = 0, most = 0, time = now >> SEEN_SHIFT & 0xfff, i;
	__u64 hash;

	if (!p)
		return 0;
	hash = source_hash(p->source, 0) ^ *(const __u64 *)(const void *)p->destination ^ *(const __u64 *)(const void *)(p->destination + 8);
	hash = (hash ^ (__u64)p->sequence << 32 ^ (__u32)p->source_port << 16 ^ p->destination_port) * 0x9e3779b97f4a7c15ull;
	hash ^= hash >> 32;
	hash *= 0xc2b2ae3d27d4eb4full;
	at = hash >> 49;
	tag = (hash >> 20 & 0xfffff) << 12;
	at &= BW_SEEN_LINES - 1;
	line = bpf_map_lookup_elem(&SYNS_SEEN, &at);
	if (!line)
		return 0;
#pragma unroll
	for (i = 0; i < BW_SEEN_WAYS; i++) {
		__u32 entry = line->entry[i], age = (time - entry) & 0xfff;

		if ((entry & ~0xfffu) == tag && age <= SEEN_MOST) {
			if (age < SEEN_LEAST)
				return 0;
			share = challenge_share(p);
			total = challenge_total();
			return share && total && gcra(&share->again_ns, now, AGAIN_INTERVAL_NS, AGAIN_BURST_NS)
			       && gcra(&total->again_ns, now, AGAIN_TOTAL_INTERVAL_NS, AGAIN_TOTAL_BURST_NS);
		}
		if (!entry)
			age = 0xfff;
		if (age >= most) {
			most = age;
			oldest = i;
		}
	}
	line->entry[oldest & (BW_SEEN_WAYS - 1)] = tag | time;
	return 0;
}

/* Told to the tc program on ingress: the frame is an answer, to be sent where it came from. */
static __always_inline int hand_to_tc(struct xdp_md *ctx)
{
	__u32 *note;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*note)))
		return XDP_DROP;
	note = (void *)(long)ctx->data_meta;
	if ((void *)(note + 1) > (void *)(long)ctx->data)
		return XDP_DROP;
	*note = BW_ANSWER_NOTE;
	return XDP_PASS;
}

/* Turns the SYN in place into the challenge and sends it back. The reply has no options of any kind and never outgrows the SYN. */
__subprogram int send_challenge(struct xdp_md *ctx, struct packet *p, __u64 now)
{
	__u32 number, length, ip_length;
	struct cursor c;
	struct ethhdr *eth;
	struct tcphdr *tcp;
	__u8 mac[ETH_ALEN];
	__u64 sum;

	if (!p)
		return XDP_DROP;
	number = cookie(p, now >> COOKIE_WINDOW_SHIFT);
	ip_length = p->is_v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	length = p->l3 + ip_length + sizeof(struct tcphdr);
	/* Cut from the tail: options, data and padding go. Runts are padded by the device. */
	if (p->frame_length > length && bpf_xdp_adjust_tail(ctx, (int)length - (int)p->frame_length))
		return XDP_DROP;
	c.data = (void *)(long)ctx->data;
	c.end = (void *)(long)ctx->data_end;
	/* Looked at in any case: the compiler would leave the check out where the other one implies it, and the verifier not see why. */
	eth = view(&c, 0, sizeof(*eth));
	tcp = view(&c, p->l3 + ip_length, sizeof(*tcp));
	if (!eth || !tcp)
		return XDP_DROP;
	if (!constants.no_ethernet) {
		__builtin_memcpy(mac, eth->h_source, ETH_ALEN);
		__builtin_memcpy(eth->h_source, eth->h_dest, ETH_ALEN);
		__builtin_memcpy(eth->h_dest, mac, ETH_ALEN);
	}
	if (p->pppoe) {
		__u32 bytes = p->pppoe == 1 ? sizeof(struct pppoe_header) - 1 : sizeof(struct pppoe_header);
		struct pppoe_header *pppoe = view(&c, p->l3 - bytes, sizeof(*pppoe));

		if (!pppoe)
			return XDP_DROP;
		/* The PPP protocol counts, the header does not. */
		pppoe->length = bpf_htons(length - p->l3 + p->pppoe);
	}
	if (p->is_v6) {
		struct ipv6hdr *ip = view(&c, p->l3, sizeof(*ip));

		if (!ip)
			return XDP_DROP;
		*(__be32 *)ip = bpf_htonl(6u << 28);
		__builtin_memcpy(&ip->saddr, p->destination, 16);
		__builtin_memcpy(&ip->daddr, p->source, 16);
		ip->payload_len = bpf_htons(sizeof(*tcp));
		ip->nexthdr = IPPROTO_TCP;
		ip->hop_limit = 64;
		sum = (__u64)(__u32)difference(0, 0, p->source, 16) + (__u32)difference(0, 0, p->destination, 16);
	} else {
		struct iphdr *ip = view(&c, p->l3, sizeof(*ip));

		if (!ip)
			return XDP_DROP;
		*(__u8 *)ip = 0x45;
		ip->saddr = v4_of(p->destination);
		ip->daddr = v4_of(p->source);
		ip->tot_len = bpf_htons(sizeof(*ip) + sizeof(*tcp));
		ip->ttl = 64;
		ip->tos = 0;
		ip->id = 0;
		ip->frag_off = bpf_htons(0x4000);
		ip->protocol = IPPROTO_TCP;
		ip->check = 0;
		ip->check = ~fold((__u32)difference(0, 0, ip, sizeof(*ip)));
		sum = (__u64)(__u32)difference(0, 0, p->source + 12, 4) + (__u32)difference(0, 0, p->destination + 12, 4);
	}
	tcp->source = p->destination_port;
	tcp->dest = p->source_port;
	tcp->ack_seq = bpf_htonl(number);
	tcp->seq = bpf_htonl(number * 2654435761u);
	*(__be16 *)((__u8 *)tcp + 12) = bpf_htons((sizeof(*tcp) / 4) << 12 | TCP_SYN | TCP_ACK);
	tcp->window = bpf_htons(1024);
	tcp->urg_ptr = 0;
	tcp->check = 0;
	sum += bpf_htons(IPPROTO_TCP) + bpf_htons(sizeof(*tcp));
	sum += (__u32)difference(0, 0, tcp, sizeof(*tcp));
	tcp->check = ~fold(sum);
	return constants.answers == BW_ANSWERS_TC ? hand_to_tc(ctx) : XDP_TX;
}
