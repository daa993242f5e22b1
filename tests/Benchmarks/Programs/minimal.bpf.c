/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The least that does the same job for IPv4: an allow list, a block list of hosts, one of prefixes, and counters. What the
 * real programs cost above this is what their features cost.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct prefix { __u32 length; __be32 address; };
struct counter { __u64 packets; __u64 bytes; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __be32);
	__type(value, __u64);
} MINIMAL_ALLOW SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 131072);
	__type(key, __be32);
	__type(value, __u64);
} MINIMAL_HOSTS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct prefix);
	__type(value, __u64);
} MINIMAL_PREFIXES SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct counter);
} MINIMAL_COUNT SEC(".maps");

static __always_inline int end(struct xdp_md *ctx, __u32 what, int verdict)
{
	struct counter *counter = bpf_map_lookup_elem(&MINIMAL_COUNT, &what);

	if (counter) {
		counter->packets++;
		counter->bytes += ctx->data_end - ctx->data;
	}
	return verdict;
}

SEC("xdp")
int minimal(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *limit = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct prefix key = { .length = 32 };
	__be32 source;

	if ((void *)(ip + 1) > limit || eth->h_proto != bpf_htons(ETH_P_IP))
		return end(ctx, 0, XDP_PASS);
	source = ip->saddr;
	if (bpf_map_lookup_elem(&MINIMAL_ALLOW, &source))
		return end(ctx, 1, XDP_PASS);
	if (bpf_map_lookup_elem(&MINIMAL_HOSTS, &source))
		return end(ctx, 2, XDP_DROP);
	key.address = source;
	if (bpf_map_lookup_elem(&MINIMAL_PREFIXES, &key))
		return end(ctx, 3, XDP_DROP);
	return end(ctx, 0, XDP_PASS);
}
