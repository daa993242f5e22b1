/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tail-called programs. Each returns XDP_PASS, for the verdict has fallen. */
#pragma once
#include "dpi_dns.h"
#include "dpi_http.h"
#include "inspect.h"

static __always_inline void packet_of(const struct bw_scratch *scratch, struct packet *p)
{
	copy_address(p->source, scratch->key.remote);
	copy_address(p->destination, scratch->key.local);
	p->source_port = scratch->key.remote_port;
	p->destination_port = scratch->key.local_port;
	p->protocol = scratch->key.protocol;
	p->is_v6 = scratch->is_v6;
	p->tcp_flags = scratch->tcp_flags;
	p->frame_length = scratch->payload_length;
}

/* HTTPS, SMTPS, DNS over TLS, LDAPS, IMAPS, POP3S, HTTPS elsewhere. */
static __always_inline int is_tls_port(__be16 port)
{
	switch (bpf_ntohs(port)) {
	case 443: case 465: case 853: case 636: case 993: case 995: case 8443:
		return 1;
	}
	return 0;
}

static __always_inline __u16 hello_rest(const __u8 *b, __u32 loaded, __u32 payload)
{
	__u32 whole;

	/* Cut before the lengths: take what comes until the stream has been looked at long enough. */
	if (loaded < 9)
		return 4096;
	whole = hello_length(b);
	return whole > payload ? whole - payload : 0;
}

SEC("xdp")
int dpi_inspect(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_flow *flow;
	struct bw_cpu *cpu;
	__u32 loaded, program = BW_DPI_PROGRAMS;
	__u8 *b;

	if (!resume(&scratch, &cpu, &settings))
		return XDP_PASS;
	flow = bpf_map_lookup_elem(&CONN_TRACK, &scratch->key);
	if (!flow)
		return XDP_PASS;
	loaded = load_payload(ctx, scratch, PEEK_BYTES);
	if (!loaded)
		return XDP_PASS;
	b = payload_of(scratch);
	if (flow->hello_left && !(flow->flags & BW_FLOW_OUTBOUND)) {
		__u32 length = scratch->payload_length;

		flow->hello_left = flow->hello_left > length ? flow->hello_left - length : 0;
		if (flow->inspected < 255)
			flow->inspected++;
		if (flow->inspected > HELLO_SEGMENTS)
			flow->hello_left = 0;
		flow->flags |= BW_FLOW_ASKED;
		bpf_tail_call(ctx, &PROG_ARRAY, BW_DPI_HELLO);
		return XDP_PASS;
	}
	if (flow->inspected < INSPECTED_PACKETS) {
		/* Servers that we asked are no clients: what our side says to them is looked at as it leaves. */
		if (flow->flags & BW_FLOW_OUTBOUND) {
			if (loaded >= 4 && FOUR(b[0], b[1], b[2], b[3]) == FOUR('S', 'S', 'H', '-'))
				flow->flags |= BW_FLOW_OPAQUE;
		/* Not only in the first packet: proxies say a few lines first (CONNECT, SOCKS, STARTTLS). */
		} else if (settings->features & BW_FEATURE_TLS && !(flow->flags & BW_FLOW_OPAQUE) && begins_hello(b, loaded)) {
			flow->flags |= BW_FLOW_OPAQUE;
			flow->hello_left = hello_rest(b, loaded, scratch->payload_length);
			program = BW_DPI_HELLO;
		} else if (flow->flags & BW_FLOW_SSH) {
			program = BW_DPI_SSH;
		} else if (!flow->inspected) {
			if (settings->features & BW_FEATURE_TLS && scratch->payload_length >= 64 && is_tls_port(scratch->key.local_port) && b[0] != 0x16) {
				/* What comes first to such a port and is no hello may be its second segment, overtaken on the way. */
				flow->hello_left = 4096;
				program = BW_DPI_HELLO;
			} else if (loaded >= 4 && FOUR(b[0], b[1], b[2], b[3]) == FOUR('S', 'S', 'H', '-')) {
				flow->flags |= BW_FLOW_OPAQUE | BW_FLOW_SSH;
				program = BW_DPI_SSH;
			} else if (scratch->key.local_port == bpf_htons(53) && scratch->key.protocol == IPPROTO_TCP) {
				program = BW_DPI_DNS;
			}
		}
		flow->inspected++;
		if (settings->features & BW_FEATURE_ENTROPY && loaded >= ENTROPY_MIN && !(flow->flags & BW_FLOW_OPAQUE)) {
			__u32 entropy = shannon(scratch, b, loaded);
			__u32 ceiling = ENTROPY_LOG2[(loaded > ENTROPY_MAX ? ENTROPY_MAX : loaded) & 255];

			/* Told once a flow: 7/8 of what that many bytes can reach is text no more. */
			if (entropy > flow->entropy) {
				int fresh = flow->entropy <= ceiling - ceiling / 8 && entropy > ceiling - ceiling / 8;

				flow->entropy = entropy;
				/* Answers are often compressed, and no sign of anything. */
				if (fresh && !(flow->flags & BW_FLOW_OUTBOUND)) {
					struct packet p = {};
					struct event_about about = { .kind = BW_EVENT_ENTROPY, .proven = 1, .entropy = entropy,
								     .direction = scratch->direction, .interface = scratch->interface, .facts = BW_FACT_IN_WINDOW };

					packet_of(scratch, &p);
					tell(&EVENTS, BW_LOST_EVENTS, settings, cpu, &p, flow, &about);
				}
			}
		}
	}
	/* Whatever it says: requests may begin anywhere, and with any method. The answer tells whether it was HTTP. */
	if (settings->features & BW_FEATURE_DPI && !(flow->flags & BW_FLOW_OUTBOUND)) {
		flow->flags |= BW_FLOW_ASKED;
		if (loaded >= 4 && !(flow->flags & BW_FLOW_OPAQUE) && http_method(b))
			flow->flags |= BW_FLOW_CLEARTEXT;
		if (program == BW_DPI_PROGRAMS && !(flow->flags & BW_FLOW_OPAQUE) && streams(flow)) {
			flow->streamed += scratch->payload_length;
			scratch->stream_first = flow->flags & BW_FLOW_LOOSE ? 0 : flow->remote_first + 1;
			program = BW_DPI_HTTP;
		}
	}
	if (program != BW_DPI_PROGRAMS)
		bpf_tail_call(ctx, &PROG_ARRAY, program);
	return XDP_PASS;
}

SEC("xdp")
int dpi_http(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_sample_event *sample;
	struct bw_cpu *cpu;

	/* Whole segments: user space puts the stream together. */
	if (!resume(&scratch, &cpu, &settings) || !load_payload(ctx, scratch, BW_SAMPLE_BYTES))
		return XDP_PASS;
	sample = sample_head(scratch, BW_SAMPLE_HTTP);
	sample->method = http_method(payload_of(scratch));
	sample->uri_length = uri_length();
	sample->stream_first = scratch->stream_first;
	send_sample(scratch, sample, &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_ssh(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;

	if (!resume(&scratch, &cpu, &settings))
		return XDP_PASS;
	/* Whole segments: the lists of a key exchange are a kilobyte and more. */
	if (settings->features & BW_FEATURE_DPI && load_payload(ctx, scratch, BW_SAMPLE_BYTES))
		send_sample(scratch, sample_head(scratch, BW_SAMPLE_SSH), &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_dns(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_sample_event *sample;
	struct bw_cpu *cpu;
	__u32 loaded, start;

	if (!resume(&scratch, &cpu, &settings) || !(settings->features & BW_FEATURE_DPI))
		return XDP_PASS;
	loaded = load_payload(ctx, scratch, PEEK_BYTES);
	start = scratch->key.protocol == IPPROTO_TCP ? DNS_HEADER + 2 : DNS_HEADER;
	if (loaded <= start)
		return XDP_PASS;
	sample = sample_head(scratch, BW_SAMPLE_DNS);
	measure_name(start);
	send_sample(scratch, sample, &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_hello(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;

	if (!resume(&scratch, &cpu, &settings) || !load_payload(ctx, scratch, BW_SAMPLE_BYTES))
		return XDP_PASS;
	send_sample(scratch, sample_head(scratch, BW_SAMPLE_TLS), &TLS_EVENTS, BW_LOST_TLS_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_quic(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;
	__u8 *b;

	if (!resume(&scratch, &cpu, &settings) || !(settings->features & BW_FEATURE_TLS))
		return XDP_PASS;
	if (!load_payload(ctx, scratch, BW_SAMPLE_BYTES))
		return XDP_PASS;
	b = payload_of(scratch);
	if ((b[0] & 0xc0) != 0xc0 && !begins_dtls(b))
		return XDP_PASS;
	send_sample(scratch, sample_head(scratch, begins_dtls(b) ? BW_SAMPLE_DTLS : BW_SAMPLE_QUIC), &TLS_EVENTS, BW_LOST_TLS_EVENTS, settings, cpu);
	return XDP_PASS;
}
