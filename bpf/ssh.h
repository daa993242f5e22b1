/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How a login at SSH went, by what the server sends. Until NEWKEYS its packets are in the clear (RFC 4253 §6, §7.3); behind
 * it only their sizes are to be seen, and these depend on cipher and MAC alone. Whatever was negotiated, the answer to
 * the client's service request has 17 bytes of content (RFC 4253 §10), USERAUTH_SUCCESS has one (RFC 4252 §5.1), which
 * takes 16 bytes less with any block size of 8 or 16, and USERAUTH_FAILURE has at least as much as the former but for
 * rounding. The server's side is the one to look at: the client may send what it likes.
 */
#pragma once
#include "inspect.h"

#define SSH_NEWKEYS 21
#define SSH_BANNER_BYTES 255       /* RFC 4253 §4.2 */
#define SSH_PACKET_MIN 6           /* padding's length, message, four bytes of padding */
#define SSH_PACKET_MAX 35000u      /* RFC 4253 §6.1 */
#define SSH_SUCCESS_LESS 16
/* SERVICE_ACCEPT: 24 to 36 bytes of packet, 8 to 64 of MAC or tag. */
#define SSH_ACCEPT_MIN 32
#define SSH_ACCEPT_MAX 112
/* More than this is not said to somebody who is still outside, banner and keys that are asked back included. */
#define SSH_REFUSALS_MAX 16384

/* The server's identification line; what follows it in the same segment is read on. */
static __always_inline void begin_ssh(struct __sk_buff *skb, const struct packet *p, struct bw_flow *flow)
{
	__u32 i, length = payload_length(p);
	__u8 first[4] = {};

	if (length < 4 || bpf_skb_load_bytes(skb, p->payload, first, sizeof(first)))
		return;
	if (first[0] != 'S' || first[1] != 'S' || first[2] != 'H' || first[3] != '-')
		return;
	flow->ssh.state = BW_SSH_LOST;
	for (i = 4; i < SSH_BANNER_BYTES; i++) {
		__u8 byte = 0;

		if (i >= length || bpf_skb_load_bytes(skb, p->payload + i, &byte, 1))
			return;
		if (byte == '\n') {
			flow->ssh.next = p->sequence + i + 1;
			flow->ssh.state = BW_SSH_CLEAR;
			return;
		}
	}
}

/* Heads of packets: length, padding, number of the message. They may lie over two segments. */
static __always_inline void read_clear(struct __sk_buff *skb, const struct packet *p, struct bw_flow *flow)
{
	__u32 i, length = payload_length(p);

	for (i = 0; i < 36; i++) {
		__u32 at = flow->ssh.next + flow->ssh.held - p->sequence;
		__u8 byte = 0;

		if ((__s32)at < 0) {
			flow->ssh.state = BW_SSH_LOST; /* a segment was not seen */
			return;
		}
		if (at >= length || bpf_skb_load_bytes(skb, p->payload + at, &byte, 1))
			return;
		if (flow->ssh.held < 4) {
			flow->ssh.length = flow->ssh.length << 8 | byte;
			flow->ssh.held++;
			continue;
		}
		if (flow->ssh.held == 4) {
			flow->ssh.held++;
			continue;
		}
		if (flow->ssh.length < SSH_PACKET_MIN || flow->ssh.length > SSH_PACKET_MAX) {
			flow->ssh.state = BW_SSH_ODD;
			return;
		}
		if (byte == SSH_NEWKEYS) {
			flow->ssh.state = BW_SSH_SEALED;
			flow->ssh.heard = flow->bytes_in;
			flow->ssh.next = p->sequence + length;
			flow->ssh.length = 0;
			return;
		}
		flow->ssh.next += 4 + flow->ssh.length;
		flow->ssh.length = 0;
		flow->ssh.held = 0;
	}
}

/* A segment behind NEWKEYS: each answer to the client leaves by itself, for the client waits for it. */
static __always_inline void weigh_sealed(const struct packet *p, struct bw_flow *flow)
{
	__u32 length = payload_length(p);
	__u32 end = p->sequence + length;

	if ((__s32)(end - flow->ssh.next) <= 0)
		return; /* sent again */
	flow->ssh.next = end;
	if (flow->ssh.state == BW_SSH_SEALED) {
		/* Extensions (RFC 8308) may come before the client has said anything under the new keys. */
		if (flow->ssh.heard == (__u32)flow->bytes_in || length < SSH_ACCEPT_MIN || length > SSH_ACCEPT_MAX)
			return;
		flow->ssh.accept = length;
		flow->ssh.state = BW_SSH_ASKING;
		return;
	}
	flow->ssh.length += length;
	if (length + SSH_SUCCESS_LESS <= flow->ssh.accept || flow->ssh.length > SSH_REFUSALS_MAX)
		flow->ssh.state = BW_SSH_IN;
	else
		flow->ssh.state = BW_SSH_REFUSED;
}

static __always_inline int follows_ssh(const struct bw_flow *flow)
{
	return flow->ssh.state >= BW_SSH_CLEAR && flow->ssh.state <= BW_SSH_REFUSED;
}

/* A segment of the server on a flow that the remote opened; `p` is turned round already. */
__subprogram int follow_ssh(struct __sk_buff *skb, const struct packet *p)
{
	struct bw_flow_key key;
	struct bw_flow *flow;

	if (!p)
		return 0;
	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&CONN_TRACK, &key);
	if (!flow)
		return 0;
	if (flow->ssh.state == BW_SSH_NONE)
		begin_ssh(skb, p, flow);
	if (flow->ssh.state == BW_SSH_CLEAR)
		read_clear(skb, p, flow);
	else if (flow->ssh.state >= BW_SSH_SEALED && flow->ssh.state <= BW_SSH_REFUSED)
		weigh_sealed(p, flow);
	return 0;
}
