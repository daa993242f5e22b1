/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Payload inspection, reached by tail call after the verdict: it only reports. It sees the first data packets of a
 * flow with a verified handshake (and datagrams to DNS and QUIC), and copies what user space shall parse.
 */
#pragma once
#include <bpf/bpf_core_read.h>
#include "entropy.h"
#include "events.h"
#include "conntrack.h"
#include "policy.h"

#define INSPECTED_PACKETS 8
#define HELLO_BYTES_MAX 16384
#define PEEK_BYTES BW_DPI_BYTES
/* Of a stream that may become HTTP, and of one that is, between two answers: heads, and bodies of forms. */
#define STREAM_FIRST_BYTES 4096u
#define STREAM_TURN_BYTES 65536u
#define HEAD sizeof(struct bw_sample_event)

#define DTLS_HEADER 14

/* Segments of a hello at most; senders may make them as small as they like. */
#define HELLO_SEGMENTS 250

/* A stream whose next segment is to be exported. */
static __always_inline int streams(const struct bw_flow *flow)
{
	return flow->streamed < (flow->flags & BW_FLOW_CLEARTEXT ? STREAM_TURN_BYTES : STREAM_FIRST_BYTES);
}

/* Whether the inspecting programs want the next data packet of a verified flow. */
static __always_inline int wants_inspection(const struct bw_flow *flow)
{
	return flow->inspected < INSPECTED_PACKETS || flow->hello_left || flow->flags & BW_FLOW_CLEARTEXT ||
	       (flow->streamed && !(flow->flags & BW_FLOW_OPAQUE) && streams(flow));
}

/* A handshake record of DTLS 1.0..1.3 that begins with a ClientHello in epoch 0 (RFC 6347 §4.1, RFC 9147 §4). */
static __always_inline int begins_dtls(const __u8 *b)
{
	return b[0] == 22 && b[1] == 0xfe && !b[3] && !b[4] && b[13] == 1;
}

/* TLS record, handshake, ClientHello (RFC 8446 §4, §5.1), as far as the first segment shows it. */
static __always_inline int begins_hello(const __u8 *b, __u32 length)
{
	return b[0] == 0x16 && (length < 2 || b[1] == 3) && (length < 6 || b[5] == 1);
}

/* Of the record's head and its hello, from nine bytes; a hello over several records is longer by their heads, which does no harm. */
static __always_inline __u32 hello_length(const __u8 *b)
{
	__u32 whole = 9 + ((__u32)b[6] << 16 | (__u32)b[7] << 8 | b[8]);

	return whole > HELLO_BYTES_MAX ? HELLO_BYTES_MAX : whole;
}

static __always_inline struct bw_scratch *this_scratch(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&SCRATCH, &zero);
}

static __always_inline __u8 *payload_of(struct bw_scratch *scratch)
{
	return scratch->record + HEAD;
}

/* Copies payload bytes behind the sample's head; at most BW_SAMPLE_BYTES. Returns how many. */
static __always_inline __u32 load_payload(struct xdp_md *ctx, struct bw_scratch *scratch, __u32 wanted)
{
	__u32 length = scratch->payload_length;

	if (length > wanted)
		length = wanted;
	if (length > BW_SAMPLE_BYTES)
		length = BW_SAMPLE_BYTES;
	if (!length)
		return 0;
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_xdp_load_bytes)) {
		asm volatile("" : "+r"(length));
		if (length == 0 || length > BW_SAMPLE_BYTES)
			return 0;
		if (bpf_xdp_load_bytes(ctx, scratch->payload_offset, payload_of(scratch), length))
			return 0;
	} else {
		/* Before 5.18: byte by byte, and no more than a peek. */
		__u8 *end = (void *)(long)ctx->data_end;
		__u32 i, offset = scratch->payload_offset;
		__u8 *from;

		if (length > PEEK_BYTES)
			length = PEEK_BYTES;
		if (offset > 0x3fff)
			return 0;
		from = (void *)(long)ctx->data + offset;
		for (i = 0; i < PEEK_BYTES; i++) {
			if (i >= length || from + i + 1 > end)
				break;
			payload_of(scratch)[i] = from[i];
		}
		length = i;
	}
	scratch->loaded = length;
	return length;
}

/* Fills the head; the fields of one protocol stay zero for the others. */
static __always_inline struct bw_sample_event *sample_head(struct bw_scratch *scratch, __u8 kind)
{
	struct bw_sample_event *sample = (void *)scratch->record;

	__builtin_memset(sample, 0, HEAD);
	sample->time_ns = scratch->now_ns;
	copy_address(sample->remote, scratch->key.remote);
	copy_address(sample->local, scratch->key.local);
	sample->remote_port = scratch->key.remote_port;
	sample->local_port = scratch->key.local_port;
	sample->protocol = scratch->key.protocol;
	sample->kind = kind;
	sample->direction = scratch->direction;
	sample->sequence = scratch->sequence;
	sample->payload_length = scratch->payload_length;
	sample->interface = scratch->interface;
	/* Inbound TCP payload is looked at only on verified flows, in window. */
	if (scratch->proven && scratch->direction == BW_INBOUND)
		sample->flags = BW_SAMPLE_VERIFIED;
	return sample;
}

/* Sends the head and what was loaded. Held to the source's share of events. */
static __always_inline void send_sample(struct bw_scratch *scratch, struct bw_sample_event *sample, void *ring, __u32 loss,
					const struct bw_settings *settings, struct bw_cpu *cpu)
{
	__u32 length = scratch->loaded, suppressed = 0;

	if (!may_speak(settings, cpu, scratch->key.remote, scratch->is_v6, SPEAKS_SAMPLE, scratch->proven, &suppressed))
		return;
	if (length > BW_SAMPLE_BYTES)
		return;
	sample->suppressed = suppressed;
	sample->data_length = length;
	if (length < scratch->payload_length)
		sample->flags |= BW_SAMPLE_CUT;
	if (bpf_ringbuf_output(ring, scratch->record, HEAD + length, wake_flags()))
		lose(cpu, loss);
}

/* The common beginning of every tail-called program. 0 when something is missing. */
static __always_inline int resume(struct bw_scratch **scratch, struct bw_cpu **cpu, struct bw_settings **settings)
{
	__u32 slot;

	*scratch = this_scratch();
	*cpu = this_cpu();
	slot = *cpu ? active_slot(*cpu) : 0;
	*settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	return *scratch && *cpu && *settings;
}
