/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* DNS queries (RFC 1035 §4.1): length, labels and type of the first question, over UDP and TCP. */
#pragma once
#include "inspect.h"

#define DNS_HEADER 12
#define DNS_NAME_MAX 255

static __always_inline void measure_name(struct bw_scratch *scratch, struct bw_sample_event *sample, __u32 start)
{
	const __u8 *b = scratch->record + HEAD;
	volatile __u32 *left = &scratch->state;
	__u32 i, at = start;
	int ended = 0;

	*left = 0;
	for (i = 0; i <= DNS_NAME_MAX; i++) {
		__u8 byte;

		at = start + i;
		if (at >= scratch->loaded)
			break;
		byte = b[at & 511];
		if (*left) {
			*left -= 1;
			continue;
		}
		if (!byte) {
			ended = 1;
			break;
		}
		/* A question has nothing before it to point to; 01 and 10 are not in use (RFC 6891 §5). */
		if (byte & 0xc0)
			break;
		*left = byte;
		sample->labels++;
		if (byte > sample->longest_label)
			sample->longest_label = byte;
	}
	sample->name_length = at - start;
	if (!ended)
		sample->flags |= BW_SAMPLE_MALFORMED;
	else if (at + 3 <= scratch->loaded)
		sample->query_type = b[(at + 1) & 511] << 8 | b[(at + 2) & 511];
}
