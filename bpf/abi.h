/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between the kernel programs and the appliance: every struct that crosses the border, with fixed-size
 * types and asserted sizes. src/Appliance/Kernel/Abi mirrors it; a test compares each field with this object's BTF.
 *
 * Addresses are 16 bytes in network order; an IPv4 address is ::ffff:a.b.c.d. Ports are in network order.
 * Times are boot-time nanoseconds (CLOCK_BOOTTIME), so that they go on through suspend and fit the TTL of a decision.
 */
#pragma once
#include <linux/types.h>
#include "abi_flow.h"
#include "abi_policy.h"

#define BW_ABI_VERSION 6

/*
 * A policy generation lives in a slot: the one that decides, the one that decides again when nobody confirms, one that
 * is only counted, and one to build the next in. A power of two.
 */
#define BW_SLOTS 4

/* What a policy entry asks for. The order is part of the ABI, not a precedence. */
enum bw_action {
	BW_ALLOW = 0,
	BW_DROP = 1,
	BW_REDIRECT = 2,   /* new flows go to the tarpit */
	BW_RATE_LIMIT = 3, /* SYNs are challenged; completed handshakes and everything else that is new are held to the strict limit */
	BW_GUARD = 4,      /* never dropped, never diverted; tracked, told and challenged like everybody else */
	BW_CHALLENGE = 5,  /* as BW_RATE_LIMIT, but completed handshakes are held to the ordinary limit of SYNs only */
};

/* What the programs do when the appliance has not beaten for silence_ns. */
enum bw_silence {
	BW_SILENCE_LAST = 0,   /* the last policy goes on */
	BW_SILENCE_OPEN = 1,   /* pass everything */
	BW_SILENCE_CLOSED = 2, /* only who is allowed, and flows that are known */
};

enum bw_mode {
	BW_MODE_OFF = 0,     /* pass everything, count only totals */
	BW_MODE_OBSERVE = 1, /* decide, count "would have", enforce nothing */
	BW_MODE_ENFORCE = 2,
};

/* Why a packet met its end. COUNTERS has two rows a reason: enforced, and (+ BW_REASONS) would have been. */
enum bw_reason {
	BW_PASS_DEFAULT = 0,       /* nothing is known against it */
	BW_PASS_ALLOW,             /* guard or operator allow */
	BW_PASS_ESTABLISHED,       /* flow with a verified handshake */
	BW_PASS_NOT_IP,            /* ARP, LLC, EAPOL, LACP, unknown ethertype: never ours to judge */
	BW_PASS_NEIGHBOUR,         /* IPv6 ND and MLD: blocking them cuts the link */
	BW_PASS_OFF,               /* mode is off */
	BW_PASS_OPAQUE,            /* ESP, SCTP, tunnels: judged by outer address only */
	BW_REDIRECT_NEW,           /* first packet of a flow into the tarpit */
	BW_REDIRECT_STICKY,        /* later packet of such a flow */
	BW_TX_CHALLENGE,           /* SYN answered with a challenge (SYN-ACK that a real peer resets) */
	BW_DROP_HOST,              /* BLOCKLIST */
	BW_DROP_PREFIX,            /* CIDR_RULES */
	BW_DROP_EMBEDDED,          /* v4-mapped, 6to4 or NAT64 form of a blocked IPv4 address */
	BW_DROP_MALFORMED_IP,      /* header truncated, bad version, ihl, length */
	BW_DROP_MALFORMED_L4,      /* header truncated, bad data offset or length */
	BW_DROP_MARTIAN,           /* source that cannot be on a wire: 127/8, 0/8 but 0.0.0.0, 224/3, ::1, ff00::/8 */
	BW_DROP_EXT_CHAIN,         /* IPv6 extension chain too long or unknown next header */
	BW_DROP_TCP_FLAGS,         /* NULL, XMAS, SYN+FIN, SYN+RST, FIN without ACK: no stack sends these */
	BW_DROP_FRAGMENT_TINY,     /* first fragment without the whole transport header (RFC 1858) */
	BW_DROP_FRAGMENT_OVERLAP,  /* TCP fragment at offset 1 (RFC 3128) */
	BW_DROP_FRAGMENT_ORPHAN,   /* later fragment whose first one was dropped or never seen */
	BW_DROP_LIMIT_SYN,
	BW_DROP_LIMIT_UDP,
	BW_DROP_LIMIT_ICMP,
	BW_DROP_LIMIT_NEW,         /* new flow of any other kind */
	BW_DROP_TARPIT_DIRECT,     /* the tarpit's own port, not through NAT */
	BW_DROP_NAT_FULL,          /* no free translated port for a redirected flow */
	BW_DROP_PROOF,             /* the answer to a challenge: consumed, the stack never sent that SYN-ACK */
	BW_PASS_SILENT,            /* the appliance is silent, and then the wall is open */
	BW_DROP_SILENT,            /* the appliance is silent, and then the wall takes nobody new */
	BW_REASONS,
};

/* Things that got lost or failed inside, one cell each in LOSSES (per CPU). */
enum bw_loss {
	BW_LOST_EVENTS = 0,
	BW_LOST_TLS_EVENTS,
	BW_LOST_EGRESS_EVENTS,
	BW_LOST_DPI_EVENTS,
	BW_LOST_FLOW_INSERT,
	BW_LOST_NAT_INSERT,
	BW_LOST_TAIL_CALL,
	BW_LOST_PAYLOAD_FRAGS,     /* jumbo frame: payload beyond the linear part not inspected */
	BW_LOST_EVENT_SAMPLING,    /* event held back by the per-source sampling limit */
	BW_LOST_DROPPED_FRAMES,    /* dropped frame of a captured source that did not fit its ring */
	BW_LOST_SYN_SAMPLES,       /* SYN not sampled: share of its source, of all unproven ones, or a full ring */
	BW_LOSSES,
};

enum bw_event_kind {
	BW_EVENT_FLOW_OPEN = 1,        /* first packet of an inbound flow; proves nothing about the source */
	BW_EVENT_FLOW_ESTABLISHED = 2, /* the handshake's ACK echoed the local sequence number */
	BW_EVENT_FLOW_CLOSED = 3,      /* FIN or RST, with totals */
	BW_EVENT_FLOW_REFUSED = 4,     /* the local side answered with RST or port unreachable */
	BW_EVENT_STEALTH = 5,          /* impossible TCP flags */
	BW_EVENT_LIMITED = 6,          /* rate limit hit */
	BW_EVENT_DROPPED = 7,          /* policy drop, sampled */
	BW_EVENT_REDIRECTED = 8,       /* new flow sent to the tarpit */
	BW_EVENT_PROVEN = 9,           /* a challenge was answered: the address is alive, and no more */
	BW_EVENT_ENTROPY = 10,         /* a client's payload looks encrypted; outbound: what our side said first to a clear-text port */
	BW_EVENT_MALFORMED = 11,
	BW_EVENT_FLOW_REOPENED = 12,   /* SYN on a known unverified flow (retransmission or repeat) */
	BW_EVENT_SHADOW = 13,          /* met an entry of the shadow policy; decision_id is that entry's */
	BW_EVENT_FLOW_PROGRESS = 14,   /* a flow goes on, with its totals so far: at 64, 128, 256... packets out and at each 4,096 */
	BW_EVENT_HTTP_ERROR = 15,      /* the local side answered an HTTP/1 request with a status from 400 on; length is the status */
	BW_EVENT_LOGIN_REFUSED = 16,   /* a local server that is not the web's said in the clear that a login failed */
	BW_EVENT_FLOW_WAKES = 17,      /* a datagram of ours on a flow that we opened, after 5 s of silence; totals are those before it */
};

/* In `length` of BW_EVENT_HTTP_ERROR, beside the status: a nonce has run out (RFC 7616 §3.3). */
#define BW_STATUS_STALE 0x10000u

/* In `tcp_flags` of BW_EVENT_FLOW_REFUSED about a datagram: it is an answer of a name server. */
#define BW_QUOTED_ANSWER 0x80

enum bw_direction { BW_INBOUND = 0, BW_OUTBOUND = 1 };

enum bw_sample_kind {
	BW_SAMPLE_TLS = 1,  /* segment of a ClientHello */
	BW_SAMPLE_QUIC = 2, /* datagram with a QUIC Initial */
	BW_SAMPLE_HTTP = 3, /* segment of what a client says in the clear, to be put together and read as HTTP/1 */
	BW_SAMPLE_DNS = 4,
	BW_SAMPLE_SSH = 5,  /* banner and key exchange, segment by segment */
	BW_SAMPLE_DTLS = 6, /* datagram with a DTLS handshake record */
	BW_SAMPLE_SYN = 7,  /* headers of a SYN that opens a flow, see BW_SYN_BYTES */
};

/* Rate classes; each has a limit per host (/32, /64) and per network (/24, /56). */
enum bw_class {
	BW_CLASS_SYN = 0,  /* beyond it a SYN is challenged, not dropped */
	BW_CLASS_UDP,
	BW_CLASS_ICMP,
	BW_CLASS_NEW,      /* TCP segments of no known flow */
	BW_CLASS_STRICT,   /* sources under BW_RATE_LIMIT */
	BW_CLASS_EVENT,
	BW_CLASS_STREAM,   /* segments that continue a flow of which one half is seen, or whose beginning was not */
	BW_CLASS_FRAGMENT, /* later fragments that came before their first one */
	BW_CLASSES,
};
enum bw_scope { BW_SCOPE_HOST = 0, BW_SCOPE_NET, BW_SCOPES };

#define BW_FEATURE_ENTROPY   (1u << 0)
#define BW_FEATURE_TLS       (1u << 1)
#define BW_FEATURE_DPI       (1u << 2)
#define BW_FEATURE_CONNTRACK (1u << 3)
#define BW_FEATURE_LIMITS    (1u << 4)
#define BW_FEATURE_EVENTS    (1u << 5)
#define BW_FEATURE_SYN       (1u << 6)

/* Interfaces of one appliance, and their bridges. */
#define BW_GATES 64

struct bw_active {
	__u32 slot;       /* the one pointer that a policy change swaps */
	__u32 fallback;   /* the slot that decides again from revert_ns on */
	__u64 generation; /* counts up; shown to the operator */
	__u64 revert_ns;  /* dead man's switch of an unconfirmed change; 0: none */
	__u32 shadow;     /* 1 + the slot that is counted beside; 0: none */
	__u32 pad;
};

/* GCRA (ITU-T I.371): one packet moves the theoretical arrival time on by interval_ns; it may run ahead by burst_ns. */
struct bw_limit {
	__u64 interval_ns; /* 0: not limited */
	__u64 burst_ns;
};

struct bw_settings {
	__u32 mode;
	__u32 features;
	__u64 challenge_interval_ns; /* unverified SYNs a CPU may see faster than this are challenged; 0: never */
	__u64 challenge_burst_ns;
	__u64 proof_ttl_ns;          /* how long an echoed challenge is believed */
	__u64 silence_ns;            /* without a heartbeat for this long the appliance is silent; 0: never */
	__u32 when_silent;           /* enum bw_silence */
	__u32 pad;
	struct bw_limit limit[BW_CLASSES][BW_SCOPES];
};

struct bw_target {
	__u8 address4[16]; /* v4-mapped; all zero: none */
	__u8 address6[16];
	__be16 port4;
	__be16 port6;
	__u32 enabled;
};

struct bw_counter { __u64 packets; __u64 bytes; };

#define BW_WORK_WORDS 24

/* What one CPU counts and keeps to itself. */
struct bw_cpu {
	struct bw_counter reason[2 * 32];  /* enforced, then would have been; 32 > BW_REASONS */
	__u64 loss[16];                    /* enum bw_loss */
	__u64 clock_jiffies;
	__u64 clock_ns;
	__u64 challenge_theoretical_ns;    /* GCRA of unverified SYNs on this CPU */
	__u64 hits;                        /* of entries whose hits are sampled */
	__u64 work[BW_WORK_WORDS];         /* the packet that is judged; means nothing outside the program */
};
_Static_assert(BW_REASONS <= 32 && BW_LOSSES <= 16, "grow bw_cpu");

enum bw_flow_state {
	BW_FLOW_SYN = 1,         /* SYN of the remote seen */
	BW_FLOW_SYN_ACK = 2,     /* local side answered; its numbers are known */
	BW_FLOW_SYN_OUT = 3,     /* local side opens */
	BW_FLOW_ESTABLISHED = 4,
	BW_FLOW_CLOSING = 5,     /* one FIN */
	BW_FLOW_CLOSED = 6,      /* both FINs or RST */
	BW_FLOW_DATAGRAM = 7,    /* UDP or ICMP, one direction */
	BW_FLOW_DIALOGUE = 8,    /* UDP or ICMP, both directions */
};

/* How far a login at SSH has come, by the course of the protocol; see ssh.h. The order is one of time. */
enum bw_ssh_state {
	BW_SSH_NONE = 0,    /* no SSH, or its beginning was not seen */
	BW_SSH_CLEAR = 1,   /* identified itself; keys are exchanged */
	BW_SSH_SEALED = 2,  /* NEWKEYS; nobody has asked for anything yet */
	BW_SSH_ASKING = 3,  /* the service was granted; no credentials were judged yet */
	BW_SSH_REFUSED = 4, /* credentials were refused, and none taken so far */
	BW_SSH_IN = 5,      /* somebody got in */
	BW_SSH_LOST = 6,    /* it cannot be told */
	BW_SSH_ODD = 7,     /* what follows its identification is not as the protocol has it */
};

/* What is known of the flow that an event is about; a set of bits. Nothing of it follows from what other flows of the address did. */
enum bw_fact {
	BW_FACT_VERIFIED = 1,     /* seen from its SYN on, and the remote sent back a number that our side chose */
	BW_FACT_IN_WINDOW = 2,    /* the packet fits the flow: sequence, acknowledgement, and checksum where it moved state */
	BW_FACT_ACKNOWLEDGED = 4, /* our side acknowledged payload of the remote on this flow */
	BW_FACT_MID_STREAM = 8,   /* its beginning or one half of it was not seen: never evidence */
	BW_FACT_HTTP = 16,        /* the remote spoke HTTP, or our side answered so: a page can make a browser do that at any port */
	BW_FACT_TLS = 32,         /* a ClientHello of the remote was seen */
};

struct bw_bucket_key {
	__u8 network[16]; /* masked to the scope */
	__u8 class_;
	__u8 scope;       /* enum bw_scope; beyond: one address, for what is proven, and for what it completed (limit.h) */
	__u8 pad[6];
};

struct bw_bucket { __u64 theoretical_ns; __u64 suppressed; };

struct bw_fragment_key {
	__u8 source[16];
	__u8 destination[16];
	__u32 id;
	__u8 protocol; /* 0 for IPv6: a datagram's fragments may differ in what follows their header (RFC 8200 §4.5) */
	__u8 pad[3];
};

enum bw_fragment_verdict { BW_FRAGMENT_PASS = 0, BW_FRAGMENT_DROP = 1, BW_FRAGMENT_NAT = 2 };

struct bw_fragment {
	__u8 target[16]; /* for BW_FRAGMENT_NAT */
	__u64 first_ns;
	__u8 verdict;
	__u8 pad[7];
};

struct bw_packet_event {
	__u64 time_ns;
	__u8 remote[16];
	__u8 local[16];
	__be16 remote_port;
	__be16 local_port;
	__u8 protocol;
	__u8 kind;       /* enum bw_event_kind */
	__u8 reason;     /* enum bw_reason */
	__u8 enforced;   /* 0: would have been */
	__u8 tcp_flags;
	__u8 direction;  /* enum bw_direction: who opened the flow */
	__u16 entropy;   /* 0..7936 */
	__u32 length;    /* frame length; payload length with BW_EVENT_ENTROPY, status with BW_EVENT_HTTP_ERROR */
	__u32 suppressed;/* events of this source held back since its last one */
	__u32 interface;
	__u64 decision_id;
	__u64 packets_in;
	__u64 packets_out;
	__u64 bytes_in;
	__u64 bytes_out;
	__u64 first_ns;  /* first packet of the flow; 0: no flow */
	__u32 facts;     /* enum bw_fact */
	__u32 ssh_state; /* of the flow; enum bw_ssh_state */
};

#define BW_SAMPLE_BYTES 1536 /* one MTU */
#define BW_DPI_BYTES 256

/*
 * What BW_SAMPLE_SYN carries: the fixed IP header (IPv4: 20 bytes and 20 zeros), from BW_SYN_TCP on the TCP header with
 * its options. Options of IPv4 and extension headers of IPv6 are left out; ihl and next header tell of them.
 */
#define BW_SYN_TCP 40
#define BW_SYN_BYTES 100

struct bw_sample_event {
	__u64 time_ns;
	__u8 remote[16];
	__u8 local[16];
	__be16 remote_port;
	__be16 local_port;
	__u8 protocol;
	__u8 kind;          /* enum bw_sample_kind */
	__u8 direction;
	__u8 method;        /* HTTP: index of the method name, 0 unknown */
	__u32 sequence;     /* TCP sequence number of the first byte; 0 for UDP */
	__u16 payload_length; /* of the packet */
	__u16 data_length;  /* bytes that follow */
	__u16 uri_length;   /* HTTP: bytes of the request target inside the sample */
	__u16 name_length;  /* DNS: bytes of the query name on the wire */
	__u16 labels;       /* DNS: labels of the query name */
	__u16 longest_label;
	__u16 query_type;   /* DNS, host order */
	__u16 flags;        /* BW_SAMPLE_* */
	__u32 suppressed;   /* samples of this source held back since its last one */
	__u32 stream_first; /* HTTP: sequence number of the first byte of the client's stream; 0: its beginning was not seen */
	__u32 interface;
	__u8 data[];
};

/* A source that is captured: GCRA as above, in packets; nothing from expiry_ns on. */
struct bw_capture {
	__u64 theoretical_ns;
	__u64 interval_ns;
	__u64 burst_ns;
	__u64 expiry_ns;
	__u64 held;  /* packets that came faster than that */
	__u32 snap;  /* bytes to keep of each */
	__u32 pad;
};

#define BW_FRAME_BYTES 256

/* The head of a frame that the policy dropped; a packet socket never sees it. */
struct bw_dropped_frame {
	__u64 time_ns;
	__u64 decision_id;
	__u32 frame_length;
	__u32 data_length;
	__u8 data[BW_FRAME_BYTES];
};

/* Which TCP checksums are right. */
enum bw_checksums {
	BW_CHECKSUMS_WHOLE = 0,   /* as RFC 9293 §3.1 says */
	BW_CHECKSUMS_PARTIAL = 1, /* or only the pseudo header's sum, which a local sender leaves to the device of a virtual link */
	BW_CHECKSUMS_ANY = 2,     /* not looked at: captures are cut, and taken before the device computes them */
};

/* How a challenge leaves. */
enum bw_answers {
	BW_ANSWERS_XDP = 0, /* XDP_TX */
	BW_ANSWERS_TC = 1,  /* by the tc program on ingress: a veth takes XDP_TX only while its peer has a program or GRO */
};

#define BW_ANSWER_NOTE 0xb1ac4a11u /* in the frame's metadata, and on the way out its mark */

/* Constants set before loading; the section `.rodata.config` of each object. */
struct bw_constants {
	__u32 virtual_clock;  /* 1: time is what CLOCK says (tests, replays) */
	__u32 no_ethernet;    /* 1: frames begin with the IP header (tun, wireguard, ppp) */
	__u16 checksums;      /* enum bw_checksums */
	__u16 answers;        /* enum bw_answers */
	__u32 gates;          /* 1: other interfaces are guarded too, see GATES */
	__u64 challenge_key0; /* SipHash key of the challenge, from the system's random source */
	__u64 challenge_key1;
};

#define BW_SAMPLE_CUT       (1u << 0)
#define BW_SAMPLE_MALFORMED (1u << 1)
#define BW_SAMPLE_VERIFIED  (1u << 2) /* of a flow with BW_FACT_VERIFIED, in window, with the right checksum */

_Static_assert(sizeof(struct bw_active) == 32, "abi");
_Static_assert(sizeof(struct bw_constants) == 32, "abi");
_Static_assert(sizeof(struct bw_settings) == 48 + 16 * BW_CLASSES * BW_SCOPES, "abi");
_Static_assert(sizeof(struct bw_target) == 40, "abi");
_Static_assert(sizeof(struct bw_bucket_key) == 24, "abi");
_Static_assert(sizeof(struct bw_fragment_key) == 40, "abi");
_Static_assert(sizeof(struct bw_fragment) == 32, "abi");
_Static_assert(sizeof(struct bw_packet_event) == 120, "abi");
_Static_assert(sizeof(struct bw_sample_event) == 80, "abi");
_Static_assert(sizeof(struct bw_capture) == 48, "abi");
_Static_assert(sizeof(struct bw_dropped_frame) == 24 + BW_FRAME_BYTES, "abi");
