/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The second half: diverted flows, verified flows, limits and challenges, tracking. */
#pragma once
#include "checksum_tcp.h"
#include "fragment.h"
#include "inspect.h"
#include "judge.h"
#include "judge_syn.h"
#include "nat_icmp.h"

/* NULL, XMAS, SYN+FIN, SYN+RST, FIN without ACK, and anything else without one of SYN, ACK, RST. */
static __always_inline int impossible_flags(__u8 flags)
{
	if (flags & TCP_SYN)
		return flags & (TCP_FIN | TCP_RST);
	if (flags & TCP_RST)
		return flags & TCP_FIN;
	return !(flags & TCP_ACK);
}

static __always_inline int later_fragment(struct xdp_md *ctx, struct packet *p, struct judge *j)
{
	struct bw_fragment *first = first_of(p, j->now);

	/*
	 * The network may turn fragments round. The stack can do nothing with one that came early until the first is there,
	 * and that one is judged; so a source may be early within a limit of its own.
	 */
	if (!first) {
		if (j->closed || !within_limit(p, BW_CLASS_FRAGMENT))
			return dropped(j, p, BW_DROP_FRAGMENT_ORPHAN);
		return passed(j, p, BW_PASS_DEFAULT);
	}
	if (first->verdict == BW_FRAGMENT_DROP)
		return dropped(j, p, BW_DROP_FRAGMENT_ORPHAN);
	if (first->verdict == BW_FRAGMENT_NAT && j->settings->mode == BW_MODE_ENFORCE) {
		struct bw_nat nat = {};

		copy_address(nat.target, first->target);
		if (rewrite_inbound(ctx, p, &nat))
			return dropped(j, p, BW_DROP_MALFORMED_IP);
		return passed(j, p, BW_REDIRECT_STICKY);
	}
	return passed(j, p, BW_PASS_DEFAULT);
}

/* Diverted flows, and new ones of a source that shall be diverted. GO_ON: not this packet. */
static __always_inline int divert(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	struct bw_target *target = bpf_map_lookup_elem(&TARPIT_TARGET, &j->slot);
	struct bw_nat fresh = {}, *nat;
	__u32 reason = BW_REDIRECT_STICKY;

	if (!target_of(target, p->is_v6, fresh.target, &fresh.target_port))
		return GO_ON;
	nat = nat_of(key, p, j->now);
	if (!nat) {
		if (p->destination_port == fresh.target_port && same_address(p->destination, fresh.target))
			return dropped(j, p, BW_DROP_TARPIT_DIRECT);
		if (p->action != BW_REDIRECT)
			return GO_ON;
		/* Only new flows: a SYN, or a datagram of a flow that is not known yet. */
		if (p->protocol == IPPROTO_TCP ? (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN
					    : bpf_map_lookup_elem(&HALF_OPEN, key) || bpf_map_lookup_elem(&ASKED, key))
			return GO_ON;
		if (j->settings->mode != BW_MODE_ENFORCE) {
			count(j->cpu, BW_REDIRECT_NEW + WOULD, p->frame_length);
			return GO_ON;
		}
		if (begin_nat(key, &fresh, j->now))
			return dropped(j, p, BW_DROP_NAT_FULL);
		nat = &fresh;
		reason = BW_REDIRECT_NEW;
		report(p, 0, BW_EVENT_REDIRECTED, reason);
		if (p->protocol == IPPROTO_TCP && j->settings->features & BW_FEATURE_SYN)
			sample_syn(ctx, p);
	} else {
		if (j->settings->mode != BW_MODE_ENFORCE)
			return GO_ON;
		nat->last_ns = j->now;
		__builtin_memcpy(&fresh, nat, sizeof(fresh));
		nat = &fresh;
	}
	copy_address(p->nat_target, fresh.target);
	p->nat_done = 1;
	if (rewrite_inbound(ctx, p, nat))
		return dropped(j, p, BW_DROP_MALFORMED_L4);
	return passed(j, p, reason);
}

/* Leaves notes for the inspecting programs and goes there; comes back only when there is none. */
static __always_inline void inspect_payload(struct xdp_md *ctx, const struct packet *p, const struct judge *j, const struct bw_flow_key *key,
					    int proven, __u8 direction, __u32 program)
{
	struct bw_scratch *scratch = this_scratch();

	/* The tail call would not come back to note what later fragments need, and half a datagram tells little. */
	if (!scratch || p->fragment != NOT_FRAGMENT)
		return;
	__builtin_memcpy(&scratch->key, key, sizeof(*key));
	scratch->now_ns = j->now;
	scratch->payload_offset = p->payload;
	scratch->payload_length = payload_length(p);
	scratch->sequence = p->sequence;
	scratch->frame_length = p->frame_length;
	scratch->interface = p->interface;
	scratch->is_v6 = p->is_v6;
	scratch->proven = proven;
	scratch->direction = direction;
	scratch->tcp_flags = p->tcp_flags;
	scratch->loaded = 0;
	bpf_tail_call(ctx, &PROG_ARRAY, program);
	lose(j->cpu, BW_LOST_TAIL_CALL);
}

/*
 * A segment that has the ports of a flow and does not fit it moves nothing and is shown to nobody. The stack drops it;
 * while our side is there to say where it is, a few of them are enough. Otherwise we see one half of the flow, or did not
 * see its beginning, and it passes within a limit of its own.
 */
static __always_inline int stray(struct packet *p, struct judge *j, struct bw_flow *flow)
{
	int within = flow->state == BW_FLOW_CLOSED || (is_fresh(flow, j->now) && !(flow->flags & BW_FLOW_LOOSE))
			     ? gcra(&flow->own_ns, j->now, STRAY_INTERVAL_NS, STRAY_BURST_NS)
			     : within_limit(p, BW_CLASS_STREAM);

	if (!within)
		return dropped(j, p, BW_DROP_LIMIT_NEW);
	return passed(j, p, flow->state == BW_FLOW_CLOSED ? BW_PASS_ESTABLISHED : BW_PASS_DEFAULT);
}

/* 1: this segment has something for the inspecting programs: bytes that our side does not have yet, early on a flow. */
static __always_inline int is_wanted(const struct bw_flow *flow, const struct packet *p, const struct judge *j)
{
	return payload_length(p) && p->fragment == NOT_FRAGMENT && !(flow->flags & (BW_FLOW_LOOSE | BW_FLOW_QUIET)) && is_after(sequence_end(p), flow->local_acked)
	       && j->settings->features & (BW_FEATURE_ENTROPY | BW_FEATURE_TLS | BW_FEATURE_DPI)
	       && wants_inspection(flow);
}

static __always_inline int established(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key, struct bw_flow *flow)
{
	int opens = flow->state == BW_FLOW_SYN_OUT, wanted;

	if (flow->state == BW_FLOW_CLOSED || (!opens && !in_window(flow, p)))
		return stray(p, j, flow);
	wanted = is_wanted(flow, p, j);
	if ((opens || wanted || p->tcp_flags & (TCP_FIN | TCP_RST)) && !checksum_is_right(ctx, p))
		return stray(p, j, flow);
	if (opens) {
		begin_outbound_flow(flow, p);
		remember_proof(j->settings, p->source, j->now);
		report(p, flow, BW_EVENT_FLOW_ESTABLISHED, BW_PASS_ESTABLISHED);
	}
	follow(flow, p, j->now);
	if (p->tcp_flags & (TCP_FIN | TCP_RST) && close_inbound(flow, p) && !(flow->flags & BW_FLOW_LOOSE))
		report(p, flow, BW_EVENT_FLOW_CLOSED, BW_PASS_ESTABLISHED);
	count(j->cpu, BW_PASS_ESTABLISHED, p->frame_length);
	if (wanted) {
		if (p->payload + payload_length(p) > (__u32)((long)ctx->data_end - (long)ctx->data))
			lose(j->cpu, BW_LOST_PAYLOAD_FRAGS);
		inspect_payload(ctx, p, j, key, 1, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, BW_DPI_INSPECT);
	}
	return XDP_PASS;
}

/* The acknowledgement is right: the flow moves to CONN_TRACK. */
static __always_inline int promote(struct packet *p, const struct judge *j, const struct bw_flow_key *key, const struct bw_flow *half)
{
	struct bw_scratch *scratch = this_scratch();
	struct bw_flow *flow;

	if (!scratch)
		return 0;
	flow = &scratch->flow;
	__builtin_memcpy(flow, half, sizeof(*flow));
	flow->state = BW_FLOW_ESTABLISHED;
	flow->remote_acked = p->acknowledgement;
	flow->own_ns = 0;
	if (flow->flags & BW_FLOW_LOOSE)
		flow->remote_next = p->sequence;
	if (bpf_map_update_elem(&CONN_TRACK, key, flow, BPF_ANY)) {
		lose(j->cpu, BW_LOST_FLOW_INSERT);
		return 0;
	}
	bpf_map_delete_elem(&HALF_OPEN, key);
	/* What was there before us says nothing of who its remote is. */
	if (!(flow->flags & BW_FLOW_LOOSE)) {
		remember_proof(j->settings, p->source, j->now);
		/* Nobody else can complete a handshake in its name, so this is what a strict limit counts. */
		if (is_limited(p))
			within_limit(p, completed_class(p) | LIMIT_COMPLETED);
		report(p, flow, BW_EVENT_FLOW_ESTABLISHED, BW_PASS_ESTABLISHED);
	}
	return 1;
}

/* Within a limit that a forger may have used up; a proven address has another one behind it. */
static __always_inline int within_either(const struct packet *p, const struct judge *j, __u32 class_)
{
	return within_limit(p, class_) || (is_proven(p->source, j->now) && within_limit(p, class_ | LIMIT_PROVEN));
}

/* The challenge was answered on these ports: the next SYN on them passes. */
static __always_inline int answered(struct packet *p, const struct judge *j)
{
	remember_proof(j->settings, p->source, j->now);
	note_answer(p, j->now);
	report(p, 0, BW_EVENT_PROVEN, BW_DROP_PROOF);
	return dropped(j, p, BW_DROP_PROOF);
}

/* A segment that is no SYN, of a flow that has proved nothing. GO_ON: now it has. */
__subprogram int judge_segment(struct xdp_md *ctx, struct packet *p, const struct bw_flow_key *key)
{
	struct bw_flow *half;
	struct judge j = {};

	if (!p || !key || !begin_judging(&j))
		return XDP_PASS;
	/* Asked whatever the flood setting is: a source under a rate limit is challenged even without it. */
	if (p->tcp_flags & TCP_RST && answers_challenge(p, j.now))
		return answered(p, &j);
	half = bpf_map_lookup_elem(&HALF_OPEN, key);
	if (half && verifies(half, p) && checksum_is_right(ctx, p) && promote(p, &j, key, half))
		return GO_ON;
	/*
	 * The host in whose name a SYN was forged takes back what our side answered (RFC 9293 §3.10.7.3). Nobody else knows
	 * that number. No limit that a forger filled may keep it from our side, which would hold the ports for the forger.
	 */
	if (half && half->state == BW_FLOW_SYN_ACK && p->tcp_flags & TCP_RST && p->sequence == half->local_acked) {
		bpf_map_delete_elem(&HALF_OPEN, key);
		return passed(&j, p, BW_PASS_DEFAULT);
	}
	if (half && continues(half, p, j.now)) {
		if (!within_limit(p, BW_CLASS_STREAM))
			return dropped(&j, p, BW_DROP_LIMIT_NEW);
		note_inbound(half, p, j.now);
		return passed(&j, p, BW_PASS_DEFAULT);
	}
	if (!within_either(p, &j, is_limited(p) ? BW_CLASS_STRICT : BW_CLASS_NEW))
		return refused(&j, p, BW_DROP_LIMIT_NEW, BW_EVENT_LIMITED);
	/* A segment in the middle of nothing opens no flow that detection should count. */
	if (!half)
		begin_flow(key, p, j.now);
	return passed(&j, p, BW_PASS_DEFAULT);
}

static __always_inline int judge_tcp(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	struct bw_flow *flow;
	int verdict;

	if (impossible_flags(p->tcp_flags))
		return refused(j, p, BW_DROP_TCP_FLAGS, BW_EVENT_STEALTH);
	if ((p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return j->closed ? dropped(j, p, BW_DROP_SILENT) : judge_syn(ctx, p, key);
	flow = verified_flow(key, p);
	if (!flow) {
		if (j->closed)
			return dropped(j, p, BW_DROP_SILENT);
		verdict = judge_segment(ctx, p, key);
		if (verdict != GO_ON)
			return verdict;
		flow = bpf_map_lookup_elem(&CONN_TRACK, key);
		if (!flow)
			return passed(j, p, BW_PASS_DEFAULT);
	}
	return established(ctx, p, j, key, flow);
}

/* 1: a dialogue within its own share, an eighth of its class: what is forged in the same name elsewhere does not end it. */
static __always_inline int within_dialogue(struct bw_flow *half, const struct judge *j, __u32 class_)
{
	const struct bw_limit *limit = &j->settings->limit[class_][BW_SCOPE_HOST];

	return half && half->state == BW_FLOW_DIALOGUE && half->packets_out > 1 && limit->interval_ns
	       && gcra(&half->own_ns, j->now, limit->interval_ns * 8, limit->burst_ns);
}

static __always_inline int datagram(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	int is_udp = p->protocol == IPPROTO_UDP;
	__u32 class_ = is_udp ? BW_CLASS_UDP : BW_CLASS_ICMP;
	struct bw_flow *half = bpf_map_lookup_elem(&ASKED, key);
	int ours = !!half;
	__u8 *first;

	if (!ours)
		half = bpf_map_lookup_elem(&HALF_OPEN, key);
	if (j->closed && !ours && !is_icmp_error(p))
		return dropped(j, p, BW_DROP_SILENT);
	/* Answers to what we asked are not a flood of theirs. */
	if (!ours && !within_dialogue(half, j, class_) && !within_either(p, j, is_limited(p) ? BW_CLASS_STRICT : class_))
		return refused(j, p, is_udp ? BW_DROP_LIMIT_UDP : BW_DROP_LIMIT_ICMP, BW_EVENT_LIMITED);
	if (half) {
		note_inbound(half, p, j->now);
	} else {
		begin_flow(key, p, j->now);
		report(p, 0, BW_EVENT_FLOW_OPEN, BW_PASS_DEFAULT);
	}
	count(j->cpu, BW_PASS_DEFAULT, p->frame_length);
	if (is_udp && !ours && payload_length(p) && j->settings->features & (BW_FEATURE_TLS | BW_FEATURE_DPI)) {
		if (p->destination_port == bpf_htons(53))
			inspect_payload(ctx, p, j, key, 0, BW_INBOUND, BW_DPI_DNS);
		/* An Initial is at least 1,200 bytes with the long header's two top bits (RFC 9000 §14.1, §17.2). */
		else if (payload_length(p) >= 1200 && (!half || half->packets_in <= 4))
			inspect_payload(ctx, p, j, key, 0, BW_INBOUND, BW_DPI_QUIC);
		else if ((!half || half->packets_in <= 4) && (first = view(c, p->payload, DTLS_HEADER)) && begins_dtls(first))
			inspect_payload(ctx, p, j, key, 0, BW_INBOUND, BW_DPI_QUIC);
	}
	return XDP_PASS;
}

static __always_inline int transport(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j)
{
	struct bw_flow_key key;
	int verdict;

	if (p->fragment == LATER_FRAGMENT)
		return later_fragment(ctx, p, j);
	verdict = parse_transport(c, p);
	if (verdict)
		return refused(j, p, -verdict, BW_EVENT_MALFORMED);
	flow_key_inbound(&key, p);
	if (nat_protocol(p->protocol)) {
		verdict = divert(ctx, p, j, &key);
		if (verdict != GO_ON)
			return verdict;
	} else if (is_icmp_error(p)) {
		if (j->settings->mode == BW_MODE_ENFORCE && translate_error(ctx, p))
			return passed(j, p, BW_REDIRECT_STICKY);
		/* It quotes another flow: what routers say of a traceroute is no part of the pings beside it. */
		key.remote_port = key.local_port = bpf_htons(1);
	}
	if (!(j->settings->features & BW_FEATURE_CONNTRACK)) {
		if (j->closed && !is_icmp_error(p))
			return dropped(j, p, BW_DROP_SILENT);
		if (p->protocol == IPPROTO_TCP && impossible_flags(p->tcp_flags))
			return refused(j, p, BW_DROP_TCP_FLAGS, BW_EVENT_STEALTH);
		return passed(j, p, BW_PASS_DEFAULT);
	}
	if (p->protocol == IPPROTO_TCP)
		return judge_tcp(ctx, p, j, &key);
	if (p->protocol == IPPROTO_UDP || p->protocol == IPPROTO_ICMP || p->protocol == IPPROTO_ICMPV6_)
		return datagram(ctx, c, p, j, &key);
	return j->closed ? dropped(j, p, BW_DROP_SILENT) : passed(j, p, BW_PASS_OPAQUE);
}
