/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The whole TCP checksum, asked for where a segment would move state or be shown to inspection: the end of a handshake,
 * FIN, RST, and the few data segments that are looked at. XDP is not told what the device found out, so it is computed.
 */
#pragma once
#include <bpf/bpf_core_read.h>
#include "checksum.h"
#include "count.h"
#include "clock.h"

#define CHECKSUM_CHUNK 512 /* what bpf_csum_diff takes at once before kernel 6.13 */
#define CHECKSUM_CHUNKS 128

/* 1: the segment's checksum is right, as far as the link leaves one to look at. Kernels before 5.18 cannot read so far. */
__subprogram int checksum_is_right(struct xdp_md *ctx, const struct packet *p)
{
	__u32 zero = 0, i;
	struct bw_scratch *scratch = bpf_map_lookup_elem(&SCRATCH, &zero);
	volatile __u32 *left, *offset; /* in memory: the verifier follows each value of a register */
	__sum16 field;
	__u64 sum;

	if (!p || !scratch)
		return 0;
	if (constants.checksums == BW_CHECKSUMS_ANY || !bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_xdp_load_bytes))
		return 1;
	if (p->fragment != NOT_FRAGMENT || bpf_xdp_load_bytes(ctx, p->l4 + 16, &field, sizeof(field)))
		return 0;
	sum = pseudo_sum(p);
	if (constants.checksums == BW_CHECKSUMS_PARTIAL && field == sum)
		return 1;
	left = &scratch->state;
	offset = &scratch->place;
	*offset = p->l4;
	*left = p->end - p->l4;
	for (i = 0; i < CHECKSUM_CHUNKS; i++) {
		__u32 length = *left;

		if (length == 0)
			break;
		if (length > CHECKSUM_CHUNK)
			length = CHECKSUM_CHUNK;
		/* Filled up with zeros to a multiple of four (RFC 1071 §1). */
		*(__u32 *)(scratch->record + ((length - 1) & (CHECKSUM_CHUNK - 4))) = 0;
		if (bpf_xdp_load_bytes(ctx, *offset, scratch->record, length))
			return 0;
		sum += (__u32)bpf_csum_diff(0, 0, (__be32 *)scratch->record, (length + 3) & ~3u, 0);
		*offset += length;
		*left -= length;
	}
	return !*left && fold(sum) == 0xffff;
}
