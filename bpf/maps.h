/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every map, with the reason for its kind. Sizes are the defaults; the appliance sets them from its options before
 * loading. Inner maps of a policy are made by the appliance, one set a generation, sized to what they hold.
 */
#pragma once
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "abi.h"

/* ---- Policy: slots, swapped by ACTIVE ---- */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bw_active);
} ACTIVE SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BW_SLOTS);
	__type(key, __u32);
	__type(value, struct bw_settings);
} SETTINGS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BW_SLOTS);
	__type(key, __u32);
	__type(value, struct bw_target);
} TARPIT_TARGET SEC(".maps");

/* Sizes instead of types: clang prunes types that only an inner map names. */

/* Preallocated: a full table must fail at load, where somebody reads the error, not in the middle of an attack. */
struct hosts4 {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__be32));
	__uint(value_size, sizeof(struct bw_policy));
};

struct hosts6 {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(key_size, 16);
	__uint(value_size, sizeof(struct bw_policy));
};

struct prefixes4 {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(struct bw_prefix4));
	__uint(value_size, sizeof(struct bw_policy));
};

struct prefixes6 {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(struct bw_prefix6));
	__uint(value_size, sizeof(struct bw_policy));
};

/* What holds when the first decision of an entry has ended. Few entries have such a record, so it grows by need. */
struct later {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bw_later));
};

/* One bit a /24: "does any prefix reach into it?" spares a miss the trie (1,500 ns at 1M prefixes against 10). */
#define BW_BITMAP4_WORDS (1u << 18)
struct bitmap4 {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, BW_BITMAP4_WORDS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u64));
};

/* The same for IPv6: one bit a hash of the first 32 bits; prefixes shorter than /32 set BW_BITMAP6_SHORT instead. */
#define BW_BITMAP6_BITS 20
#define BW_BITMAP6_WORDS ((1u << (BW_BITMAP6_BITS - 6)) + 1)
#define BW_BITMAP6_SHORT (1u << (BW_BITMAP6_BITS - 6)) /* a word: non-zero when any prefix is shorter than /32 */
struct bitmap6 {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, BW_BITMAP6_WORDS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u64));
};

#define BW_OUTER(name, inner) \
	struct { \
		__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); \
		__uint(max_entries, BW_SLOTS); \
		__type(key, __u32); \
		__array(values, struct inner); \
	} name SEC(".maps")

BW_OUTER(ALLOWLIST, hosts4);
BW_OUTER(ALLOWLIST6, hosts6);
BW_OUTER(BLOCKLIST, hosts4);
BW_OUTER(BLOCKLIST6, hosts6);
BW_OUTER(CIDR_RULES, prefixes4);
BW_OUTER(CIDR_RULES6, prefixes6);
BW_OUTER(CIDR_BITMAP, bitmap4);
BW_OUTER(CIDR_BITMAP6, bitmap6);
BW_OUTER(LATER, later);

/* ---- Counting: one value a CPU, so that a packet needs one look-up for its counter, the clock and the scratch ---- */

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bw_cpu);
} COUNTERS SEC(".maps");

/* Tests and replays set the time; live programs never read it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
} CLOCK SEC(".maps");

/* Boot time at which the appliance last beat; written through mmap. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
} HEARTBEAT SEC(".maps");

/*
 * Interfaces that are guarded, by index; a port of a bridge, by the bridge's too, for that is where what it forwards comes
 * from. The value means nothing.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BW_GATES);
	__type(key, __u32);
	__type(value, __u32);
} GATES SEC(".maps");

/* 1 while the reader of the rings sleeps and wants to be woken; written through mmap. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u32);
} WAKE SEC(".maps");

/* ---- State ---- */

/* Flows whose remote echoed a number of ours, and flows that we opened. A flood cannot put anything in here. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 262144);
	__type(key, struct bw_flow_key);
	__type(value, struct bw_flow);
} CONN_TRACK SEC(".maps");

/* Everything that has proved nothing yet; a flood turns this over and hurts nobody. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct bw_flow_key);
	__type(value, struct bw_flow);
} HALF_OPEN SEC(".maps");

/* Datagram flows that our side opened: what answers them is no flood, and no flood pushes them out. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct bw_flow_key);
	__type(value, struct bw_flow);
} ASKED SEC(".maps");

/* Sources that echoed a challenge or finished a handshake, until when (boot ns). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__uint(key_size, 16);
	__uint(value_size, sizeof(__u64));
} PROVEN SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct bw_bucket_key);
	__type(value, struct bw_bucket);
} RATE_LIMIT SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct bw_fragment_key);
	__type(value, struct bw_fragment);
} FRAGMENTS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct bw_flow_key);
	__type(value, struct bw_nat);
} NAT_TABLE SEC(".maps");

/* Key: remote and port as the tarpit sees them, tarpit address and port. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct bw_flow_key);
	__type(value, struct bw_nat_reverse);
} NAT_REVERSE SEC(".maps");

/* ---- Inspection ---- */

/* Slots of PROG_ARRAY; the programs carry the same names in lower case. */
enum bw_dpi_program { BW_DPI_INSPECT = 0, BW_DPI_HTTP, BW_DPI_DNS, BW_DPI_SSH, BW_DPI_HELLO, BW_DPI_QUIC, BW_DPI_PROGRAMS };

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, BW_DPI_PROGRAMS);
	__type(key, __u32);
	__type(value, __u32);
} PROG_ARRAY SEC(".maps");

/* What a tail-called program needs to know, and room for a sample. */
struct bw_scratch {
	struct bw_flow_key key;
	__u64 now_ns;
	__u32 payload_offset; /* from the frame's first byte */
	__u32 payload_length;
	__u32 sequence;
	__u32 frame_length;
	__u32 interface;
	__u8 is_v6;
	__u8 proven;
	__u8 direction;
	__u8 tcp_flags;
	__u32 stream_first; /* sequence number of the first byte of a client's stream; 0: not known */
	__u32 loaded; /* bytes of the payload in record */
	__u32 state;  /* of a parser's loop, kept here because the verifier follows each value of a register */
	__u32 place;  /* likewise: where the loop ended */
	struct bw_flow flow; /* one that is put together; too large for the stack */
	__u8 histogram[256];
	__u8 record[sizeof(struct bw_sample_event) + BW_SAMPLE_BYTES + 512]; /* slack lets the verifier bound a masked index */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bw_scratch);
} SCRATCH SEC(".maps");

/* ---- Challenges, see challenge.h ---- */

#define BW_CHALLENGE_PLACES 4096
#define BW_SEEN_WAYS 16
#define BW_SEEN_LINES 32768

/* GCRA of challenges, and of repeated SYNs that passed without one. */
struct bw_challenge_share { __u64 answers_ns; __u64 again_ns; };

/* Of the addresses that share a place, by a keyed hash. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BW_CHALLENGE_PLACES);
	__type(key, __u32);
	__type(value, struct bw_challenge_share);
} CHALLENGE_SHARE SEC(".maps");

/* Of all addresses; a CPU keeps its own. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bw_challenge_share);
} CHALLENGE_TOTAL SEC(".maps");

/*
 * SYNs that were not let pass, and ports on which a challenge was answered: a bit that says which, 19 bits of a keyed
 * hash, 12 of the time. The ports give the line, which is one of the cache, so that a flood costs one look.
 */
struct bw_seen_line { __u32 entry[BW_SEEN_WAYS]; };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BW_SEEN_LINES);
	__type(key, __u32);
	__type(value, struct bw_seen_line);
} SYNS_SEEN SEC(".maps");

/* ---- Shares of events, see events.h; a CPU keeps its own ---- */

#define BW_EVENT_SLOTS 1024

struct bw_event_slot {
	__u64 theoretical_ns; /* GCRA of a source */
	__u32 tag;            /* hash of its address (IPv6: /64); who has the same place takes it over */
	__u32 held;           /* what it could not say since it spoke last */
};

struct bw_event_share {
	__u64 unproven_ns; /* GCRA of all sources that have proved nothing */
	struct bw_event_slot slot[BW_EVENT_SLOTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bw_event_share);
} EVENT_SHARE SEC(".maps");

/* ---- Shares of SYN samples, see syn.h; a CPU keeps its own ---- */

#define BW_SYN_SLOTS 1024

struct bw_syn_slot {
	__u64 theoretical_ns; /* GCRA of a source */
	__u32 tag;            /* hash of its address; who has the same place takes it over */
	__u32 held;           /* SYNs of it since its last sample */
};

struct bw_syn_share {
	__u64 unproven_ns; /* GCRA of all sources that have proved nothing */
	__u64 proven_ns;
	struct bw_syn_slot slot[BW_SYN_SLOTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bw_syn_share);
} SYN_SHARE SEC(".maps");

/* ---- Rings: apart, so that a flood of one kind starves no other ---- */

#define BW_RING(name, bytes) \
	struct { \
		__uint(type, BPF_MAP_TYPE_RINGBUF); \
		__uint(max_entries, bytes); \
	} name SEC(".maps")

BW_RING(EVENTS, 4 << 20);
BW_RING(TLS_EVENTS, 2 << 20);
BW_RING(EGRESS_EVENTS, 1 << 20);
BW_RING(DPI_EVENTS, 4 << 20);
BW_RING(SYN_EVENTS, 512 << 10);
BW_RING(DROPPED_FRAMES, 1 << 20);

/* Non-zero: something is captured, so heads of dropped frames are wanted. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} CAPTURING SEC(".maps");
