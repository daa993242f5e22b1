/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rate limits as GCRA (ITU-T I.371): one timestamp a bucket instead of tokens, so nothing overflows, a clock step
 * costs at most one burst, and a compare-and-swap makes it exact over CPUs.
 */
#pragma once
#include "slot.h"

#define GCRA_TRIES 4

/* 1: conforms. A bucket that four other CPUs moved in the meantime is busy beyond any limit: no. */
static __always_inline int gcra(__u64 *theoretical, __u64 now, __u64 interval, __u64 burst)
{
	int i;

#pragma unroll
	for (i = 0; i < GCRA_TRIES; i++) {
		__u64 seen = *(volatile __u64 *)theoretical;
		__u64 base = seen > now ? seen : now;

		if (base - now > burst)
			return 0;
		if (__sync_val_compare_and_swap(theoretical, seen, base + interval) == seen)
			return 1;
	}
	return 0;
}

/* Of an address (IPv6: of its /64), keyed so that nobody can choose whose place he shares. The upper half is the better one. */
static __always_inline __u64 source_hash(const __u8 *source, int is_v6)
{
	const __u64 *half = (const void *)source;

	return (((half[0] ^ constants.challenge_key0) * 0x9e3779b97f4a7c15ull) ^ (is_v6 ? 0 : half[1]) ^ constants.challenge_key1) * 0xc2b2ae3d27d4eb4full;
}

/* Keeps the address bits of the scope: /32 or /24, /64 or /56. Those beyond keep them all. */
static __always_inline void bucket_key(struct bw_bucket_key *key, const __u8 *source, int is_v6, __u32 class_, __u32 scope)
{
	__builtin_memset(key, 0, sizeof(*key));
	key->class_ = class_;
	key->scope = scope;
	copy_address(key->network, source);
	if (scope >= BW_SCOPES)
		return;
	if (is_v6) {
		*(__u64 *)(key->network + 8) = 0;
		if (scope == BW_SCOPE_NET)
			key->network[7] = 0;
	} else if (scope == BW_SCOPE_NET) {
		key->network[15] = 0;
	}
}

static __always_inline int within_scope(const struct bw_limit *limit, const struct packet *p, __u32 class_, __u32 scope, __u64 now)
{
	struct bw_bucket_key key;
	struct bw_bucket *bucket;

	if (!limit->interval_ns)
		return 1;
	bucket_key(&key, p->source, p->is_v6, class_, scope);
	bucket = bpf_map_lookup_elem(&RATE_LIMIT, &key);
	if (!bucket) {
		struct bw_bucket fresh = { .theoretical_ns = now + limit->interval_ns };

		/* Lost the race to another CPU, or no memory: the packet passes, the next one finds a bucket. */
		bpf_map_update_elem(&RATE_LIMIT, &key, &fresh, BPF_NOEXIST);
		return 1;
	}
	return gcra(&bucket->theoretical_ns, now, limit->interval_ns, limit->burst_ns);
}

/*
 * Beside the class: the address is proven. Then it has a bucket of its own, which neither its neighbours nor what is
 * forged in their names empties.
 */
#define LIMIT_PROVEN (1u << 8)
/*
 * Beside the class: what only the address itself can have done. Nothing else touches that bucket. The strict one is as large
 * as a network's, for an office may be behind an address that somebody forges.
 */
#define LIMIT_COMPLETED (1u << 9)
#define SCOPE_PROVEN BW_SCOPES
#define SCOPE_COMPLETED (BW_SCOPES + 1)

/* 1: the source is under a limit of its own. */
static __always_inline int is_limited(const struct packet *p)
{
	return p->action == BW_RATE_LIMIT || p->action == BW_CHALLENGE;
}

/* What the completed handshakes of a source under a limit are held to. */
static __always_inline __u32 completed_class(const struct packet *p)
{
	return p->action == BW_CHALLENGE ? BW_CLASS_SYN : BW_CLASS_STRICT;
}

static __always_inline const struct bw_limit *completed_limit(const struct bw_settings *settings, __u32 class_)
{
	return class_ == BW_CLASS_SYN ? &settings->limit[BW_CLASS_SYN][BW_SCOPE_HOST] : &settings->limit[BW_CLASS_STRICT][BW_SCOPE_NET];
}

/* 1: the packet is within the limits of its class for its host and its network. `what`: enum bw_class, and the above. */
__subprogram int within_limit(const struct packet *p, __u32 what)
{
	const struct bw_settings *settings;
	struct bw_cpu *cpu = this_cpu();
	__u32 slot, class_ = what & (LIMIT_PROVEN - 1);
	__u64 now;

	if (!p || !cpu)
		return 1;
	slot = active_slot(cpu);
	settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	/* Bounded after the calls, which would spill it without its bounds. */
	asm volatile("" : "+r"(class_));
	if (!settings || class_ >= BW_CLASSES || !(settings->features & BW_FEATURE_LIMITS))
		return 1;
	if (!settings->limit[class_][BW_SCOPE_HOST].interval_ns && !settings->limit[class_][BW_SCOPE_NET].interval_ns)
		return 1;
	now = now_exact();
	if (what & LIMIT_PROVEN)
		return within_scope(&settings->limit[class_][BW_SCOPE_HOST], p, class_, SCOPE_PROVEN, now);
	if (what & LIMIT_COMPLETED)
		return within_scope(completed_limit(settings, class_), p, class_, SCOPE_COMPLETED, now);
	return within_scope(&settings->limit[class_][BW_SCOPE_HOST], p, class_, BW_SCOPE_HOST, now)
	       && within_scope(&settings->limit[class_][BW_SCOPE_NET], p, class_, BW_SCOPE_NET, now);
}

/* 1: the source under a limit has completed as many handshakes as it may; nobody else can do that in its name. */
__subprogram int is_exhausted(const struct packet *p)
{
	const struct bw_limit *limit;
	struct bw_settings *settings;
	struct bw_cpu *cpu = this_cpu();
	struct bw_bucket_key key;
	struct bw_bucket *bucket;
	__u32 slot;

	if (!p || !cpu)
		return 0;
	slot = active_slot(cpu);
	settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	if (!settings || !(settings->features & BW_FEATURE_LIMITS))
		return 0;
	limit = completed_limit(settings, completed_class(p));
	if (!limit->interval_ns)
		return 0;
	bucket_key(&key, p->source, p->is_v6, completed_class(p), SCOPE_COMPLETED);
	bucket = bpf_map_lookup_elem(&RATE_LIMIT, &key);
	return bucket && elapsed(bucket->theoretical_ns, now_exact()) > limit->burst_ns;
}
