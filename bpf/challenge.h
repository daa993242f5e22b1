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
	__u32 place = source_hash(p->source, 0) >> 52;

	_Static_assert(BW_CHALLENGE_PLACES == 1 << 12, "12 bits of the hash");

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
#define SEEN_LEAST 7    /* more than 0.8 s: stacks send a SYN again after one second (RFC 6298 §2) */
#define SEEN_MOST 60    /* 8 s */
#define ANSWER_MOST 224 /* 30 s */
#define ANSWER_SHARED 7 /* 0.9 s */
#define SEEN_ANSWER 0x80000000u
#define SEEN_TAG 0xfffff000u
/* SYNs that pass for having been sent again, of an address: 50 a second, bursts of 100. */
#define AGAIN_INTERVAL_NS 20000000ull
#define AGAIN_BURST_NS (99 * AGAIN_INTERVAL_NS)
/* And of all addresses of a CPU: 2,000 a second, bursts of 2,000. That much gets past the question when each forged SYN is sent twice. */
#define AGAIN_TOTAL_INTERVAL_NS 500000ull
#define AGAIN_TOTAL_BURST_NS (1999 * AGAIN_TOTAL_INTERVAL_NS)

/* Of both ends and ports. */
static __always_inline __u64 ports_hash(const struct packet *p)
{
	__u64 hash = source_hash(p->source, 0) ^ *(const __u64 *)(const void *)p->destination ^ *(const __u64 *)(const void *)(p->destination + 8);

	hash = (hash ^ ((__u32)p->source_port << 16 | p->destination_port)) * 0x9e3779b97f4a7c15ull;
	hash ^= hash >> 32;
	return hash * 0xc2b2ae3d27d4eb4full;
}

static __always_inline struct bw_seen_line *seen_line(__u64 hash)
{
	__u32 at = hash >> 49;

	_Static_assert(BW_SEEN_LINES == 1 << 15, "15 bits of the hash");
	return bpf_map_lookup_elem(&SYNS_SEEN, &at);
}

static __always_inline __u32 seen_time(__u64 now)
{
	return now >> SEEN_SHIFT & 0xfff;
}

/*
 * The oldest gives way; answers are few, and go after all others: the largest of (empty, no answer, age, place). What a
 * loop finds lies in memory, for the verifier would follow every combination of registers.
 */
static __always_inline void remember_seen(struct bw_seen_line *line, struct bw_scratch *scratch, __u32 entry)
{
	volatile __u32 *most = &scratch->state;
	__u32 i;

	*most = 0;
#pragma unroll
	for (i = 0; i < BW_SEEN_WAYS; i++) {
		__u32 other = line->entry[i], rank = ((entry - other) & 0xfff) << 4 | i;

		if (!other)
			rank |= 0x20000;
		if (!(other & SEEN_ANSWER))
			rank |= 0x10000;
		if (rank >= *most)
			*most = rank;
	}
	line->entry[*most & (BW_SEEN_WAYS - 1)] = entry;
}

/* The challenge was answered on these ports. */
__subprogram int note_answer(const struct packet *p, __u64 now)
{
	__u64 hash = p ? ports_hash(p) : 0;
	struct bw_seen_line *line = seen_line(hash);
	__u32 zero = 0;
	struct bw_scratch *scratch = bpf_map_lookup_elem(&SCRATCH, &zero);

	if (line && scratch)
		remember_seen(line, scratch, SEEN_ANSWER | (__u32)hash << 12 | seen_time(now));
	return 0;
}

static __always_inline int within_repeats(const struct packet *p, __u64 now)
{
	struct bw_challenge_share *share = challenge_share(p), *total = challenge_total();

	return share && total && gcra(&share->again_ns, now, AGAIN_INTERVAL_NS, AGAIN_BURST_NS)
	       && gcra(&total->again_ns, now, AGAIN_TOTAL_INTERVAL_NS, AGAIN_TOTAL_BURST_NS);
}

/*
 * 1: the SYN may pass, for the challenge was answered on its ports, or for it was asked about a second ago and is sent
 * again. Remembers it when not. An answer is good for a second, whoever sends on these ports meanwhile: a forger who knows
 * them must not use it up before the client's own SYN comes. After that it is good for one SYN. To the server all SYNs of
 * one pair of ports are one connection.
 */
__subprogram int is_backed(const struct packet *p, __u64 now)
{
	__u64 hash = p ? ports_hash(p) : 0;
	struct bw_seen_line *line = seen_line(hash);
	__u32 answer = SEEN_ANSWER | ((__u32)hash << 12 & SEEN_TAG), time = seen_time(now), again, age, i, zero = 0, *entry;
	struct bw_scratch *scratch = bpf_map_lookup_elem(&SCRATCH, &zero);
	volatile __u32 *answered, *repeated;

	if (!p || !line || !scratch)
		return 0;
	again = ((__u32)hash ^ p->sequence * 2654435761u) & SEEN_TAG & ~SEEN_ANSWER;
	answered = &scratch->state;
	repeated = &scratch->place;
	*answered = 0;
	*repeated = 0;
#pragma unroll
	for (i = 0; i < BW_SEEN_WAYS; i++) {
		__u32 tag = line->entry[i] & SEEN_TAG;

		if (tag == answer)
			*answered = BW_SEEN_WAYS | i;
		if (tag == again)
			*repeated = BW_SEEN_WAYS | i;
	}
	if (*answered) {
		entry = &line->entry[*answered & (BW_SEEN_WAYS - 1)];
		age = (time - *entry) & 0xfff;
		if (age > ANSWER_SHARED)
			*entry = 0;
		if (age <= ANSWER_MOST)
			return 1;
	}
	if (*repeated) {
		entry = &line->entry[*repeated & (BW_SEEN_WAYS - 1)];
		age = (time - *entry) & 0xfff;
		if (age <= SEEN_MOST)
			return age >= SEEN_LEAST && within_repeats(p, now);
		*entry = again | time;
		return 0;
	}
	remember_seen(line, scratch, again | time);
	return 0;
}

/* Ones' complement sum of whole words, folded later. Cheaper than the helper for so few. */
static __always_inline __u64 sum_words(const void *from, int words)
{
	const __u32 *word = from;
	__u64 sum = 0;
	int i;

#pragma unroll
	for (i = 0; i < words; i++)
		sum += word[i];
	return sum;
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
		sum = sum_words(p->source, 8);
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
		ip->check = ~fold(sum_words(ip, 5));
		sum = (__u64)v4_of(p->source) + v4_of(p->destination);
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
	sum += sum_words(tcp, 5);
	tcp->check = ~fold(sum);
	return constants.answers == BW_ANSWERS_TC ? hand_to_tc(ctx) : XDP_TX;
}
