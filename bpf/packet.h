/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What parsing learns of a frame. Offsets are from its first byte, lengths in bytes, addresses 16 bytes v4-mapped. */
#pragma once
#include <linux/types.h>
#include <linux/in.h>
#include "abi.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10
#define TCP_URG 0x20

#define IPPROTO_HOPOPTS_  0
#define IPPROTO_ICMPV6_  58
#define IPPROTO_MH_     135

/*
 * A global function of its own: for what is off the fast path. The verifier looks at it once instead of once a call,
 * so it takes only values, the context and plain memory, and looks up what it needs by itself.
 */
#define __subprogram __attribute__((noinline))

enum fragment_place { NOT_FRAGMENT = 0, FIRST_FRAGMENT = 1, LATER_FRAGMENT = 2 };

struct packet {
	__u8 source[16];
	__u8 destination[16];
	__u32 interface;
	__u32 frame_length;  /* whole, with the parts of a multi-buffer frame */
	__u32 fragment_id;
	__u32 sequence;
	__u32 acknowledgement;
	__u32 l3;
	__u32 l4;
	__u32 end;           /* of the datagram; padding of short frames lies after it */
	__u32 payload;
	__be16 source_port;
	__be16 destination_port;
	__u16 window;        /* TCP, as in the header */
	__u8 protocol;       /* of the transport header */
	__u8 is_v6;
	__u8 fragment;       /* enum fragment_place */
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 hop_limit;
	__u8 nat_done;       /* first fragment went to nat_target */
	__u8 action;         /* enum bw_action of the policy entry that was met */
	__u8 rank;           /* and the precedence rank of its decision */
	__u8 pppoe;          /* bytes of the PPP protocol before the IP header in a PPPoE session; 0: there is none */
	__u8 forwarded;      /* leaves here, and came in by another guarded interface */
	__u8 pad[5];
	__u64 decision_id;
	__u8 nat_target[16];
};

static __always_inline void copy_address(__u8 *to, const __u8 *from)
{
	__builtin_memcpy(to, from, 16);
}

static __always_inline int same_address(const __u8 *a, const __u8 *b)
{
	const __u64 *x = (const void *)a, *y = (const void *)b;

	return x[0] == y[0] && x[1] == y[1];
}

static __always_inline void map_v4(__u8 *to, __be32 from)
{
	__u32 *words = (void *)to;

	words[0] = 0;
	words[1] = 0;
	words[2] = __builtin_bswap32(0xffff);
	words[3] = from;
}

static __always_inline __be32 v4_of(const __u8 *address)
{
	return ((const __u32 *)(const void *)address)[3];
}

static __always_inline int is_zero_address(const __u8 *a)
{
	const __u64 *x = (const void *)a;

	return (x[0] | x[1]) == 0;
}
