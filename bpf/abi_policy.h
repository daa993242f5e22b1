/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The part of abi.h that says what the entries of a policy hold. */
#pragma once
#include <linux/types.h>

struct bw_policy {
	__u64 expiry_ns;   /* 0: until lifted */
	__u64 decision_id;
	__u64 hits;        /* packets; written by the kernel: exact at first, then by samples, see hit() */
	__u64 last_hit_ns; /* to the second */
	__u8 action;       /* enum bw_action */
	__u8 rank;         /* precedence rank of the decision, lower is stronger */
	__u8 pad[2];
	__u32 later;       /* key in LATER of what holds when this has ended; 0: nothing does */
};

/*
 * What holds for a scope after the first decision about it has ended: the next winners of the precedence over everything
 * that covers the scope, in order of their ends. So the end of each nested scope is right with no process alive.
 */
#define BW_LATER_SPANS 3

struct bw_span {
	__u64 expiry_ns;   /* 0: until lifted */
	__u64 decision_id;
	__u8 action;
	__u8 rank;
	__u8 used;         /* 0: this span and those after it are empty */
	__u8 pad[5];
};

struct bw_later { struct bw_span span[BW_LATER_SPANS]; };

struct bw_prefix4 { __u32 length; __u8 address[4]; };
struct bw_prefix6 { __u32 length; __u8 address[16]; };

_Static_assert(sizeof(struct bw_policy) == 40, "abi");
_Static_assert(sizeof(struct bw_later) == 24 * BW_LATER_SPANS, "abi");
