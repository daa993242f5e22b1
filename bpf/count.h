/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Counters: every packet ends in exactly one reason; every loss has a cell. */
#pragma once
#include "maps.h"
#include "packet.h"

#define WOULD 32 /* second half of bw_cpu.reason */

static __always_inline struct bw_cpu *this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&COUNTERS, &zero);
}

static __always_inline void count(struct bw_cpu *cpu, __u32 row, __u32 bytes)
{
	row &= 63;
	cpu->reason[row].packets++;
	cpu->reason[row].bytes += bytes;
}

static __always_inline void lose(struct bw_cpu *cpu, __u32 what)
{
	cpu->loss[what & 15]++;
}
