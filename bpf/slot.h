/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which policy decides, and whether anybody still looks after it. */
#pragma once
#include "clock.h"
#include "count.h"

static __always_inline struct bw_active *active_policy(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&ACTIVE, &zero);
}

/* A change that nobody confirmed in time is taken back here, because its owner may be locked out and the appliance dead. */
static __always_inline __u32 slot_of(const struct bw_active *active, struct bw_cpu *cpu)
{
	if (!active)
		return 0;
	if (active->revert_ns && now_coarse(cpu) >= active->revert_ns)
		return active->fallback & (BW_SLOTS - 1);
	return active->slot & (BW_SLOTS - 1);
}

static __always_inline __u32 active_slot(struct bw_cpu *cpu)
{
	return slot_of(active_policy(), cpu);
}

static __always_inline int is_silent(const struct bw_settings *settings, struct bw_cpu *cpu)
{
	__u32 zero = 0;
	__u64 *beat;

	if (!settings->silence_ns)
		return 0;
	beat = bpf_map_lookup_elem(&HEARTBEAT, &zero);
	return beat && elapsed(now_coarse(cpu), *beat) > settings->silence_ns;
}
