/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Boot-time clock: cheap (one tick old at most), exact, and virtual for tests and replays. */
#pragma once
#include "maps.h"

const volatile struct bw_constants constants SEC(".rodata.config") = {};

static __always_inline __u64 virtual_now(void)
{
	__u32 zero = 0;
	__u64 *ns = bpf_map_lookup_elem(&CLOCK, &zero);

	return ns ? *ns : 0;
}

static __always_inline __u64 now_exact(void)
{
	return constants.virtual_clock ? virtual_now() : bpf_ktime_get_boot_ns();
}

/*
 * Reading the clock costs 24 ns, reading jiffies one. An expiry or an idle time needs no better than a tick, so each
 * CPU reads the clock once a tick. (The coarse clock helper is monotonic, which stops in suspend.)
 */
static __always_inline __u64 now_coarse(struct bw_cpu *cpu)
{
	__u64 jiffies;

	if (constants.virtual_clock)
		return virtual_now();
	jiffies = bpf_jiffies64();
	if (jiffies != cpu->clock_jiffies) {
		cpu->clock_jiffies = jiffies;
		cpu->clock_ns = bpf_ktime_get_boot_ns();
	}
	return cpu->clock_ns;
}

/* Each CPU reads its own tick, so what another one wrote may lie a little ahead. */
static __always_inline __u64 elapsed(__u64 now, __u64 then)
{
	return now > then ? now - then : 0;
}
