/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Shannon entropy of a payload in integers, 0..7936 (8 bits x 992), in one pass: H = log2 n - (sum of c log2 c) / n,
 * where the sum is kept while counting. Its ceiling is 992 log2 n, so it is only told with the length beside it, and
 * below ENTROPY_MIN bytes it says nothing.
 */
#pragma once
#include "entropy_table.h"
#include "maps.h"

#define ENTROPY_MIN 96
#define ENTROPY_MAX 128 /* bytes looked at: a whole look stays below 400 ns */

static __always_inline __u32 shannon(struct bw_scratch *scratch, const __u8 *bytes, __u32 length)
{
	__u32 sum = 0, i;

	if (length > ENTROPY_MAX)
		length = ENTROPY_MAX;
	__builtin_memset(scratch->histogram, 0, sizeof(scratch->histogram));
	for (i = 0; i < ENTROPY_MAX; i++) {
		__u32 seen;

		if (i >= length)
			break;
		seen = scratch->histogram[bytes[i]]++;
		sum += ENTROPY_DELTA[seen & 255];
	}
	return length ? ENTROPY_LOG2[length & 255] - sum / length : 0;
}
