/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Incremental internet checksums (RFC 1624) for XDP, which has no helper that knows of checksum offload. */
#pragma once
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include "cursor.h"

static __always_inline __u16 fold(__u64 sum)
{
	sum = (sum & 0xffff) + ((sum >> 16) & 0xffff) + ((sum >> 32) & 0xffff) + (sum >> 48);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Ones' complement sum of what replaced `from`, minus `from`. Sizes are multiples of 4. */
static __always_inline __u32 difference(const void *from, __u32 from_size, const void *to, __u32 to_size)
{
	return bpf_csum_diff((__be32 *)from, from_size, (__be32 *)to, to_size, 0);
}

static __always_inline void update_checksum(__sum16 *field, __u64 diff)
{
	*field = ~fold((__u16)~*field + diff);
}

/* The pseudo header's sum (RFC 793, RFC 8200 §8.1). */
static __always_inline __u16 pseudo_sum(const struct packet *p)
{
	__u32 length = p->end - p->l4;
	__u64 sum = bpf_htons(p->protocol) + bpf_htons(length & 0xffff);

	if (p->is_v6)
		sum += difference(0, 0, p->source, 16) + (__u64)(__u32)difference(0, 0, p->destination, 16);
	else
		sum += difference(0, 0, p->source + 12, 4) + (__u64)(__u32)difference(0, 0, p->destination + 12, 4);
	return fold(sum);
}

/*
 * A local sender with checksum offload leaves the pseudo header's sum in the field for the device to complete. XDP is
 * not told, but sees it: then only address changes belong into the field, and it is not complemented. A finished
 * checksum looks like that once in 65,536 packets.
 */
static __always_inline void update_transport_checksum(__sum16 *field, __u64 addresses, __u64 ports, int unfinished)
{
	if (unfinished)
		*field = fold((__u64)*field + addresses);
	else
		update_checksum(field, addresses + ports);
}
