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

/* 1: this source may speak now. `suppressed` gets the number it could not say before. */
static __always_inline int may_speak(const struct bw_settings *settings, struct bw_cpu *cpu, const __u8 *source, int is_v6, int proven, __u32 *suppressed)
{
	const struct bw_limit *limit = &settings->limit[BW_CLASS_EVENT][BW_SCOPE_HOST];
	struct bw_bucket_key key;
	struct bw_bucket *bucket;
	__u64 now;

	if (!(settings->features & BW_FEATURE_EVENTS))
		return 0;
	if (!limit->interval_ns)
		return 1;
	now = now_coarse(cpu);
	if (!proven && !gcra(&cpu->event_theoretical_ns, now, EVENT_UNPROVEN_INTERVAL_NS, EVENT_UNPROVEN_BURST_NS)) {
		lose(cpu, BW_LOST_EVENT_SAMPLING);
		return 0;
	}
	bucket_key(&key, source, is_v6, BW_CLASS_EVENT, BW_SCOPE_HOST);
	bucket = bpf_map_lookup_elem(&RATE_LIMIT, &key);
	if (!bucket) {
		struct bw_bucket fresh = { .theoretical_ns = now + limit->interval_ns };

		bpf_map_update_elem(&RATE_LIMIT, &key, &fresh, BPF_NOEXIST);
		return 1;
	}
	if (!gcra(&bucket->theoretical_ns, now, limit->interval_ns, limit->burst_ns)) {
		bucket->suppressed++;
		lose(cpu, BW_LOST_EVENT_SAMPLING);
		return 0;
	}
	*suppressed = bucket->suppressed;
	bucket->suppressed = 0;
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
};

/* `p` as seen from the remote side; at egress the caller turns it round. */
static __always_inline void tell(void *ring, __u32 loss, const struct bw_settings *settings, struct bw_cpu *cpu,
				 const struct packet *p, const struct bw_flow *flow, const struct event_about *about)
{
	struct bw_packet_event *event;
	__u32 suppressed = 0;

	if (!may_speak(settings, cpu, p->source, p->is_v6, about->proven, &suppressed))
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
	event->ssh_state = flow ? flow->ssh.state : 0;
	event->pad = 0;
	bpf_ringbuf_submit(event, wake_flags());
}
