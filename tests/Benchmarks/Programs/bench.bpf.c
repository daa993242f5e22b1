/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Programs of the benchmarks alone; nothing of this is shipped. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "../../../bpf/abi.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define MOST_SOURCES (1u << 20)

enum kind {
	FROM_LIST = 0, /* sources of SOURCES, in turn */
	RANDOM = 1,    /* another source for each packet */
	SYNS = 3,      /* the same, and a SYN again, whatever was made of it: the frame of a test-run is used again */
	FLOWS = 2,     /* another source and port for every second packet: a SYN and an ACK */
};

struct plan {
	__u64 count;      /* packets so far */
	__u32 kind;
	__u32 mask;       /* number of sources, a power of two, less one */
	__u32 ifindex;    /* where `generate` sends them */
	__u32 header_sum; /* of the IP header without source and checksum */
	__u32 target;     /* destination of SYNS */
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct plan);
} PLAN SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MOST_SOURCES);
	__type(key, __u32);
	__type(value, __u32);
} SOURCES SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} NEXT SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} EVENTS SEC(".maps");

/* Finalizer of MurmurHash3: neighbours in, strangers out, no value twice. */
static __always_inline __u32 mix(__u32 h)
{
	h ^= h >> 16;
	h *= 0x85ebca6b;
	h ^= h >> 13;
	h *= 0xc2b2ae35;
	h ^= h >> 16;
	return h;
}

/* Never 0/8, 127/8, or 224/3, which no policy has to look up. */
static __always_inline __u32 unicast(__u32 h)
{
	__u32 first = h >> 24;

	if (first == 0 || first == 127 || first >= 224)
		h = (h & 0x00ffffff) | (first & 0x3f) << 24 | 0x40000000;
	return bpf_htonl(h >> 24 == 127 ? h ^ 0x40000000 : h);
}

static __always_inline int rewrite(struct xdp_md *ctx, struct plan *plan)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct tcphdr *tcp = (void *)(ip + 1);
	__u64 count = plan->count++;
	__u32 index, sum;

	if ((void *)(tcp + 1) > end)
		return -1;
	if (plan->kind == FROM_LIST) {
		__u32 *source;

		index = count & plan->mask;
		source = bpf_map_lookup_elem(&SOURCES, &index);
		if (!source)
			return -1;
		ip->saddr = *source;
	} else if (plan->kind == RANDOM) {
		ip->saddr = unicast(mix(count));
	} else if (plan->kind == SYNS) {
		ip->saddr = unicast(mix(count));
		ip->daddr = plan->target;
		tcp->source = bpf_htons(40000);
		tcp->dest = bpf_htons(443);
		tcp->ack_seq = 0;
		tcp->ack = 0;
	} else {
		__u32 flow = count >> 1;

		ip->saddr = unicast(mix(flow));
		tcp->source = bpf_htons(1024 + (mix(~flow) & 0x7fff));
		tcp->syn = !(count & 1);
		tcp->ack = count & 1;
	}
	sum = plan->header_sum + (ip->saddr & 0xffff) + (ip->saddr >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	ip->check = ~sum;
	return 0;
}

static __always_inline struct plan *the_plan(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&PLAN, &zero);
}

/* The floor: what a packet costs when a program does nothing. */
SEC("xdp")
int empty(struct xdp_md *ctx)
{
	return XDP_PASS;
}

/* The same for a packet socket's filter. */
SEC("socket")
int refuse(struct __sk_buff *skb)
{
	return 0;
}

/* Another source, then the program in NEXT. */
SEC("xdp")
int rotate(struct xdp_md *ctx)
{
	struct plan *plan = the_plan();

	if (!plan || rewrite(ctx, plan))
		return XDP_ABORTED;
	bpf_tail_call(ctx, &NEXT, 0);
	return XDP_ABORTED;
}

/* A packet generator: run over live frames, it sends each one out of an interface. */
SEC("xdp")
int generate(struct xdp_md *ctx)
{
	struct plan *plan = the_plan();

	if (!plan || rewrite(ctx, plan))
		return XDP_DROP;
	return bpf_redirect(plan->ifindex, 0);
}

/* An event of another source each time, as the wall writes it for the first packet of a flow. */
SEC("xdp")
int produce(struct xdp_md *ctx)
{
	struct plan *plan = the_plan();
	struct bw_packet_event *event = bpf_ringbuf_reserve(&EVENTS, sizeof(*event), 0);
	__u32 source;

	if (!event)
		return XDP_DROP;
	__builtin_memset(event, 0, sizeof(*event));
	source = unicast(mix(plan ? plan->count++ : 0));
	event->time_ns = bpf_ktime_get_boot_ns();
	event->remote[10] = event->remote[11] = event->local[10] = event->local[11] = 0xff;
	__builtin_memcpy(event->remote + 12, &source, 4);
	event->local[12] = 10;
	event->local[15] = 1;
	event->remote_port = bpf_htons(40000);
	event->local_port = bpf_htons(443);
	event->protocol = IPPROTO_TCP;
	event->kind = BW_EVENT_FLOW_OPEN;
	event->tcp_flags = 2;
	event->enforced = 1;
	event->length = 54;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return XDP_PASS;
}
