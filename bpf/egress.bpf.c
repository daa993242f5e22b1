/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The wall, outbound: gives diverted flows their addresses back, and sees the other half of each flow, without which
 * no handshake is verified. It judges nothing; the only thing it drops is what would show the tarpit's own address.
 */
#include "inspect.h"
#include "nat_egress.h"
#include "dpi_dns.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define ACCEPT 0 /* TC_ACT_OK, TCX_PASS */
#define SHOT 2   /* TC_ACT_SHOT, TCX_DROP */
#define NEXT (-1) /* TC_ACT_UNSPEC, TCX_NEXT: let other programs on the hook speak */

#define HEADERS_MAX 128 /* two tags, IPv6 with a few extensions, TCP with options */

/* From here on `source` is the remote, as inbound code has it. */
static __always_inline void turn_round(struct packet *p)
{
	__u8 address[16];
	__be16 port = p->source_port;

	copy_address(address, p->source);
	copy_address(p->source, p->destination);
	copy_address(p->destination, address);
	p->source_port = p->destination_port;
	p->destination_port = port;
}

static __always_inline void tell_egress(const struct bw_settings *settings, struct bw_cpu *cpu, const struct packet *p,
					const struct bw_flow *flow, __u8 kind, __u8 direction, __u32 interface, int proven)
{
	struct event_about about = {
		.kind = kind,
		.reason = BW_PASS_DEFAULT,
		.enforced = settings->mode == BW_MODE_ENFORCE,
		.direction = direction,
		.entropy = flow ? flow->entropy : 0,
		.proven = proven,
		.interface = interface,
	};

	tell(&EGRESS_EVENTS, BW_LOST_EGRESS_EVENTS, settings, cpu, p, flow, &about);
}

static __always_inline void note_outbound(struct bw_flow *flow, const struct packet *p, __u64 now)
{
	flow->last_ns = now;
	flow->packets_out++;
	flow->bytes_out += payload_length(p);
}

static __always_inline __u32 sequence_end(const struct packet *p)
{
	return p->sequence + payload_length(p) + !!(p->tcp_flags & (TCP_SYN | TCP_FIN));
}

/* `p` is turned round already. */
static __always_inline void track_tcp(const struct bw_settings *settings, struct bw_cpu *cpu, const struct packet *p, __u64 now, __u32 interface)
{
	struct bw_flow_key key;
	struct bw_flow *flow;
	int syn = (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;

	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&CONN_TRACK, &key);
	if (flow && !(syn && (flow->state >= BW_FLOW_CLOSING || now - flow->last_ns > FLOW_REUSE_IDLE_NS))) {
		__u8 before = flow->state;

		note_outbound(flow, p, now);
		if (flow->state == BW_FLOW_SYN_OUT)
			return;
		/* A SYN-ACK here means the ports were opened anew; HALF_OPEN has that handshake. */
		if (!(p->tcp_flags & TCP_SYN)) {
			if (p->tcp_flags & TCP_RST) {
				flow->state = BW_FLOW_CLOSED;
			} else if (p->tcp_flags & TCP_FIN) {
				flow->flags |= BW_FLOW_FIN_LOCAL;
				flow->state = flow->flags & BW_FLOW_FIN_REMOTE ? BW_FLOW_CLOSED : BW_FLOW_CLOSING;
			}
			if (flow->state == BW_FLOW_CLOSED && before != BW_FLOW_CLOSED)
				tell_egress(settings, cpu, p, flow, BW_EVENT_FLOW_CLOSED, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, interface, 1);
			return;
		}
	}
	if (syn) {
		struct bw_flow opened = {
			.first_ns = now, .last_ns = now, .packets_out = 1,
			.local_isn = p->sequence, .state = BW_FLOW_SYN_OUT, .flags = BW_FLOW_OUTBOUND,
		};

		if (bpf_map_update_elem(&CONN_TRACK, &key, &opened, BPF_ANY))
			lose(cpu, BW_LOST_FLOW_INSERT);
		tell_egress(settings, cpu, p, &opened, BW_EVENT_FLOW_OPEN, BW_OUTBOUND, interface, 1);
		return;
	}
	flow = bpf_map_lookup_elem(&HALF_OPEN, &key);
	if (!flow)
		return;
	note_outbound(flow, p, now);
	if (p->tcp_flags & TCP_RST) {
		if (flow->state == BW_FLOW_SYN)
			tell_egress(settings, cpu, p, flow, BW_EVENT_FLOW_REFUSED, BW_INBOUND, interface, 0);
		bpf_map_delete_elem(&HALF_OPEN, &key);
	} else if (p->tcp_flags & TCP_SYN) {
		flow->local_isn = p->sequence;
		flow->state = BW_FLOW_SYN_ACK;
	} else if (flow->flags & BW_FLOW_LOOSE) {
		flow->local_isn = sequence_end(p);
	}
}

static __always_inline void track_datagram(const struct bw_settings *settings, struct bw_cpu *cpu, const struct packet *p, __u64 now, __u32 interface)
{
	struct bw_flow_key key;
	struct bw_flow *flow;

	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&HALF_OPEN, &key);
	if (flow) {
		note_outbound(flow, p, now);
		if (flow->state == BW_FLOW_DATAGRAM)
			flow->state = BW_FLOW_DIALOGUE;
		return;
	}
	struct bw_flow opened = {
		.first_ns = now, .last_ns = now, .packets_out = 1, .bytes_out = payload_length(p),
		.state = BW_FLOW_DATAGRAM, .flags = BW_FLOW_OUTBOUND,
	};

	if (bpf_map_update_elem(&HALF_OPEN, &key, &opened, BPF_ANY))
		lose(cpu, BW_LOST_FLOW_INSERT);
	tell_egress(settings, cpu, p, &opened, BW_EVENT_FLOW_OPEN, BW_OUTBOUND, interface, 0);
}

/* Queries that leave: tunnels start inside. */
static __always_inline void sample_query(struct __sk_buff *skb, const struct bw_settings *settings, struct bw_cpu *cpu, const struct packet *p, __u64 now)
{
	struct bw_scratch *scratch = this_scratch();
	__u32 length = payload_length(p);
	struct bw_sample_event *sample;

	if (!scratch || length <= DNS_HEADER)
		return;
	if (length > PEEK_BYTES)
		length = PEEK_BYTES;
	asm volatile("" : "+r"(length));
	if (length == 0 || length > PEEK_BYTES || bpf_skb_load_bytes(skb, p->payload, payload_of(scratch), length))
		return;
	flow_key_inbound(&scratch->key, p);
	scratch->now_ns = now;
	scratch->payload_length = payload_length(p);
	scratch->sequence = 0;
	scratch->is_v6 = p->is_v6;
	scratch->proven = 0;
	scratch->direction = BW_OUTBOUND;
	scratch->loaded = length;
	sample = sample_head(scratch, BW_SAMPLE_DNS);
	measure_name(scratch, sample, DNS_HEADER);
	send_sample(scratch, sample, &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
}

static __always_inline int is_allowed(const struct packet *p, __u32 slot, struct bw_cpu *cpu)
{
	return p->is_v6 ? !!allowed6(slot, cpu, p->destination) : !!allowed4(slot, cpu, v4_of(p->destination));
}

/* NEXT: not a packet of a diverted flow. */
static __always_inline int undivert(struct __sk_buff *skb, struct packet *p, const struct bw_settings *settings, struct bw_cpu *cpu, __u32 slot, __u64 now)
{
	struct bw_nat_reverse *back;
	struct bw_flow_key key;

	/* The other slot too: a policy change may have moved the target while flows go on. */
	if (!from_target(p, slot) && !from_target(p, slot ^ 1))
		return NEXT;
	if (p->fragment == LATER_FRAGMENT) {
		struct bw_fragment *first = first_of(p, now);
		__u8 address[16];

		if (!first || first->verdict != BW_FRAGMENT_NAT)
			return NEXT;
		copy_address(address, first->target);
		return write_source(skb, p, address, 0, 0) ? SHOT : ACCEPT;
	}
	key_outbound(&key, p);
	back = bpf_map_lookup_elem(&NAT_REVERSE, &key);
	if (back) {
		struct bw_nat_reverse copy;

		__builtin_memcpy(&copy, back, sizeof(copy));
		if (p->fragment == FIRST_FRAGMENT) {
			copy_address(p->nat_target, copy.local);
			remember_first(p, BW_FRAGMENT_NAT, now);
		}
		return rewrite_outbound(skb, p, &copy) ? SHOT : ACCEPT;
	}
	/* Nothing of the tarpit leaves under its own address, but to somebody the operator lets through. */
	return settings->mode == BW_MODE_ENFORCE && from_target(p, slot) && !is_allowed(p, slot, cpu) ? SHOT : NEXT;
}

static __always_inline int judge_error(struct __sk_buff *skb, struct packet *p, const struct bw_settings *settings, struct bw_cpu *cpu)
{
	struct bw_flow_key key;
	int done = p->is_v6 ? translate_outbound_error6(skb, p, &key) : translate_outbound_error4(skb, p, &key);

	if (done > 0)
		return ACCEPT;
	/* Port unreachable answers a datagram to a closed port. */
	if (!done && p->icmp_type == (p->is_v6 ? 1 : 3)) {
		__u8 code = 0;

		if (!bpf_skb_load_bytes(skb, p->l4 + 1, &code, 1) && code == (p->is_v6 ? 4 : 3)) {
			struct packet about = {
				.source_port = key.remote_port, .destination_port = key.local_port, .protocol = key.protocol,
				.is_v6 = p->is_v6, .frame_length = skb->len,
			};

			copy_address(about.source, key.remote);
			copy_address(about.destination, key.local);
			tell_egress(settings, cpu, &about, 0, BW_EVENT_FLOW_REFUSED, BW_INBOUND, skb->ifindex, 0);
		}
	}
	return NEXT;
}

SEC("tc")
int egress(struct __sk_buff *skb)
{
	__u32 slot = active_slot(), available = skb->len < HEADERS_MAX ? skb->len : HEADERS_MAX;
	struct bw_settings *settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	struct bw_cpu *cpu = this_cpu();
	struct packet p = {};
	struct cursor c;
	int type, verdict;
	__u64 now;

	if (!settings || !cpu || settings->mode == BW_MODE_OFF)
		return NEXT;
	/* Headers may lie in a fragment of the skb. */
	if (skb->data_end - skb->data < available && bpf_skb_pull_data(skb, available))
		return NEXT;
	c.data = (void *)(long)skb->data;
	c.end = (void *)(long)skb->data_end;
	p.frame_length = skb->len;
	type = parse_ethernet(&c);
	p.l3 = c.offset;
	if (type == ETH_P_IP) {
		struct iphdr *ip = view(&c, p.l3, sizeof(*ip));

		if (!ip)
			return NEXT;
		map_v4(p.source, ip->saddr);
		map_v4(p.destination, ip->daddr);
		verdict = finish_ipv4(&c, &p, ip, skb->len);
	} else if (type == ETH_P_IPV6) {
		struct ipv6hdr *ip = view(&c, p.l3, sizeof(*ip));

		if (!ip)
			return NEXT;
		p.is_v6 = 1;
		copy_address(p.source, (const __u8 *)&ip->saddr);
		copy_address(p.destination, (const __u8 *)&ip->daddr);
		verdict = finish_ipv6(&c, &p, ip, skb->len);
	} else {
		return NEXT;
	}
	/* What our own stack made odd is not ours to judge. */
	if (verdict)
		return NEXT;
	now = now_coarse(cpu);
	if (p.fragment != LATER_FRAGMENT && parse_transport(&c, &p))
		return NEXT;
	if (nat_protocol(p.protocol)) {
		verdict = undivert(skb, &p, settings, cpu, slot, now);
		if (verdict != NEXT)
			return verdict == ACCEPT ? NEXT : verdict;
	} else if (is_icmp_error(&p)) {
		return judge_error(skb, &p, settings, cpu);
	}
	if (!(settings->features & BW_FEATURE_CONNTRACK) || p.fragment == LATER_FRAGMENT)
		return NEXT;
	turn_round(&p);
	if (p.protocol == IPPROTO_TCP) {
		track_tcp(settings, cpu, &p, now, skb->ifindex);
	} else if (p.protocol == IPPROTO_UDP || p.protocol == IPPROTO_ICMP || p.protocol == IPPROTO_ICMPV6_) {
		track_datagram(settings, cpu, &p, now, skb->ifindex);
		if (p.protocol == IPPROTO_UDP && p.source_port == bpf_htons(53) && settings->features & BW_FEATURE_DPI)
			sample_query(skb, settings, cpu, &p, now);
	}
	return NEXT;
}
