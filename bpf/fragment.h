/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fragments. Only the first one has ports, so it decides for the datagram: passed, dropped or diverted. Later ones do
 * the same; one that comes before its first passes within a limit. Source rules bind every fragment by itself. A
 * datagram is known by its ends and identification, over IPv4 by its protocol too (RFC 791 §3.2, RFC 8200 §4.5).
 */
#pragma once
#include "nat.h"

#define FRAGMENT_TTL_NS (30ull * 1000000000) /* as long as Linux waits for the rest */

static __always_inline void fragment_key(struct bw_fragment_key *key, const struct packet *p)
{
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(key->source, p->source);
	copy_address(key->destination, p->destination);
	key->id = p->fragment_id;
	key->protocol = p->is_v6 ? 0 : p->protocol;
}

static __always_inline void remember_first(const struct packet *p, __u8 verdict, __u64 now)
{
	struct bw_fragment fragment = { .first_ns = now, .verdict = verdict };
	struct bw_fragment_key key;

	fragment_key(&key, p);
	if (verdict == BW_FRAGMENT_NAT)
		copy_address(fragment.target, p->nat_target);
	bpf_map_update_elem(&FRAGMENTS, &key, &fragment, BPF_ANY);
}

static __always_inline struct bw_fragment *first_of(const struct packet *p, __u64 now)
{
	struct bw_fragment_key key;
	struct bw_fragment *first;

	fragment_key(&key, p);
	first = bpf_map_lookup_elem(&FRAGMENTS, &key);
	return first && elapsed(now, first->first_ns) < FRAGMENT_TTL_NS ? first : 0;
}
