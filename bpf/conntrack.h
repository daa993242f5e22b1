/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connection tracking in three tables. HALF_OPEN holds what anybody can forge. CONN_TRACK holds TCP flows whose remote
 * sent back a sequence number that the local side chose, and those that the local side opens; ASKED holds datagram flows
 * that the local side opened. No flood reaches the last two. State moves only on packets in window (RFC 9293 §3.10.7.4,
 * RFC 5961): what our side sent and acknowledged is known from egress, which nobody outside can forge.
 */
#pragma once
#include "checksum.h"
#include "events.h"

#define FLOW_WAKES_NS (5ull * 1000000000)
#define FLOW_REUSE_IDLE_NS (60ull * 1000000000)  /* TIME_WAIT of Linux */

/* How far behind the newest number a packet may lie that was overtaken on the way. */
#define REORDER_BYTES 65536u
/* Bytes in flight at most: what a flow that was taken up may acknowledge, and a window whose scale is unknown. */
#define FLIGHT_BYTES (16u << 20)
/* A stream that goes on lies this near to where it was. */
#define STREAM_BYTES (1u << 20)
/* A stream that was taken up may be somewhere else after this. */
#define STREAM_GAP_NS (5ull * 1000000000)
/* Whoever sent this lately is there, and its numbers are fresh. */
#define LOCAL_FRESH_NS (2ull * 1000000000)
/* Segments that do not fit their flow, a flow: the stack answers each class of them twice a second. */
#define STRAY_INTERVAL_NS 1000000ull
#define STRAY_BURST_NS (999 * STRAY_INTERVAL_NS)

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

/* The address is alive: it lifts limits, and says nothing of who sent a packet that has it for its source. */
static __always_inline int is_proven(const __u8 *source, __u64 now)
{
	__u64 *until = bpf_map_lookup_elem(&PROVEN, source);

	return until && now < *until;
}

static __always_inline __u32 payload_length(const struct packet *p)
{
	return p->end > p->payload ? p->end - p->payload : 0;
}

static __always_inline __u32 sequence_end(const struct packet *p)
{
	return p->sequence + payload_length(p) + !!(p->tcp_flags & TCP_SYN) + !!(p->tcp_flags & TCP_FIN);
}

/* Sequence numbers are compared modulo 2^32 (RFC 9293 §3.4). */
static __always_inline int is_after(__u32 a, __u32 b)
{
	return (__s32)(a - b) > 0;
}

static __always_inline int lies_within(__u32 number, __u32 from, __u32 to)
{
	return number - from <= to - from;
}

/* The oldest number that may still come: not before the first one, and not older than what reordering explains. */
static __always_inline __u32 oldest(__u32 newest, __u32 first)
{
	return newest - first < REORDER_BYTES ? first : newest - REORDER_BYTES;
}

/* 1: its acknowledgement is one of bytes that our side sent, not older than RFC 5961 §5.2 allows. */
static __always_inline int acknowledges(const struct bw_flow *flow, const struct packet *p)
{
	return p->tcp_flags & TCP_ACK && lies_within(p->acknowledgement, oldest(flow->remote_acked, flow->local_first + !(flow->flags & BW_FLOW_LOOSE)), flow->local_next);
}

/* 1: the segment fits the flow. Without the checksum, which is asked for where state would move. */
static __always_inline int in_window(const struct bw_flow *flow, const struct packet *p)
{
	if (!lies_within(p->sequence, oldest(flow->local_acked, flow->remote_first), flow->local_edge))
		return 0;
	return p->tcp_flags & TCP_RST ? 1 : acknowledges(flow, p);
}

/* 1: the reset is one that the stack believes: exactly the number that it waits for (RFC 5961 §3.2). */
static __always_inline int resets(const struct bw_flow *flow, const struct packet *p)
{
	return p->sequence == flow->local_acked || p->sequence == flow->remote_next;
}

/* Our side is there and says where it is: what does not fit then is not the remote's. */
static __always_inline int is_fresh(const struct bw_flow *flow, __u64 now)
{
	return flow->local_ns && elapsed(now, flow->local_ns) < LOCAL_FRESH_NS;
}

static __always_inline void note_inbound(struct bw_flow *flow, const struct packet *p, __u64 now)
{
	flow->last_ns = now;
	flow->packets_in++;
	flow->bytes_in += payload_length(p);
}

/* A segment in window. */
static __always_inline void follow(struct bw_flow *flow, const struct packet *p, __u64 now)
{
	__u32 end = sequence_end(p);

	note_inbound(flow, p, now);
	if (p->tcp_flags & TCP_RST)
		return;
	if (is_after(end, flow->remote_next))
		flow->remote_next = end;
	if (is_after(p->acknowledgement, flow->remote_acked))
		flow->remote_acked = p->acknowledgement;
}

/* Marks what FIN and RST in window do. Returns 1 once, when the flow has just ended. */
static __always_inline int close_inbound(struct bw_flow *flow, const struct packet *p)
{
	if (flow->state == BW_FLOW_CLOSED)
		return 0;
	if (p->tcp_flags & TCP_RST) {
		if (resets(flow, p))
			flow->state = BW_FLOW_CLOSED;
	} else if (p->tcp_flags & TCP_FIN) {
		flow->flags |= BW_FLOW_FIN_REMOTE;
		flow->state = flow->flags & BW_FLOW_FIN_LOCAL ? BW_FLOW_CLOSED : BW_FLOW_CLOSING;
	}
	return flow->state == BW_FLOW_CLOSED;
}

/* A SYN uses the ports of a flow that has ended: it must not vouch for the new one. */
static __always_inline void forget_ended(const struct bw_flow_key *key, __u64 now)
{
	struct bw_flow *flow = bpf_map_lookup_elem(&CONN_TRACK, key);

	if (flow && (flow->state == BW_FLOW_CLOSED || (flow->state == BW_FLOW_CLOSING && elapsed(now, flow->last_ns) > FLOW_REUSE_IDLE_NS)))
		bpf_map_delete_elem(&CONN_TRACK, key);
}

/* A flow in CONN_TRACK that this segment, which is no SYN, has the ports of. */
static __always_inline struct bw_flow *verified_flow(const struct bw_flow_key *key, const struct packet *p)
{
	struct bw_flow *flow = bpf_map_lookup_elem(&CONN_TRACK, key);

	if (!flow)
		return 0;
	if (flow->state == BW_FLOW_SYN_OUT) {
		/*
		 * We opened it: the answer must acknowledge our SYN, and may acknowledge data that it carried (RFC 7413 §4.2.1). A
		 * simultaneous open does so later.
		 */
		if (!(p->tcp_flags & TCP_ACK) || !lies_within(p->acknowledgement, flow->local_first + 1, flow->local_next))
			return 0;
	}
	return flow;
}

/* The answer to our SYN has come: where the remote begins, and how far our window reaches from there. */
static __always_inline void begin_outbound_flow(struct bw_flow *flow, const struct packet *p)
{
	flow->state = BW_FLOW_ESTABLISHED;
	flow->remote_first = p->sequence;
	flow->remote_next = sequence_end(p);
	flow->remote_acked = p->acknowledgement;
	flow->local_acked = p->sequence + !!(p->tcp_flags & TCP_SYN);
	flow->local_edge += flow->local_acked;
}

/*
 * 1: the ACK acknowledges what the local side sent, so the remote is really there. Of a flow whose beginning was not
 * seen, anything of the last 16 MB that we saw our side send.
 */
static __always_inline int verifies(const struct bw_flow *half, const struct packet *p)
{
	__u32 first = half->local_first;

	if (!(p->tcp_flags & TCP_ACK) || p->tcp_flags & (TCP_SYN | TCP_RST))
		return 0;
	if (half->state == BW_FLOW_SYN_ACK)
		return lies_within(p->acknowledgement, first + 1, half->local_next) && lies_within(p->sequence, half->local_acked, half->local_edge);
	if (!(half->flags & BW_FLOW_LOOSE) || !half->local_ns)
		return 0;
	if (half->local_next - first > FLIGHT_BYTES)
		first = half->local_next - FLIGHT_BYTES;
	return lies_within(p->acknowledgement, first, half->local_next);
}

/*
 * 1: the segment goes on where the stream was, and the flow follows it. Of a flow of which we see one half that is all
 * that can be known; a segment anywhere else does not lead it astray.
 */
static __always_inline int continues(struct bw_flow *half, const struct packet *p, __u64 now)
{
	__u32 end = sequence_end(p);

	if (p->tcp_flags & TCP_RST)
		return 0;
	if (!lies_within(p->sequence, half->remote_next - STREAM_BYTES, half->remote_next + STREAM_BYTES)) {
		if (elapsed(now, half->last_ns) < STREAM_GAP_NS)
			return 0;
		half->remote_next = end;
	} else if (is_after(end, half->remote_next)) {
		half->remote_next = end;
	}
	return 1;
}

/* Puts a new inbound flow into HALF_OPEN. */
__subprogram int begin_flow(const struct bw_flow_key *key, const struct packet *p, __u64 now)
{
	__u32 zero = 0;
	struct bw_scratch *scratch = bpf_map_lookup_elem(&SCRATCH, &zero);
	struct bw_cpu *cpu = this_cpu();
	struct bw_flow *flow;

	if (!key || !p || !scratch || !cpu)
		return 0;
	flow = &scratch->flow;
	__builtin_memset(flow, 0, sizeof(*flow));
	flow->first_ns = now;
	flow->last_ns = now;
	flow->packets_in = 1;
	flow->bytes_in = payload_length(p);
	flow->state = BW_FLOW_DATAGRAM;
	if (p->protocol == IPPROTO_TCP) {
		flow->remote_first = p->sequence;
		flow->remote_next = sequence_end(p);
		flow->state = BW_FLOW_SYN;
		if ((p->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
			flow->flags = BW_FLOW_LOOSE;
	}
	if (bpf_map_update_elem(&HALF_OPEN, key, flow, BPF_ANY))
		lose(cpu, BW_LOST_FLOW_INSERT);
	return 0;
}
