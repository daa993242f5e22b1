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
	policy = p->is_v6 ? allowed6(slot, cpu, p->source) : allowed4(slot, cpu, v4_of(p->source));
	if (!policy)
		policy = p->is_v6 ? judged6(slot, cpu, p->source, &by_prefix) : judged4(slot, cpu, v4_of(p->source), &by_prefix);
	if (!policy)
		return 0;
	hit(policy, cpu);
	if ((policy->hits & 63) == 1) {
		p->decision_id = policy->decision_id;
		report(p, 0, BW_EVENT_SHADOW, BW_PASS_DEFAULT);
		p->decision_id = 0;
	}
	return 0;
}

static __always_inline int judge_ipv4(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j)
{
	struct iphdr *ip = view(c, c->offset, sizeof(*ip));
	struct bw_policy *policy;
	int by_prefix = 0, verdict;
	__be32 source;
	__u32 first;

	if (!ip)
		return dropped(j, p, BW_DROP_MALFORMED_IP);
	p->l3 = c->offset;
	source = ip->saddr;
	if (j->shadow) {
		map_v4(p->source, source);
		map_v4(p->destination, ip->daddr);
		meet_shadow(p, j->shadow - 1);
	}
	policy = allowed4(j->slot, j->cpu, source);
	if (policy)
		return apply(j, p, policy, 0);
	map_v4(p->source, source);
	map_v4(p->destination, ip->daddr);
	policy = judged4(j->slot, j->cpu, source, &by_prefix);
	if (policy) {
		verdict = apply(j, p, policy, by_prefix ? BW_DROP_PREFIX : BW_DROP_HOST);
		if (verdict != GO_ON)
			return verdict;
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

static __always_inline int judge_ipv6(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j)
{
	struct ipv6hdr *ip = view(c, c->offset, sizeof(*ip));
	struct bw_policy *policy;
	int by_prefix = 0, form, verdict;
	__be32 embedded;

	p->is_v6 = 1;
	if (!ip)
		return dropped(j, p, BW_DROP_MALFORMED_IP);
	p->l3 = c->offset;
	copy_address(p->source, (const __u8 *)&ip->saddr);
	copy_address(p->destination, (const __u8 *)&ip->daddr);
	if (j->shadow)
		meet_shadow(p, j->shadow - 1);
	policy = allowed6(j->slot, j->cpu, p->source);
	if (policy)
		return apply(j, p, policy, 0);
	p->frame_length = whole_length(ctx);
	form = finish_ipv6(c, p, ip, p->frame_length);
	if (!form && is_neighbour(c, p))
		return passed(j, p, BW_PASS_NEIGHBOUR);
	policy = judged6(j->slot, j->cpu, p->source, &by_prefix);
	if (policy) {
		verdict = apply(j, p, policy, by_prefix ? BW_DROP_PREFIX : BW_DROP_HOST);
		if (verdict != GO_ON)
			return verdict;
	}
	embedded = embedded_v4(p->source);
	if (embedded) {
		policy = judged4(j->slot, j->cpu, embedded, &by_prefix);
		if (policy && policy->action == BW_DROP) {
			hit(policy, j->cpu);
			p->decision_id = policy->decision_id;
			return refused(j, p, BW_DROP_EMBEDDED, BW_EVENT_DROPPED);
		}
	}
	if (is_martian6(p->source))
		return refused(j, p, BW_DROP_MARTIAN, BW_EVENT_MALFORMED);
	return form ? refused(j, p, -form, BW_EVENT_MALFORMED) : GO_ON;
}
