/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The first half of judgement: source address and form of the IP header. */
#pragma once
#include <bpf/bpf_core_read.h>
#include "cursor.h"
#include "judge.h"
#include "policy.h"

/* With the parts of a multi-buffer frame. Asked for late: what the policy answers by address alone does not need it. */
static __always_inline __u32 whole_length(struct xdp_md *ctx)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_xdp_get_buff_len))
		return bpf_xdp_get_buff_len(ctx);
	return ctx->data_end - ctx->data;
}

/* Counts what a policy under trial would decide about, and decides nothing. */
__subprogram int meet_shadow(struct packet *p, __u32 slot)
{
	struct bw_cpu *cpu = this_cpu();
	struct bw_policy *policy;
	int by_prefix = 0;

	if (!p || !cpu || slot >= BW_SLOTS)
		return 0;
	policy = p->is_v6 ? allowed6(slot, cpu, p->source, p) : allowed4(slot, cpu, v4_of(p->source), p);
	if (!policy)
		policy = p->is_v6 ? judged6(slot, cpu, p->source, p, &by_prefix) : judged4(slot, cpu, v4_of(p->source), p, &by_prefix);
	if (!policy)
		return 0;
	/* A trial is judged by its numbers, so these are exact. */
	policy->last_hit_ns = now_coarse(cpu);
	if ((++policy->hits & (HITS_SAMPLED - 1)) == 1)
		report(p, 0, BW_EVENT_SHADOW, BW_PASS_DEFAULT);
	p->decision_id = 0;
	p->action = 0;
	return 0;
}

/*
 * XDP drops before any packet socket looks, so the head of the frame goes to the capture from here: of each policy
 * entry the first packets and every 64th (hit()), which a flood cannot make expensive. Needs kernel 5.18.
 */
__subprogram int export_dropped(struct xdp_md *ctx, __u64 decision_id)
{
	struct bw_dropped_frame *frame;
	struct bw_cpu *cpu = this_cpu();
	__u32 length;

	if (!is_capturing() || !cpu || !bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_xdp_load_bytes))
		return 0;
	frame = bpf_ringbuf_reserve(&DROPPED_FRAMES, sizeof(*frame), 0);
	if (!frame) {
		lose(cpu, BW_LOST_DROPPED_FRAMES);
		return 0;
	}
	length = whole_length(ctx);
	frame->time_ns = now_exact();
	frame->decision_id = decision_id;
	frame->frame_length = length;
	if (length > BW_FRAME_BYTES)
		length = BW_FRAME_BYTES;
	asm volatile("" : "+r"(length));
	if (length == 0 || length > BW_FRAME_BYTES || bpf_xdp_load_bytes(ctx, 0, frame->data, length)) {
		bpf_ringbuf_discard(frame, BPF_RB_NO_WAKEUP);
		return 0;
	}
	frame->data_length = length;
	bpf_ringbuf_submit(frame, BPF_RB_NO_WAKEUP);
	return 0;
}

static __always_inline int ended_by(struct xdp_md *ctx, const struct packet *p, __u32 met, int verdict)
{
	if (verdict == XDP_DROP && met & MET_CAPTURED)
		export_dropped(ctx, p->decision_id);
	return verdict;
}

static __always_inline int judge_ipv4(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j)
{
	struct iphdr *ip = view(c, c->offset, sizeof(*ip));
	struct bw_policy *policy;
	int by_prefix = 0, verdict;
	__be32 source;
	__u32 first, met;

	if (!ip)
		return dropped(j, p, BW_DROP_MALFORMED_IP);
	source = ip->saddr;
	if (j->shadow) {
		map_v4(p->source, source);
		map_v4(p->destination, ip->daddr);
		meet_shadow(p, j->shadow - 1);
	}
	policy = allowed4(j->slot, j->cpu, source, p);
	if (policy && p->action == BW_ALLOW)
		return apply(j, p, policy, 0, &met);
	map_v4(p->source, source);
	map_v4(p->destination, ip->daddr);
	/* An entry of the allow list may have ended, and something else hold after it. */
	if (!policy)
		policy = judged4(j->slot, j->cpu, source, p, &by_prefix);
	if (policy) {
		verdict = apply(j, p, policy, by_prefix ? BW_DROP_PREFIX : BW_DROP_HOST, &met);
		if (verdict != GO_ON)
			return ended_by(ctx, p, met, verdict);
	}
	first = bpf_ntohl(source) >> 24;
	/* 0.0.0.0 is a DHCP client that has no address yet (RFC 2131). */
	if (first == 127 || first >= 224 || (first == 0 && source))
		return refused(j, p, BW_DROP_MARTIAN, BW_EVENT_MALFORMED);
	p->frame_length = whole_length(ctx);
	verdict = finish_ipv4(c, p, ip, p->frame_length);
	return verdict ? refused(j, p, -verdict, BW_EVENT_MALFORMED) : GO_ON;
}

/* ND (RFC 4861) is link-local by its hop limit; MLD (RFC 2710, 3810) by its source. Without them the link is dead. */
static __always_inline int is_neighbour(struct cursor *c, const struct packet *p)
{
	__u8 *icmp;

	if (p->protocol != IPPROTO_ICMPV6_ || p->fragment != NOT_FRAGMENT)
		return 0;
	icmp = view(c, p->l4, 4);
	if (!icmp || p->l4 + 4 > p->end)
		return 0;
	if (icmp[0] >= 133 && icmp[0] <= 137)
		return p->hop_limit == 255;
	return ((icmp[0] >= 130 && icmp[0] <= 132) || icmp[0] == 143) && p->hop_limit == 1;
}

static __always_inline int is_martian6(const __u8 *a)
{
	const __u64 *x = (const void *)a;

	return a[0] == 0xff || (!x[0] && x[1] == bpf_cpu_to_be64(1));
}

/*
 * Puts the decision about the IPv4 address inside a source into the packet, when it is stronger than the one about the
 * source itself: the precedence is one for all forms of an address. Returns enum met, 0 when there is none.
 */
__subprogram int meet_embedded(struct packet *p, __u32 slot, __u32 weakest_rank)
{
	struct bw_cpu *cpu = this_cpu();
	struct bw_policy *policy;
	__u64 decision_id;
	int by_prefix = 0;
	__be32 embedded;
	__u8 action, rank;

	if (!p || !cpu || slot >= BW_SLOTS)
		return 0;
	embedded = embedded_v4(p->source);
	if (!embedded)
		return 0;
	decision_id = p->decision_id;
	action = p->action;
	rank = p->rank;
	policy = allowed4(slot, cpu, embedded, p);
	if (!policy)
		policy = judged4(slot, cpu, embedded, p, &by_prefix);
	if (policy && p->rank < weakest_rank)
		return hit(policy, cpu);
	p->decision_id = decision_id;
	p->action = action;
	p->rank = rank;
	return 0;
}

#define ANY_RANK 256

static __always_inline int judge_ipv6(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j)
{
	struct ipv6hdr *ip = view(c, c->offset, sizeof(*ip));
	struct bw_policy *policy;
	int by_prefix = 0, form, verdict;
	__u32 met;

	p->is_v6 = 1;
	if (!ip)
		return dropped(j, p, BW_DROP_MALFORMED_IP);
	copy_address(p->source, (const __u8 *)&ip->saddr);
	copy_address(p->destination, (const __u8 *)&ip->daddr);
	if (j->shadow)
		meet_shadow(p, j->shadow - 1);
	policy = allowed6(j->slot, j->cpu, p->source, p);
	if (policy && p->action == BW_ALLOW)
		return apply(j, p, policy, 0, &met);
	p->frame_length = whole_length(ctx);
	form = finish_ipv6(c, p, ip, p->frame_length);
	if (!form && is_neighbour(c, p))
		return passed(j, p, BW_PASS_NEIGHBOUR);
	if (!policy)
		policy = judged6(j->slot, j->cpu, p->source, p, &by_prefix);
	met = meet_embedded(p, j->slot, policy ? p->rank : ANY_RANK);
	if (met)
		verdict = act(j, p, met, BW_DROP_EMBEDDED);
	else
		verdict = policy ? apply(j, p, policy, by_prefix ? BW_DROP_PREFIX : BW_DROP_HOST, &met) : GO_ON;
	if (verdict != GO_ON)
		return ended_by(ctx, p, met, verdict);
	if (is_martian6(p->source))
		return refused(j, p, BW_DROP_MARTIAN, BW_EVENT_MALFORMED);
	return form ? refused(j, p, -form, BW_EVENT_MALFORMED) : GO_ON;
}
