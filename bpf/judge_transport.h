/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The second half: diverted flows, verified flows, limits and challenges, tracking. */
#pragma once
#include "challenge.h"
#include "fragment.h"
#include "inspect.h"
#include "judge.h"
#include "nat_icmp.h"
#include "syn.h"

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

	if (!first || first->verdict == BW_FRAGMENT_DROP)
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
		if (p->protocol == IPPROTO_TCP ? (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN : !!bpf_map_lookup_elem(&HALF_OPEN, key))
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

static __always_inline int established(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key, struct bw_flow *flow)
{
	if (flow->state == BW_FLOW_SYN_OUT) {
		flow->state = BW_FLOW_ESTABLISHED;
		remember_proof(j->settings, p->source, j->now);
		report(p, flow, BW_EVENT_FLOW_ESTABLISHED, BW_PASS_ESTABLISHED);
	}
	note_inbound(flow, p, j->now);
	if (p->tcp_flags & (TCP_FIN | TCP_RST) && close_inbound(flow, p))
		report(p, flow, BW_EVENT_FLOW_CLOSED, BW_PASS_ESTABLISHED);
	count(j->cpu, BW_PASS_ESTABLISHED, p->frame_length);
	if (payload_length(p) && j->settings->features & (BW_FEATURE_ENTROPY | BW_FEATURE_TLS | BW_FEATURE_DPI) && wants_inspection(flow)) {
		if (p->payload + payload_length(p) > (__u32)((long)ctx->data_end - (long)ctx->data))
			lose(j->cpu, BW_LOST_PAYLOAD_FRAGS);
		inspect_payload(ctx, p, j, key, 1, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, BW_DPI_INSPECT);
	}
	return XDP_PASS;
}

/* A SYN that must prove itself first. GO_ON: it may pass. */
static __always_inline int challenge_syn(struct xdp_md *ctx, struct packet *p, struct judge *j)
{
	if (p->action != BW_RATE_LIMIT && !j->settings->challenge_interval_ns)
		return GO_ON;
	if (is_proven(p->source, j->now))
		return GO_ON;
	if (p->action != BW_RATE_LIMIT && !under_syn_pressure(j->settings, j->cpu, j->now))
		return GO_ON;
	if (j->settings->mode != BW_MODE_ENFORCE) {
		count(j->cpu, BW_TX_CHALLENGE + WOULD, p->frame_length);
		return GO_ON;
	}
	count(j->cpu, BW_TX_CHALLENGE, p->frame_length);
	return send_challenge(ctx, p, j->now);
}

static __always_inline int unverified_tcp(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	int syn = (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	__u32 class_ = syn ? BW_CLASS_SYN : BW_CLASS_NEW;
	struct bw_flow *half;

	if (impossible_flags(p->tcp_flags))
		return refused(j, p, BW_DROP_TCP_FLAGS, BW_EVENT_STEALTH);
	/* Asked whatever the flood setting is: a source under a rate limit is challenged even without it. */
	if (p->tcp_flags & TCP_RST && answers_challenge(p, j->now)) {
		remember_proof(j->settings, p->source, j->now);
		report(p, 0, BW_EVENT_PROVEN, BW_DROP_PROOF);
		return dropped(j, p, BW_DROP_PROOF);
	}
	half = bpf_map_lookup_elem(&HALF_OPEN, key);
	if (half && !syn) {
		note_inbound(half, p, j->now);
		if (echoes(half, p)) {
			struct bw_flow flow;

			half->state = BW_FLOW_ESTABLISHED;
			__builtin_memcpy(&flow, half, sizeof(flow));
			if (bpf_map_update_elem(&CONN_TRACK, key, &flow, BPF_ANY))
				lose(j->cpu, BW_LOST_FLOW_INSERT);
			bpf_map_delete_elem(&HALF_OPEN, key);
			remember_proof(j->settings, p->source, j->now);
			report(p, &flow, BW_EVENT_FLOW_ESTABLISHED, BW_PASS_ESTABLISHED);
			return passed(j, p, BW_PASS_ESTABLISHED);
		}
	}
	if (p->action == BW_RATE_LIMIT)
		class_ = BW_CLASS_STRICT;
	if (!within_limit(p, class_))
		return refused(j, p, syn ? BW_DROP_LIMIT_SYN : BW_DROP_LIMIT_NEW, BW_EVENT_LIMITED);
	if (syn) {
		int verdict = challenge_syn(ctx, p, j);

		if (verdict != GO_ON)
			return verdict;
	}
	if (half) {
		if (syn) {
			half->state = BW_FLOW_SYN;
			half->remote_first = p->sequence;
			half->remote_isn = p->sequence + 1;
			half->last_ns = j->now;
			half->packets_in++;
			report(p, half, BW_EVENT_FLOW_REOPENED, BW_PASS_DEFAULT);
		}
	} else {
		begin_flow(key, p, j->cpu, j->now);
		/* A segment in the middle of nothing opens no flow that detection should count. */
		if (syn) {
			report(p, 0, BW_EVENT_FLOW_OPEN, BW_PASS_DEFAULT);
			if (j->settings->features & BW_FEATURE_SYN)
				sample_syn(ctx, p);
		}
	}
	return passed(j, p, BW_PASS_DEFAULT);
}

static __always_inline int datagram(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	int is_udp = p->protocol == IPPROTO_UDP;
	__u32 class_ = p->action == BW_RATE_LIMIT ? BW_CLASS_STRICT : is_udp ? BW_CLASS_UDP : BW_CLASS_ICMP;
	struct bw_flow *half = bpf_map_lookup_elem(&HALF_OPEN, key);
	int ours = half && half->flags & BW_FLOW_OUTBOUND;
	__u8 *first;

	if (j->closed && !ours && !is_icmp_error(p))
		return dropped(j, p, BW_DROP_SILENT);
	/* Answers to what we asked are not a flood of theirs. */
	if (!ours && !within_limit(p, class_))
		return refused(j, p, is_udp ? BW_DROP_LIMIT_UDP : BW_DROP_LIMIT_ICMP, BW_EVENT_LIMITED);
	if (half) {
		note_inbound(half, p, j->now);
	} else {
		begin_flow(key, p, j->cpu, j->now);
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
	struct bw_flow *flow;
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
	if (p->protocol == IPPROTO_TCP) {
		flow = verified_flow(&key, p, j->now);
		if (flow && !impossible_flags(p->tcp_flags))
			return established(ctx, p, j, &key, flow);
		if (j->closed)
			return dropped(j, p, BW_DROP_SILENT);
		return unverified_tcp(ctx, p, j, &key);
	}
	if (p->protocol == IPPROTO_UDP || p->protocol == IPPROTO_ICMP || p->protocol == IPPROTO_ICMPV6_)
		return datagram(ctx, c, p, j, &key);
	return j->closed ? dropped(j, p, BW_DROP_SILENT) : passed(j, p, BW_PASS_OPAQUE);
}
