/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* DNS queries (RFC 1035 §4.1): length, labels and type of the first question, over UDP and TCP. */
#pragma once
#include "inspect.h"

#define DNS_HEADER 12
#define DNS_NAME_MAX 255

/* Fills the sample in the scratch; `start` is where the name begins in the payload. */
__subprogram int measure_name(__u32 start)
{
	struct bw_scratch *scratch = this_scratch();
	struct bw_sample_event *sample;
	volatile __u32 *left, *place;
	const __u8 *b;
	__u32 i, at;

	if (!scratch || start > 64)
		return 0;
	sample = (void *)scratch->record;
	b = scratch->record + HEAD;
	left = &scratch->state;
	place = &scratch->place;
	*left = 0;
	for (i = 0; i <= DNS_NAME_MAX; i++) {
		__u8 byte;

		*place = start + i;
		if (start + i >= scratch->loaded)
			break;
		byte = b[(start + i) & 511];
		if (*left) {
			*left -= 1;
			continue;
		}
		if (!byte)
			break;
		/* A question has nothing before it to point to; 01 and 10 are not in use (RFC 6891 §5). */
		if (byte & 0xc0)
			break;
		*left = byte;
		sample->labels++;
		if (byte > sample->longest_label)
			sample->longest_label = byte;
	}
	at = *place;
	sample->name_length = at - start;
	if (at >= scratch->loaded || b[at & 511])
		sample->flags |= BW_SAMPLE_MALFORMED;
	else if (at + 3 <= scratch->loaded)
		sample->query_type = b[(at + 1) & 511] << 8 | b[(at + 2) & 511];
	return 0;
}
