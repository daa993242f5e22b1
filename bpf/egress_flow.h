/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The other half of each flow: what our side sends, acknowledges and takes. All that ingress knows of windows comes
 * from here, for nobody outside can forge it.
 */
#pragma once
#include "conntrack.h"
#include "egress_events.h"
#include "ssh.h"

#define ANSWERS 1 /* begins the answer to an HTTP request */
#define ASKS    2 /* early on a flow that we opened */
#define SERVES  4 /* says something on a flow that may be SSH */

/* Data packets of ours that may begin a hello: proxies are spoken to first. */
#define EARLY_PACKETS 10

static __always_inline void note_outbound(struct bw_flow *flow, const struct packet *p, __u64 now)
{
	flow->last_ns = now;
	flow->local_ns = now;
	flow->packets_out++;
	flow->bytes_out += payload_length(p);
}

/* Long flows are reported while they last: what is carried away must not be told when it is gone. */
static __always_inline int is_milestone(const struct bw_flow *flow)
{
	__u64 packets = flow->packets_out;

	return packets >= 64 && (!(packets & (packets - 1)) || !(packets & 4095));
}

#define TCP_OPTIONS_MAX 40

/* The window scale option of a SYN of ours (RFC 7323 §2.2); 0: none. */
__subprogram int window_scale(struct __sk_buff *skb, const struct packet *p)
{
	struct bw_scratch *scratch = this_scratch();
	__u32 i, length = p ? p->payload - p->l4 - 20 : 0;
	volatile __u32 *at; /* in memory: the verifier follows each value of a register */
	__u8 *options;

	if (!p || !scratch || length > TCP_OPTIONS_MAX)
		return 0;
	options = scratch->record;
	__builtin_memset(options, 0, 64);
	asm volatile("" : "+r"(length));
	if (length == 0 || length > TCP_OPTIONS_MAX || bpf_skb_load_bytes(skb, p->l4 + 20, options, length))
		return 0;
	at = &scratch->place;
	*at = 0;
	for (i = 0; i < TCP_OPTIONS_MAX; i++) {
		__u32 here = *at;
		__u8 kind, size;

		if (here >= TCP_OPTIONS_MAX)
			break;
		kind = options[here];
		size = options[here + 1];
		if (kind == 0)
			break;
		if (kind == 3)
			return options[here + 2] > 14 ? 14 : options[here + 2];
		if (kind == 1)
			size = 1;
		else if (size < 2)
			break;
		*at = here + size;
	}
	return 0;
}

static __always_inline __u32 offered(const struct bw_flow *flow, const struct packet *p)
{
	__u32 window = p->window;

	/* The window of a SYN is never scaled. */
	if (p->tcp_flags & TCP_SYN)
		return window;
	window <<= flow->flags & BW_FLOW_SCALED ? flow->local_scale & 15 : 14;
	return window > FLIGHT_BYTES ? FLIGHT_BYTES : window;
}

/* What our side sent, what it has, and how much more it takes. A reset says nothing of that. */
static __always_inline void see_local(struct bw_flow *flow, const struct packet *p)
{
	__u32 end = sequence_end(p), edge;

	if (p->tcp_flags & TCP_RST)
		return;
	if (is_after(end, flow->local_next))
		flow->local_next = end;
	if (!(p->tcp_flags & TCP_ACK))
		return;
	if (is_after(p->acknowledgement, flow->local_acked)) {
		flow->local_acked = p->acknowledgement;
		if (flow->bytes_in && is_after(p->acknowledgement, flow->remote_first + 1))
			flow->flags |= BW_FLOW_TAKEN;
	}
	edge = p->acknowledgement + offered(flow, p);
	if (is_after(edge, flow->local_edge))
		flow->local_edge = edge;
}

/* The first thing that is seen of our side on a flow. */
static __always_inline void begin_local(struct bw_flow *flow, const struct packet *p)
{
	flow->local_first = p->sequence;
	flow->local_next = sequence_end(p);
	flow->local_acked = p->acknowledgement;
	flow->local_edge = p->acknowledgement + offered(flow, p);
}

/* Room for a flow that our side begins, or is first seen on. */
static __always_inline struct bw_flow *fresh_flow(const struct packet *p, __u64 now)
{
	struct bw_scratch *scratch = this_scratch();
	struct bw_flow *flow;

	if (!scratch)
		return 0;
	flow = &scratch->flow;
	__builtin_memset(flow, 0, sizeof(*flow));
	flow->first_ns = now;
	flow->flags = p->forwarded ? BW_FLOW_QUIET : 0;
	note_outbound(flow, p, now);
	return flow;
}

/* A SYN of ours: a new connection, whatever was on these ports before; or the same SYN again, perhaps without its data. */
__subprogram int open_outbound(struct __sk_buff *skb, struct packet *p, const struct bw_flow_key *key, __u64 now)
{
	struct bw_cpu *cpu = this_cpu();
	struct bw_flow *flow;

	if (!p || !key || !cpu)
		return 0;
	flow = bpf_map_lookup_elem(&CONN_TRACK, key);
	if (flow && flow->local_first == p->sequence && flow->flags & BW_FLOW_OUTBOUND) {
		note_outbound(flow, p, now);
		see_local(flow, p);
		return 0;
	}
	flow = fresh_flow(p, now);
	if (!flow)
		return 0;
	flow->local_first = p->sequence;
	flow->local_next = sequence_end(p);
	flow->local_edge = p->window;
	flow->local_scale = window_scale(skb, p);
	flow->state = BW_FLOW_SYN_OUT;
	flow->flags |= BW_FLOW_OUTBOUND | BW_FLOW_SCALED;
	if (bpf_map_update_elem(&CONN_TRACK, key, flow, BPF_ANY))
		lose(cpu, BW_LOST_FLOW_INSERT);
	tell_egress(p, flow, BW_EVENT_FLOW_OPEN, BW_OUTBOUND, 1);
	return 0;
}

/* A segment of ours on a verified flow. Says what else is to be looked at; -1: there is no such flow. */
__subprogram int continue_local(struct packet *p, const struct bw_flow_key *key, __u64 now)
{
	struct bw_flow *flow;
	__u32 direction;
	__u8 before;
	int more = 0;

	if (!p || !key)
		return -1;
	flow = bpf_map_lookup_elem(&CONN_TRACK, key);
	if (!flow)
		return -1;
	before = flow->state;
	direction = flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND;
	note_outbound(flow, p, now);
	if (flow->state == BW_FLOW_SYN_OUT) {
		/* Our side goes on, so it was answered on a way that we do not see. */
		if (p->tcp_flags & TCP_ACK && !(p->tcp_flags & (TCP_SYN | TCP_RST))) {
			begin_local(flow, p);
			flow->remote_next = p->acknowledgement;
			flow->remote_acked = p->sequence;
			flow->flags |= BW_FLOW_LOOSE;
			flow->state = BW_FLOW_ESTABLISHED;
		}
		return 0;
	}
	see_local(flow, p);
	if (flow->flags & BW_FLOW_ASKED && payload_length(p)) {
		flow->flags &= ~BW_FLOW_ASKED;
		more |= ANSWERS;
	}
	/* A server of SSH speaks first. */
	if (direction == BW_INBOUND && payload_length(p) && (follows_ssh(flow) || flow->bytes_out == payload_length(p)))
		more |= SERVES;
	if (flow->flags & BW_FLOW_OUTBOUND && payload_length(p) && (flow->hello_left || (flow->packets_out <= EARLY_PACKETS && !(flow->flags & BW_FLOW_OPAQUE))))
		more |= ASKS;
	/* Nobody knows who opened a flow that was taken up, nor how much went over it. */
	if (is_milestone(flow) && !(flow->flags & BW_FLOW_LOOSE))
		tell_egress(p, flow, BW_EVENT_FLOW_PROGRESS, direction, 1);
	if (p->tcp_flags & TCP_SYN)
		return more;
	if (p->tcp_flags & TCP_RST) {
		flow->state = BW_FLOW_CLOSED;
	} else if (p->tcp_flags & TCP_FIN) {
		flow->flags |= BW_FLOW_FIN_LOCAL;
		flow->state = flow->flags & BW_FLOW_FIN_REMOTE ? BW_FLOW_CLOSED : BW_FLOW_CLOSING;
	}
	if (flow->state == BW_FLOW_CLOSED && before != BW_FLOW_CLOSED && !(flow->flags & BW_FLOW_LOOSE))
		tell_egress(p, flow, BW_EVENT_FLOW_CLOSED, direction, 1);
	return more;
}

/* A segment of ours on a flow that has proved nothing yet, or of a flow that we never saw: our side knows it, so it is there. */
__subprogram int continue_half(struct __sk_buff *skb, struct packet *p, const struct bw_flow_key *key, __u64 now)
{
	struct bw_cpu *cpu = this_cpu();
	struct bw_flow *flow;

	if (!p || !key || !cpu)
		return 0;
	flow = bpf_map_lookup_elem(&HALF_OPEN, key);
	if (p->tcp_flags & TCP_RST) {
		if (flow) {
			note_outbound(flow, p, now);
			if (flow->state == BW_FLOW_SYN && flow->packets_out == 1)
				tell_egress(p, flow, BW_EVENT_FLOW_REFUSED, BW_INBOUND, 0);
			bpf_map_delete_elem(&HALF_OPEN, key);
		}
		return 0;
	}
	if (!flow) {
		flow = fresh_flow(p, now);
		if (!flow)
			return 0;
		flow->state = BW_FLOW_SYN;
		flow->flags |= BW_FLOW_LOOSE;
		flow->remote_next = p->acknowledgement;
		begin_local(flow, p);
		if (bpf_map_update_elem(&HALF_OPEN, key, flow, BPF_ANY))
			lose(cpu, BW_LOST_FLOW_INSERT);
		return 0;
	}
	note_outbound(flow, p, now);
	if (p->tcp_flags & TCP_SYN) {
		if (flow->state != BW_FLOW_SYN_ACK || flow->local_first != p->sequence) {
			begin_local(flow, p);
			/* Scales bind only when both sides said theirs; a server answers one with one. */
			flow->local_scale = window_scale(skb, p);
			flow->flags |= BW_FLOW_SCALED;
			flow->state = BW_FLOW_SYN_ACK;
		}
	} else if (flow->state == BW_FLOW_SYN_ACK || flow->packets_out > 1) {
		see_local(flow, p);
	} else {
		/* No handshake, and yet our side speaks: it knows this flow from before. */
		begin_local(flow, p);
		flow->flags |= BW_FLOW_LOOSE;
	}
	return 0;
}

/* 1: the interface where this flow came in tells of it. `p` is turned round already. */
__subprogram int is_told_elsewhere(struct packet *p)
{
	struct bw_flow_key key;
	struct bw_flow *flow;

	if (!p)
		return 0;
	flow_key_inbound(&key, p);
	if (p->protocol == IPPROTO_TCP)
		flow = bpf_map_lookup_elem(&CONN_TRACK, &key);
	else
		flow = bpf_map_lookup_elem(&ASKED, &key);
	return flow && flow->flags & BW_FLOW_QUIET;
}

/* Our side answers a SYN with a number of its own: these ports were opened anew, and it knows best. */
static __always_inline void open_anew(const struct packet *p, const struct bw_flow_key *key)
{
	struct bw_flow *flow = bpf_map_lookup_elem(&CONN_TRACK, key);

	if (flow && flow->local_first != p->sequence && bpf_map_lookup_elem(&HALF_OPEN, key))
		bpf_map_delete_elem(&CONN_TRACK, key);
}

/* `p` is turned round already. Says what else is to be looked at. */
__subprogram int track_tcp(struct __sk_buff *skb, struct packet *p, __u64 now)
{
	struct bw_flow_key key;
	int more;

	if (!p)
		return 0;
	flow_key_inbound(&key, p);
	if ((p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return open_outbound(skb, p, &key, now);
	if (p->tcp_flags & TCP_SYN)
		open_anew(p, &key);
	more = continue_local(p, &key, now);
	return more < 0 ? continue_half(skb, p, &key, now) : more;
}

/* As above. */
__subprogram int track_datagram(struct packet *p, __u64 now)
{
	struct bw_cpu *cpu = this_cpu();
	struct bw_flow_key key;
	struct bw_flow *flow;

	if (!p || !cpu)
		return 0;
	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&ASKED, &key);
	if (!flow)
		flow = bpf_map_lookup_elem(&HALF_OPEN, &key);
	if (flow) {
		/* Who checks in over one pair of ports opens nothing that could be told. */
		if (flow->flags & BW_FLOW_OUTBOUND && elapsed(now, flow->last_ns) >= FLOW_WAKES_NS)
			tell_egress(p, flow, BW_EVENT_FLOW_WAKES, BW_OUTBOUND, 1);
		note_outbound(flow, p, now);
		if (flow->state == BW_FLOW_DATAGRAM)
			flow->state = BW_FLOW_DIALOGUE;
		if (is_milestone(flow))
			tell_egress(p, flow, BW_EVENT_FLOW_PROGRESS, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, 0);
		return flow->flags & BW_FLOW_OUTBOUND && flow->packets_out <= 4 ? ASKS : 0;
	}
	flow = fresh_flow(p, now);
	if (!flow)
		return 0;
	flow->state = BW_FLOW_DATAGRAM;
	flow->flags |= BW_FLOW_OUTBOUND;
	if (bpf_map_update_elem(&ASKED, &key, flow, BPF_ANY))
		lose(cpu, BW_LOST_FLOW_INSERT);
	tell_egress(p, flow, BW_EVENT_FLOW_OPEN, BW_OUTBOUND, 1);
	return ASKS;
}
