/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Headers of SYNs that open a flow, for fingerprints. They are worth having before a source has proved anything, for a
 * scanner never does; and anybody can send them in anybody's name. So a source has a share, all unproven ones of a CPU
 * have another, and only who has proved itself speaks past that: a forged flood costs a look-up and a comparison a SYN,
 * and does not silence those who were here before.
 */
#pragma once
#include "conntrack.h"

/* A source on one CPU: 20 a second, bursts of 5. What it sends is mostly the same. */
#define SYN_SOURCE_INTERVAL_NS 50000000ull
#define SYN_SOURCE_BURST_NS (4 * SYN_SOURCE_INTERVAL_NS)
/* Unproven sources of one CPU: 1,000 a second, bursts of 500. */
#define SYN_UNPROVEN_INTERVAL_NS 1000000ull
#define SYN_UNPROVEN_BURST_NS (499 * SYN_UNPROVEN_INTERVAL_NS)
/* Proven ones beyond that: 4,000 a second, bursts of 500. */
#define SYN_PROVEN_INTERVAL_NS 250000ull
#define SYN_PROVEN_BURST_NS (499 * SYN_PROVEN_INTERVAL_NS)

#define SYN_OPTION_WORDS 10

/* 1: this SYN may be sampled. `held` gets the number of those of its source that were not. */
static __always_inline int may_sample(const struct packet *p, struct bw_cpu *cpu, __u64 now, __u32 *held)
{
	const __u64 *half = (const void *)p->source;
	__u32 zero = 0, tag = (((half[0] * 0x9e3779b97f4a7c15ull) ^ half[1]) * 0xc2b2ae3d27d4eb4full) >> 32;
	struct bw_syn_share *share = bpf_map_lookup_elem(&SYN_SHARE, &zero);
	struct bw_syn_slot *slot;

	if (!share)
		return 0;
	slot = &share->slot[tag & (BW_SYN_SLOTS - 1)];
	if (slot->tag != tag) {
		slot->theoretical_ns = 0;
		slot->tag = tag;
		slot->held = 0;
	}
	if (!gcra(&slot->theoretical_ns, now, SYN_SOURCE_INTERVAL_NS, SYN_SOURCE_BURST_NS)
	    || (!gcra(&share->unproven_ns, now, SYN_UNPROVEN_INTERVAL_NS, SYN_UNPROVEN_BURST_NS)
		&& !(is_proven(p->source, now) && gcra(&share->proven_ns, now, SYN_PROVEN_INTERVAL_NS, SYN_PROVEN_BURST_NS)))) {
		slot->held++;
		lose(cpu, BW_LOST_SYN_SAMPLES);
		return 0;
	}
	*held = slot->held;
	slot->held = 0;
	return 1;
}

/* Word by word: a copy of variable length would need a helper of 5.18, and one by bytes costs more. */
static __always_inline void copy_words(__u32 *to, const void *from, int words)
{
	int i;

#pragma unroll
	for (i = 0; i < words; i++)
		to[i] = ((const __u32 *)from)[i];
}

/* Writes all of the sample's data, so that nothing older shows. `rest`: second half of an IPv6 header, or NULL. */
static __always_inline void copy_syn(struct cursor *c, const void *ip, const void *rest, const __u8 *tcp, struct bw_sample_event *sample)
{
	__u32 header = (tcp[12] >> 4) * 4;
	__u32 *to = (void *)sample->data;
	int i;

	copy_words(to, ip, 5);
	if (rest)
		copy_words(to + 5, rest, 5);
	else
		__builtin_memset(to + 5, 0, 20);
	to += BW_SYN_TCP / 4;
	copy_words(to, tcp, 5);
	to += 5;
#pragma unroll
	for (i = 0; i < SYN_OPTION_WORDS; i++) {
		const __u32 *word = (const void *)(tcp + sizeof(struct tcphdr) + 4 * i);

		to[i] = sizeof(struct tcphdr) + 4 * i < header && (void *)(word + 1) <= c->end ? *word : 0;
	}
	sample->data_length = BW_SYN_TCP + header;
}

__subprogram int sample_syn(struct xdp_md *ctx, const struct packet *p)
{
	struct cursor c = { .data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end };
	struct bw_cpu *cpu = this_cpu();
	struct bw_sample_event *sample;
	__u32 held = 0;
	void *ip, *rest = 0;
	__u8 *tcp;
	__u64 now;

	if (!p || !cpu)
		return 0;
	now = now_coarse(cpu);
	if (!may_sample(p, cpu, now, &held))
		return 0;
	ip = view(&c, p->l3, sizeof(struct iphdr));
	if (p->is_v6) {
		rest = view(&c, p->l3 + sizeof(struct iphdr), sizeof(struct iphdr));
		if (!rest)
			return 0;
	}
	tcp = view(&c, p->l4, sizeof(struct tcphdr));
	if (!ip || !tcp)
		return 0;
	sample = bpf_ringbuf_reserve(&SYN_EVENTS, sizeof(*sample) + BW_SYN_BYTES, 0);
	if (!sample) {
		lose(cpu, BW_LOST_SYN_SAMPLES);
		return 0;
	}
	__builtin_memset(sample, 0, sizeof(*sample));
	sample->time_ns = now;
	copy_address(sample->remote, p->source);
	copy_address(sample->local, p->destination);
	sample->remote_port = p->source_port;
	sample->local_port = p->destination_port;
	sample->protocol = IPPROTO_TCP;
	sample->kind = BW_SAMPLE_SYN;
	sample->direction = BW_INBOUND;
	sample->sequence = p->sequence;
	sample->payload_length = payload_length(p);
	sample->suppressed = held;
	sample->interface = p->interface;
	copy_syn(&c, ip, rest, tcp, sample);
	bpf_ringbuf_submit(sample, wake_flags());
	return 0;
}
