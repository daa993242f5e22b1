/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connection tracking in two tables. HALF_OPEN holds what anybody can forge. CONN_TRACK holds flows whose remote sent
 * back a sequence number that the local side chose (and flows the local side opened): only those are exempt from
 * limits, and no flood of one- or two-packet flows can push them out.
 */
#pragma once
#include "events.h"

#define FLOW_WAKES_NS (5ull * 1000000000)
#define FLOW_REUSE_IDLE_NS (60ull * 1000000000)  /* TIME_WAIT of Linux */
#define RST_WINDOW 65536u

static __always_inline void flow_key_inbound(struct bw_flow_key *key, const struct packet *p)
{
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(key->remote, p->source);
	copy_address(key->local, p->destination);
	key->remote_port = p->source_port;
	key->local_port = p->destination_port;
	key->protocol = p->protocol;
}

static __always_inline void remember_proof(const struct bw_settings *settings, const __u8 *source, __u64 now)
{
	__u64 until = now + settings->proof_ttl_ns;

	bpf_map_update_elem(&PROVEN, source, &until, BPF_ANY);
}

static __always_inline int is_proven(const __u8 *source, __u64 now)
{
	__u64 *until = bpf_map_lookup_elem(&PROVEN, source);

	return until && now < *until;
}

static __always_inline __u32 payload_length(const struct packet *p)
{
	return p->end > p->payload ? p->end - p->payload : 0;
}

static __always_inline void note_inbound(struct bw_flow *flow, const struct packet *p, __u64 now)
{
	__u32 length = payload_length(p);

	flow->last_ns = now;
	flow->packets_in++;
	flow->bytes_in += length;
	/* A reset may be forged; its number is judged, not believed. */
	if (p->protocol == IPPROTO_TCP && !(p->tcp_flags & TCP_RST))
		flow->remote_isn = p->sequence + length + !!(p->tcp_flags & (TCP_SYN | TCP_FIN));
}

enum track_result {
	TRACK_ESTABLISHED = 0, /* verified flow: exempt from limits */
	TRACK_NEW,             /* nothing known: judge it, then begin_flow() */
	TRACK_UNVERIFIED,      /* known, has proved nothing */
};

/* Marks what FIN and RST do. Returns 1 once, when the flow has just ended. */
static __always_inline int close_inbound(struct bw_flow *flow, const struct packet *p)
{
	__u8 before = flow->state;

	if (before == BW_FLOW_CLOSED)
		return 0;
	if (p->tcp_flags & TCP_RST) {
		/* A reset out of window is ignored by the stack (RFC 5961), so it closes nothing here either. */
		if (p->sequence - flow->remote_isn + RST_WINDOW < 2 * RST_WINDOW)
			flow->state = BW_FLOW_CLOSED;
	} else if (p->tcp_flags & TCP_FIN) {
		flow->flags |= BW_FLOW_FIN_REMOTE;
		flow->state = flow->flags & BW_FLOW_FIN_LOCAL ? BW_FLOW_CLOSED : BW_FLOW_CLOSING;
	}
	return flow->state == BW_FLOW_CLOSED;
}

/* A flow in CONN_TRACK that this packet belongs to; NULL also when a SYN opens the same ports anew. */
static __always_inline struct bw_flow *verified_flow(const struct bw_flow_key *key, const struct packet *p, __u64 now)
{
	struct bw_flow *flow = bpf_map_lookup_elem(&CONN_TRACK, key);

	if (!flow || p->protocol != IPPROTO_TCP)
		return flow;
	if ((p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		/* The ports are used again: the old flow must not vouch for the new one. */
		if (flow->state == BW_FLOW_CLOSED || (flow->state == BW_FLOW_CLOSING && elapsed(now, flow->last_ns) > FLOW_REUSE_IDLE_NS))
			bpf_map_delete_elem(&CONN_TRACK, key);
		return 0;
	}
	if (flow->state == BW_FLOW_SYN_OUT) {
		/* We opened it: the answer must echo our number (RFC 793 §3.4). A simultaneous open does so later. */
		if (!(p->tcp_flags & TCP_ACK) || p->acknowledgement != flow->local_isn + 1)
			return 0;
	}
	return flow;
}

/* 1: the ACK echoes what the local side sent, so the remote is really there. */
static __always_inline int echoes(const struct bw_flow *half, const struct packet *p)
{
	if (!(p->tcp_flags & TCP_ACK) || p->tcp_flags & (TCP_SYN | TCP_RST))
		return 0;
	if (half->state == BW_FLOW_SYN_ACK)
		return p->acknowledgement == half->local_isn + 1;
	return half->flags & BW_FLOW_LOOSE && half->packets_out && p->acknowledgement == half->local_isn;
}

/* Puts a new inbound flow into HALF_OPEN. */
static __always_inline void begin_flow(const struct bw_flow_key *key, const struct packet *p, struct bw_cpu *cpu, __u64 now)
{
	struct bw_flow flow = {
		.first_ns = now,
		.last_ns = now,
		.packets_in = 1,
		.bytes_in = payload_length(p),
	};

	if (p->protocol == IPPROTO_TCP) {
		flow.remote_first = p->sequence;
		flow.remote_isn = p->sequence + payload_length(p) + !!(p->tcp_flags & (TCP_SYN | TCP_FIN));
		flow.state = BW_FLOW_SYN;
		if (!(p->tcp_flags & TCP_SYN))
			flow.flags = BW_FLOW_LOOSE;
	} else {
		flow.state = BW_FLOW_DATAGRAM;
	}
	if (bpf_map_update_elem(&HALF_OPEN, key, &flow, BPF_ANY))
		lose(cpu, BW_LOST_FLOW_INSERT);
}
