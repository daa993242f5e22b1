/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every stage of judgement shares: how a packet ends, and how that is counted and told. */
#pragma once
#include "events.h"
#include "policy.h"

struct judge {
	struct bw_cpu *cpu;
	struct bw_settings *settings;
	__u32 slot;
	__u32 shadow; /* 1 + slot that is counted beside; 0: none */
	__u32 closed; /* the appliance is silent: nobody new */
	__u64 now;
};

#define GO_ON (-1)

/* For a function of its own, which is not handed pointers into maps. 0: something is missing. */
static __always_inline int begin_judging(struct judge *j)
{
	j->cpu = this_cpu();
	j->slot = j->cpu ? active_slot(j->cpu) : 0;
	j->settings = bpf_map_lookup_elem(&SETTINGS, &j->slot);
	if (!j->cpu || !j->settings)
		return 0;
	j->now = now_coarse(j->cpu);
	return 1;
}

static __always_inline int passed(const struct judge *j, const struct packet *p, __u32 reason)
{
	count(j->cpu, reason, p->frame_length);
	return XDP_PASS;
}

/* Drops, or while observing counts what would have been dropped. Who is guarded is never dropped. */
static __always_inline int dropped(const struct judge *j, const struct packet *p, __u32 reason)
{
	if (p->action == BW_GUARD)
		return passed(j, p, BW_PASS_ALLOW);
	if (j->settings->mode != BW_MODE_ENFORCE) {
		count(j->cpu, reason + WOULD, p->frame_length);
		return XDP_PASS;
	}
	count(j->cpu, reason, p->frame_length);
	return XDP_DROP;
}

/* An event about a packet. `flow` may be NULL; `what` is kind and reason. */
__subprogram int tell_ingress(struct packet *p, struct bw_flow *flow, __u32 what)
{
	struct bw_cpu *cpu = this_cpu();
	__u32 slot = cpu ? active_slot(cpu) : 0;
	struct bw_settings *settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	struct event_about about = { .kind = what, .reason = what >> 8 };

	if (!p || !settings || !cpu)
		return 0;
	about.enforced = settings->mode == BW_MODE_ENFORCE;
	about.direction = flow && flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND;
	about.entropy = flow ? flow->entropy : 0;
	/* These kinds rest on an echoed number. */
	about.proven = about.kind == BW_EVENT_FLOW_ESTABLISHED || about.kind == BW_EVENT_FLOW_CLOSED || about.kind == BW_EVENT_PROVEN;
	about.interface = p->interface;
	about.facts = about.kind == BW_EVENT_FLOW_ESTABLISHED || about.kind == BW_EVENT_FLOW_CLOSED ? BW_FACT_IN_WINDOW : 0;
	tell(&EVENTS, BW_LOST_EVENTS, settings, cpu, p, flow, &about);
	return 0;
}

static __always_inline void report(struct packet *p, struct bw_flow *flow, __u32 kind, __u32 reason)
{
	tell_ingress(p, flow, kind | reason << 8);
}

static __always_inline int refused(const struct judge *j, struct packet *p, __u32 reason, __u8 kind)
{
	report(p, 0, kind, reason);
	return dropped(j, p, reason);
}

/* What the policy entry that the packet met (enum met) means for it. GO_ON for guard, redirect and rate limit, which bind later. */
static __always_inline int act(const struct judge *j, struct packet *p, __u32 met, __u32 reason)
{
	if (p->action == BW_ALLOW)
		return passed(j, p, BW_PASS_ALLOW);
	if (p->action == BW_DROP) {
		/* A blocked flood has nothing new to say, and the entry counts it. */
		if (met & MET_TOLD)
			report(p, 0, BW_EVENT_DROPPED, reason);
		return dropped(j, p, reason);
	}
	return GO_ON;
}

static __always_inline int apply(const struct judge *j, struct packet *p, struct bw_policy *policy, __u32 reason, __u32 *met)
{
	*met = hit(policy, j->cpu);
	return act(j, p, *met, reason);
}
