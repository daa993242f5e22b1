/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Events to user space. A full ring counts and never blocks; a source gets a share, and all unproven sources of a CPU
 * together get another, so that neither one loud host nor a spoofed flood can drown what others have to say.
 */
#pragma once
#include "limit.h"

/* Unproven sources of one CPU: 20,000 events a second, bursts of 4,000. */
#define EVENT_UNPROVEN_INTERVAL_NS 50000ull
#define EVENT_UNPROVEN_BURST_NS (4000 * EVENT_UNPROVEN_INTERVAL_NS)

/*
 * Waking the reader costs 700 ns an event. So it sleeps for good only when it has said so in WAKE; awake, it looks at
 * the rings each millisecond by itself and no event wakes anybody.
 */
static __always_inline __u64 wake_flags(void)
{
	__u32 zero = 0;
	__u32 *sleeping = bpf_map_lookup_elem(&WAKE, &zero);

	return sleeping && *(volatile __u32 *)sleeping ? 0 : BPF_RB_NO_WAKEUP;
}

/* Samples have a share of their own: a flood of questions to port 53 must not use up what says that it is one. */
#define SPEAKS_EVENT 0
#define SPEAKS_SAMPLE 0x5bd1e995u

/*
 * 1: this source may speak now. `held` gets the number of its events that were held back since it spoke last. The share
 * of the source is asked first, so that one that is loud takes nothing from the others; a table of hashes does for that,
 * for an entry of a map a source would cost a random flood half a microsecond a packet.
 */
static __always_inline int may_speak(const struct bw_settings *settings, struct bw_cpu *cpu, const __u8 *source, int is_v6, __u32 what, int proven, __u32 *held)
{
	const struct bw_limit *limit = &settings->limit[BW_CLASS_EVENT][BW_SCOPE_HOST];
	__u32 zero = 0, tag = (__u32)(source_hash(source, is_v6) >> 32) ^ what;
	struct bw_event_share *share;
	struct bw_event_slot *slot;
	__u64 now;

	if (!(settings->features & BW_FEATURE_EVENTS))
		return 0;
	if (!limit->interval_ns)
		return 1;
	share = bpf_map_lookup_elem(&EVENT_SHARE, &zero);
	if (!share)
		return 0;
	now = now_coarse(cpu);
	slot = &share->slot[tag & (BW_EVENT_SLOTS - 1)];
	if (slot->tag != tag) {
		slot->theoretical_ns = 0;
		slot->tag = tag;
		slot->held = 0;
	}
	if (!gcra(&slot->theoretical_ns, now, limit->interval_ns, limit->burst_ns)
	    || (!proven && !gcra(&share->unproven_ns, now, EVENT_UNPROVEN_INTERVAL_NS, EVENT_UNPROVEN_BURST_NS))) {
		slot->held++;
		lose(cpu, BW_LOST_EVENT_SAMPLING);
		return 0;
	}
	*held = slot->held;
	slot->held = 0;
	return 1;
}

struct event_about {
	__u8 kind;
	__u8 reason;
	__u8 enforced;
	__u8 direction;
	__u16 entropy;
	__u16 proven;
	__u32 interface;
	__u32 facts;  /* enum bw_fact, beside those of the flow */
};

/* What the flow itself has shown, whatever others of its address did. */
static __always_inline __u32 facts_of(const struct bw_flow *flow)
{
	if (flow->flags & BW_FLOW_LOOSE)
		return BW_FACT_MID_STREAM;
	if (flow->state != BW_FLOW_ESTABLISHED && flow->state != BW_FLOW_CLOSING && flow->state != BW_FLOW_CLOSED)
		return 0;
	return BW_FACT_VERIFIED | (flow->flags & BW_FLOW_TAKEN ? BW_FACT_ACKNOWLEDGED : 0) | (flow->flags & BW_FLOW_CLEARTEXT ? BW_FACT_HTTP : 0) |
	       ((flow->flags & (BW_FLOW_OPAQUE | BW_FLOW_SSH | BW_FLOW_OUTBOUND)) == BW_FLOW_OPAQUE ? BW_FACT_TLS : 0);
}

/* `p` as seen from the remote side; at egress the caller turns it round. */
static __always_inline void tell(void *ring, __u32 loss, const struct bw_settings *settings, struct bw_cpu *cpu,
				 const struct packet *p, const struct bw_flow *flow, const struct event_about *about)
{
	struct bw_packet_event *event;
	__u32 suppressed = 0;

	if (flow && flow->flags & BW_FLOW_QUIET)
		return;
	if (!may_speak(settings, cpu, p->source, p->is_v6, SPEAKS_EVENT, about->proven, &suppressed))
		return;
	event = bpf_ringbuf_reserve(ring, sizeof(*event), 0);
	if (!event) {
		lose(cpu, loss);
		return;
	}
	event->time_ns = now_exact();
	copy_address(event->remote, p->source);
	copy_address(event->local, p->destination);
	event->remote_port = p->source_port;
	event->local_port = p->destination_port;
	event->protocol = p->protocol;
	event->kind = about->kind;
	event->reason = about->reason;
	event->enforced = about->enforced;
	event->tcp_flags = p->tcp_flags;
	event->direction = about->direction;
	event->entropy = about->entropy;
	event->length = p->frame_length;
	event->suppressed = suppressed;
	event->interface = about->interface;
	event->decision_id = p->decision_id;
	event->packets_in = flow ? flow->packets_in : 0;
	event->packets_out = flow ? flow->packets_out : 0;
	event->bytes_in = flow ? flow->bytes_in : 0;
	event->bytes_out = flow ? flow->bytes_out : 0;
	event->first_ns = flow ? flow->first_ns : 0;
	event->facts = about->facts | (flow ? facts_of(flow) : 0);
	event->ssh_state = flow ? flow->ssh.state : 0;
	bpf_ringbuf_submit(event, wake_flags());
}
