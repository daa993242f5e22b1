/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is told of packets that leave: events of their flows, what servers refuse, queries and hellos of hosts inside. */
#pragma once
#include "dpi_dns.h"
#include "entropy.h"
#include "inspect.h"
#include "logins.h"

/* An event about a packet that is turned round. `flow` may be NULL; `what` is kind, direction and whether the remote is proven. */
__subprogram int tell_outbound(struct packet *p, struct bw_flow *flow, __u32 what)
{
	struct bw_cpu *cpu = this_cpu();
	__u32 slot = cpu ? active_slot(cpu) : 0;
	struct bw_settings *settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	struct event_about about = { .kind = what, .direction = (what >> 8) & 1, .proven = (what >> 9) & 1 };

	if (!p || !settings || !cpu)
		return 0;
	about.reason = BW_PASS_DEFAULT;
	about.enforced = settings->mode == BW_MODE_ENFORCE;
	about.entropy = flow ? flow->entropy : 0;
	about.interface = p->interface;
	/* Only what was shown to inspection waits for an answer, and that was in window. */
	if (about.kind == BW_EVENT_HTTP_ERROR)
		about.facts = BW_FACT_VERIFIED | BW_FACT_IN_WINDOW | BW_FACT_ACKNOWLEDGED;
	tell(&EGRESS_EVENTS, BW_LOST_EGRESS_EVENTS, settings, cpu, p, flow, &about);
	return 0;
}

static __always_inline void tell_egress(struct packet *p, struct bw_flow *flow, __u32 kind, __u32 direction, __u32 proven)
{
	tell_outbound(p, flow, kind | direction << 8 | proven << 9);
}

/* The next bytes of a packet that leaves, at most `wanted`, into the scratch. Returns how many. */
static __always_inline __u32 load_outbound(struct __sk_buff *skb, const struct packet *p, struct bw_scratch *scratch, __u32 offset, __u32 wanted)
{
	__u32 length = payload_length(p) - offset;

	if (length > wanted)
		length = wanted;
	asm volatile("" : "+r"(length));
	if (length == 0 || length > wanted || bpf_skb_load_bytes(skb, p->payload + offset, payload_of(scratch), length))
		return 0;
	scratch->payload_length = length;
	scratch->loaded = length;
	scratch->sequence = p->protocol == IPPROTO_TCP ? p->sequence + offset : 0;
	return length;
}

#define ANSWER_BYTES 768

/*
 * 1: the answer says "stale=true": the nonce of a digest has run out, and the client is to ask again with the password
 * that it has (RFC 7616 §3.3).
 */
__subprogram int is_stale(struct __sk_buff *skb, const struct packet *p)
{
	struct bw_scratch *scratch = this_scratch();
	__u64 last = 0; /* eight bytes, in lower case */
	__u32 i, length;

	if (!p || !scratch)
		return 0;
	length = load_outbound(skb, p, scratch, 0, ANSWER_BYTES);
	for (i = 0; i < ANSWER_BYTES; i++) {
		if (i >= length)
			return 0;
		last = last << 8 | (payload_of(scratch)[i] | 0x20);
		if (last == 0x7374616c653d2274ull || (last & 0xffffffffffffffull) == 0x7374616c653d74ull)
			return 1;
	}
	return 0;
}

/*
 * The first packet of an answer. One in HTTP ends what was taken for cipher, for then the client's words were read in the clear, and
 * begins a new turn of the stream; any other ends the matter for a flow that has not been known as HTTP. What a server
 * refuses (RFC 9110 §15.5) says more of a request than the request: a wrong password, a page that nobody has.
 */
__subprogram int read_answer(struct __sk_buff *skb, struct packet *p)
{
	__u8 line[12] = {}; /* "HTTP/1.1 401" */
	struct bw_flow_key key;
	struct bw_flow *flow;
	__u32 status;

	if (!p)
		return 0;
	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&CONN_TRACK, &key);
	if (!flow)
		return 0;
	if (payload_length(p) < sizeof(line) || bpf_skb_load_bytes(skb, p->payload, line, sizeof(line)) ||
	    line[0] != 'H' || line[1] != 'T' || line[2] != 'T' || line[3] != 'P' || line[4] != '/' || line[8] != ' ') {
		if (!(flow->flags & BW_FLOW_CLEARTEXT))
			flow->streamed = BW_STREAM_OVER;
		return 0;
	}
	flow->flags |= BW_FLOW_CLEARTEXT;
	flow->flags &= ~(BW_FLOW_OPAQUE | BW_FLOW_SSH);
	flow->hello_left = 0;
	flow->streamed = 0;
	/* Digits wrap to something large when they are none. */
	status = (__u32)(line[9] - '0') * 100 + (__u32)(line[10] - '0') * 10 + (__u32)(line[11] - '0');
	if (status < 400 || status > 599)
		return 0;
	p->frame_length = status;
	if (status == 401 && is_stale(skb, p))
		p->frame_length |= BW_STATUS_STALE;
	tell_egress(p, 0, BW_EVENT_HTTP_ERROR, BW_INBOUND, 1);
	return 0;
}

static __always_inline void begin_outbound(struct bw_scratch *scratch, const struct packet *p, __u64 now)
{
	flow_key_inbound(&scratch->key, p);
	scratch->now_ns = now;
	scratch->is_v6 = p->is_v6;
	scratch->interface = p->interface;
	/* Nobody outside can forge what leaves: a flood of unproven sources must not use up its share. */
	scratch->proven = 1;
	scratch->direction = BW_OUTBOUND;
}

/* Queries that leave, over UDP and TCP (behind their length, RFC 1035 §4.2.2): tunnels start inside. */
__subprogram int sample_query(struct __sk_buff *skb, const struct packet *p, __u64 now)
{
	__u32 start = p && p->protocol == IPPROTO_TCP ? DNS_HEADER + 2 : DNS_HEADER;
	struct bw_sample_event *sample;
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;

	if (!p || !resume(&scratch, &cpu, &settings) || payload_length(p) <= start)
		return 0;
	begin_outbound(scratch, p, now);
	if (!load_outbound(skb, p, scratch, 0, PEEK_BYTES))
		return 0;
	scratch->payload_length = payload_length(p);
	sample = sample_head(scratch, BW_SAMPLE_DNS);
	measure_name(start);
	send_sample(scratch, sample, &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
	return 0;
}

/* A login that the local server refused, on a flow whose handshake was verified. `p` is turned round already. */
__subprogram int watch_login(struct __sk_buff *skb, struct packet *p)
{
	__u8 answer[LOGIN_BYTES] = {};
	struct bw_flow_key key;
	struct bw_flow *flow;
	__u32 length;

	if (!p)
		return 0;
	length = payload_length(p);
	if (length < 8)
		return 0;
	if (length > LOGIN_BYTES)
		length = LOGIN_BYTES;
	asm volatile("" : "+r"(length));
	if (length == 0 || length > LOGIN_BYTES || bpf_skb_load_bytes(skb, p->payload, answer, length) || !refuses_login(p->destination_port, answer))
		return 0;
	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&CONN_TRACK, &key);
	if (flow && !(flow->flags & BW_FLOW_OUTBOUND))
		tell_egress(p, flow, BW_EVENT_LOGIN_REFUSED, BW_INBOUND, 1);
	return 0;
}

/* Hellos that leave: programs inside are known by theirs. What the stack hands over may be many segments long. */
__subprogram int sample_hello(struct __sk_buff *skb, const struct packet *p, __u64 now)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_flow *flow;
	struct bw_cpu *cpu;
	__u32 i, done = 0;

	if (!p || !resume(&scratch, &cpu, &settings) || !(settings->features & BW_FEATURE_TLS))
		return 0;
	begin_outbound(scratch, p, now);
	flow = bpf_map_lookup_elem(&CONN_TRACK, &scratch->key);
	if (!flow)
		return 0;
	if (!flow->hello_left) {
		__u8 head[9];

		if (payload_length(p) < sizeof(head) || bpf_skb_load_bytes(skb, p->payload, head, sizeof(head)) || !begins_hello(head, sizeof(head)))
			return 0;
		flow->flags |= BW_FLOW_OPAQUE;
		flow->hello_left = hello_length(head);
	}
	for (i = 0; i < 4 && done < payload_length(p) && flow->hello_left; i++) {
		__u32 length = load_outbound(skb, p, scratch, done, BW_SAMPLE_BYTES);

		if (!length)
			break;
		send_sample(scratch, sample_head(scratch, BW_SAMPLE_TLS), &TLS_EVENTS, BW_LOST_TLS_EVENTS, settings, cpu);
		done += length;
		flow->hello_left = flow->hello_left > length ? flow->hello_left - length : 0;
	}
	return 0;
}

/* A QUIC Initial is at least 1,200 bytes with the long header's two top bits (RFC 9000 §14.1, §17.2). */
__subprogram int sample_initial(struct __sk_buff *skb, const struct packet *p, __u64 now)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;

	if (!p || !resume(&scratch, &cpu, &settings) || !(settings->features & BW_FEATURE_TLS) || payload_length(p) < 1200)
		return 0;
	begin_outbound(scratch, p, now);
	if (load_outbound(skb, p, scratch, 0, BW_SAMPLE_BYTES) && (payload_of(scratch)[0] & 0xc0) == 0xc0)
		send_sample(scratch, sample_head(scratch, BW_SAMPLE_QUIC), &TLS_EVENTS, BW_LOST_TLS_EVENTS, settings, cpu);
	return 0;
}

/*
 * What our side says first on a flow that it opened to such a port. A line of text, TLS and a question to a name server
 * end the matter; so does one look at enough bytes, whatever it shows.
 */
__subprogram int hear_first(struct __sk_buff *skb, struct packet *p, __u64 now)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	__u32 length, ceiling, entropy;
	struct bw_flow *flow;
	struct bw_cpu *cpu;
	__u8 *b;

	if (!p || !resume(&scratch, &cpu, &settings) || !(settings->features & BW_FEATURE_ENTROPY))
		return 0;
	begin_outbound(scratch, p, now);
	flow = bpf_map_lookup_elem(&CONN_TRACK, &scratch->key);
	if (!flow || flow->heard || flow->flags & BW_FLOW_OPAQUE)
		return 0;
	length = load_outbound(skb, p, scratch, 0, ENTROPY_MAX);
	b = payload_of(scratch);
	if (length < ENTROPY_MIN) {
		flow->heard = length && b[(length - 1) & 127] == '\n';
		return 0;
	}
	flow->heard = 1;
	/* RFC 1035 §4.1.1: no response, one question. */
	if (begins_hello(b, length) || (p->source_port == bpf_htons(53) && !(b[4] & 0x80) && !b[6] && b[7] == 1))
		return 0;
	entropy = shannon(scratch, b, length);
	ceiling = ENTROPY_LOG2[length & 255];
	if (entropy <= ceiling - ceiling / 8)
		return 0;
	flow->entropy = entropy;
	p->frame_length = payload_length(p);
	tell_egress(p, flow, BW_EVENT_ENTROPY, BW_OUTBOUND, 1);
	return 0;
}
