/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The part of abi.h that says what is known of a flow. */
#pragma once
#include <linux/types.h>

struct bw_flow_key {
	__u8 remote[16];
	__u8 local[16];
	__be16 remote_port;
	__be16 local_port;
	__u8 protocol;
	__u8 pad[3];
};

#define BW_FLOW_FIN_REMOTE (1u << 0)
#define BW_FLOW_FIN_LOCAL  (1u << 1)
#define BW_FLOW_LOOSE      (1u << 2) /* its beginning was not seen: never evidence, not inspected */
#define BW_FLOW_OUTBOUND   (1u << 3) /* opened by the local side */
#define BW_FLOW_CLEARTEXT  (1u << 4) /* a cleartext protocol was recognised */
#define BW_FLOW_OPAQUE     (1u << 5) /* TLS, QUIC or SSH: entropy says nothing */
#define BW_FLOW_SSH        (1u << 6) /* an SSH banner was seen */
#define BW_FLOW_ASKED      (1u << 7) /* an HTTP request waits for the first packet of its answer */
#define BW_FLOW_SCALED     (1u << 8) /* local_scale is known */
#define BW_FLOW_TAKEN      (1u << 9) /* our side acknowledged payload */
#define BW_FLOW_QUIET      (1u << 10) /* came in by another guarded interface, which tells of it and inspects it */

struct bw_ssh {
	__u32 next;   /* sequence number of the next packet's head; behind NEWKEYS, of the next segment */
	__u32 length; /* of the packet whose head is read; behind NEWKEYS, bytes that answered credentials */
	__u32 heard;  /* bytes_in at NEWKEYS */
	__u16 accept; /* bytes of SERVICE_ACCEPT on the wire */
	__u8 state;   /* enum bw_ssh_state */
	__u8 held;    /* bytes of the head that are read */
};

struct bw_flow {
	__u64 first_ns;
	__u64 last_ns;      /* last packet that belongs to it */
	__u64 local_ns;     /* last packet of our side; 0: none seen */
	__u64 packets_in;
	__u64 packets_out;
	__u64 bytes_in;     /* transport payload */
	__u64 bytes_out;
	__u64 own_ns;       /* GCRA of this flow alone: segments that do not fit it, datagrams of a dialogue */
	__u32 remote_first; /* number that the remote began with */
	__u32 remote_next;  /* end of what the remote sent */
	__u32 remote_acked; /* newest acknowledgement of the remote */
	__u32 local_first;  /* number that our side began with, or was first seen with */
	__u32 local_next;   /* end of what our side sent */
	__u32 local_acked;  /* newest acknowledgement of our side */
	__u32 local_edge;   /* right edge of the window that our side offered; while SYN_OUT: its size */
	__u32 hello_next;   /* sequence number at which the rest of a ClientHello goes on */
	__u16 hello_left;   /* its bytes still to export */
	__u16 entropy;      /* highest seen, 0..7936 */
	__u16 flags;
	__u8 state;         /* enum bw_flow_state */
	__u8 inspected;     /* data packets looked at */
	__u8 heard;         /* 1: what our side said first was judged, see BW_EVENT_ENTROPY */
	__u8 local_scale;   /* window scale of our side (RFC 7323 §2) */
	__u8 pad[2];
	__u32 streamed;     /* bytes of a clear-text stream exported since our side answered last; BW_STREAM_OVER: no more */
	struct bw_ssh ssh;
};

#define BW_STREAM_OVER 0xffffffffu

/* A flow that goes to the tarpit. Found by the packet as it comes in; nat_reverse by the answer as it leaves. */
struct bw_nat {
	__u8 target[16];
	__be16 target_port;
	__be16 remote_port; /* as the tarpit sees it: differs when two flows of one source would collide */
	__u32 pad;
	__u64 first_ns;
	__u64 last_ns;
};

struct bw_nat_reverse {
	__u8 local[16];     /* original destination */
	__be16 local_port;
	__be16 remote_port; /* as the remote chose it */
	__u32 pad;
	__u64 first_ns;
};

_Static_assert(sizeof(struct bw_flow_key) == 40, "abi");
_Static_assert(sizeof(struct bw_flow) == 128, "abi");
_Static_assert(sizeof(struct bw_nat) == 40, "abi");
_Static_assert(sizeof(struct bw_nat_reverse) == 32, "abi");
