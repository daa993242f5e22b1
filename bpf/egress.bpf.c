/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The wall, outbound: gives diverted flows their addresses back, and sees the other half of each flow, without which
 * no handshake is verified. It judges nothing; the only thing it drops is what would show the tarpit's own address.
 */
#include "egress_events.h"
#include "nat_egress.h"
#include "ssh.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define ACCEPT 0 /* rewritten; goes on like NEXT */
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

static __always_inline void note_outbound(struct bw_flow *flow, const struct packet *p, __u64 now)
{
	flow->last_ns = now;
	flow->packets_out++;
	flow->bytes_out += payload_length(p);
}

/* Long flows are reported while they last: what is carried away must not be told when it is gone. */
static __always_inline int is_milestone(const struct bw_flow *flow)
{
	__u64 packets = flow->packets_out;

	return packets >= 64 && (!(packets & (packets - 1)) || !(packets & 4095));
}

static __always_inline __u32 sequence_end(const struct packet *p)
{
	return p->sequence + payload_length(p) + !!(p->tcp_flags & (TCP_SYN | TCP_FIN));
}

#define ANSWERS 1 /* begins the answer to an HTTP request */
#define ASKS    2 /* early on a flow that we opened */
#define SERVES  4 /* says something on a flow that may be SSH */

/* Data packets of ours that may begin a hello: proxies are spoken to first. */
#define EARLY_PACKETS 10

/* `p` is turned round already. Says what else is to be looked at. */
__subprogram int track_tcp(struct packet *p, __u64 now)
{
	struct bw_cpu *cpu = this_cpu();
	struct bw_flow_key key;
	struct bw_flow *flow;
	int syn, more = 0;

	if (!p || !cpu)
		return 0;
	syn = (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&CONN_TRACK, &key);
	if (flow && !(syn && (flow->state >= BW_FLOW_CLOSING || elapsed(now, flow->last_ns) > FLOW_REUSE_IDLE_NS))) {
		__u8 before = flow->state;

		note_outbound(flow, p, now);
		if (flow->state == BW_FLOW_SYN_OUT)
			return 0;
		if (flow->flags & BW_FLOW_ASKED && payload_length(p)) {
			flow->flags &= ~BW_FLOW_ASKED;
			more |= ANSWERS;
		}
		/* A server of SSH speaks first. */
		if (!(flow->flags & BW_FLOW_OUTBOUND) && payload_length(p) && (follows_ssh(flow) || flow->bytes_out == payload_length(p)))
			more |= SERVES;
		if (flow->flags & BW_FLOW_OUTBOUND && payload_length(p) && (flow->hello_left || (flow->packets_out <= EARLY_PACKETS && !(flow->flags & BW_FLOW_OPAQUE))))
			more |= ASKS;
		if (is_milestone(flow))
			tell_egress(p, flow, BW_EVENT_FLOW_PROGRESS, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, 1);
		/* A SYN-ACK here means the ports were opened anew; HALF_OPEN has that handshake. */
		if (!(p->tcp_flags & TCP_SYN)) {
			if (p->tcp_flags & TCP_RST) {
				flow->state = BW_FLOW_CLOSED;
			} else if (p->tcp_flags & TCP_FIN) {
				flow->flags |= BW_FLOW_FIN_LOCAL;
				flow->state = flow->flags & BW_FLOW_FIN_REMOTE ? BW_FLOW_CLOSED : BW_FLOW_CLOSING;
			}
			if (flow->state == BW_FLOW_CLOSED && before != BW_FLOW_CLOSED)
				tell_egress(p, flow, BW_EVENT_FLOW_CLOSED, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, 1);
			return more;
		}
	}
	if (syn) {
		struct bw_flow opened = {
			.first_ns = now, .last_ns = now, .packets_out = 1,
			.local_isn = p->sequence, .state = BW_FLOW_SYN_OUT, .flags = BW_FLOW_OUTBOUND,
		};

		if (bpf_map_update_elem(&CONN_TRACK, &key, &opened, BPF_ANY))
			lose(cpu, BW_LOST_FLOW_INSERT);
		tell_egress(p, &opened, BW_EVENT_FLOW_OPEN, BW_OUTBOUND, 1);
		return 0;
	}
	flow = bpf_map_lookup_elem(&HALF_OPEN, &key);
	if (!flow)
		return 0;
	note_outbound(flow, p, now);
	if (p->tcp_flags & TCP_RST) {
		if (flow->state == BW_FLOW_SYN)
			tell_egress(p, flow, BW_EVENT_FLOW_REFUSED, BW_INBOUND, 0);
		bpf_map_delete_elem(&HALF_OPEN, &key);
	} else if (p->tcp_flags & TCP_SYN) {
		flow->local_isn = p->sequence;
		flow->state = BW_FLOW_SYN_ACK;
	} else if (flow->flags & BW_FLOW_LOOSE) {
		flow->local_isn = sequence_end(p);
	}
	return 0;
}

/* As above. */
__subprogram int track_datagram(struct packet *p, __u64 now)
{
	struct bw_cpu *cpu = this_cpu();
	struct bw_flow_key key;
	struct bw_flow *flow;

	if (!p || !cpu)
		return 0;
	flow_key_inbound(&key, p);
	flow = bpf_map_lookup_elem(&HALF_OPEN, &key);
	if (flow) {
		/* Who checks in over one pair of ports opens nothing that could be told. */
		if (flow->flags & BW_FLOW_OUTBOUND && elapsed(now, flow->last_ns) >= FLOW_WAKES_NS)
			tell_egress(p, flow, BW_EVENT_FLOW_WAKES, BW_OUTBOUND, 0);
		note_outbound(flow, p, now);
		if (flow->state == BW_FLOW_DATAGRAM)
			flow->state = BW_FLOW_DIALOGUE;
		if (is_milestone(flow))
			tell_egress(p, flow, BW_EVENT_FLOW_PROGRESS, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, 0);
		return flow->flags & BW_FLOW_OUTBOUND && flow->packets_out <= 4 ? ASKS : 0;
	}
	struct bw_flow opened = {
		.first_ns = now, .last_ns = now, .packets_out = 1, .bytes_out = payload_length(p),
		.state = BW_FLOW_DATAGRAM, .flags = BW_FLOW_OUTBOUND,
	};

	if (bpf_map_update_elem(&HALF_OPEN, &key, &opened, BPF_ANY))
		lose(cpu, BW_LOST_FLOW_INSERT);
	tell_egress(p, &opened, BW_EVENT_FLOW_OPEN, BW_OUTBOUND, 0);
	return ASKS;
}

static __always_inline int is_allowed(struct packet *p, __u32 slot, struct bw_cpu *cpu)
{
	struct bw_policy *policy = p->is_v6 ? allowed6(slot, cpu, p->destination, p) : allowed4(slot, cpu, v4_of(p->destination), p);

	return policy && (p->action == BW_ALLOW || p->action == BW_GUARD);
}

/* NEXT: not a packet of a diverted flow. */
__subprogram int undivert(struct __sk_buff *skb, struct packet *p, __u64 now)
{
	struct bw_cpu *cpu = this_cpu();
	__u32 slot = cpu ? active_slot(cpu) : 0;
	struct bw_settings *settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	struct bw_nat_reverse *back;
	struct bw_flow_key key;

	if (!p || !settings || !cpu)
		return NEXT;
	/* The other slots too: a policy change may have moved the target while flows go on. */
	if (!from_target(p, slot) && !from_target(p, slot ^ 1) && !from_target(p, slot ^ 2) && !from_target(p, slot ^ 3))
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

__subprogram int judge_error(struct __sk_buff *skb, struct packet *p)
{
	struct bw_flow_key key;
	int done;

	if (!p)
		return NEXT;
	done = p->is_v6 ? translate_outbound_error6(skb, p, &key) : translate_outbound_error4(skb, p, &key);

	if (done > 0)
		return ACCEPT;
	/* Port unreachable answers a datagram to a closed port. */
	if (!done && p->icmp_type == (p->is_v6 ? 1 : 3)) {
		__u8 code = 0;

		if (!bpf_skb_load_bytes(skb, p->l4 + 1, &code, 1) && code == (p->is_v6 ? 4 : 3)) {
			copy_address(p->source, key.remote);
			copy_address(p->destination, key.local);
			p->source_port = key.remote_port;
			p->destination_port = key.local_port;
			p->protocol = key.protocol;
			tell_egress(p, 0, BW_EVENT_FLOW_REFUSED, BW_INBOUND, 0);
		}
	}
	return NEXT;
}

/* Learns the whole frame. 0, or not for us: not IP, or made odd by our own stack, which is not ours to judge. */
__subprogram int parse_outbound(struct __sk_buff *skb, struct packet *p)
{
	struct cursor c = { .data = (void *)(long)skb->data, .end = (void *)(long)skb->data_end };
	int type = parse_ethernet(&c);

	if (!p)
		return -1;
	p->l3 = c.offset;
	if (type == ETH_P_IP) {
		struct iphdr *ip = view(&c, c.offset, sizeof(*ip));

		if (!ip)
			return -1;
		map_v4(p->source, ip->saddr);
		map_v4(p->destination, ip->daddr);
		if (finish_ipv4(&c, p, ip, skb->len))
			return -1;
	} else if (type == ETH_P_IPV6) {
		struct ipv6hdr *ip = view(&c, c.offset, sizeof(*ip));

		if (!ip)
			return -1;
		p->is_v6 = 1;
		copy_address(p->source, (const __u8 *)&ip->saddr);
		copy_address(p->destination, (const __u8 *)&ip->daddr);
		if (finish_ipv6(&c, p, ip, skb->len))
			return -1;
	} else {
		return -1;
	}
	return p->fragment != LATER_FRAGMENT && parse_transport(&c, p) ? -1 : 0;
}

SEC("tc")
int egress(struct __sk_buff *skb)
{
	__u32 available = skb->len < HEADERS_MAX ? skb->len : HEADERS_MAX;
	struct bw_cpu *cpu = this_cpu();
	__u32 slot = cpu ? active_slot(cpu) : 0;
	struct bw_settings *settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	struct packet p = {};
	__u64 now;

	if (!settings || !cpu || settings->mode == BW_MODE_OFF)
		return NEXT;
	/* Headers may lie in a fragment of the skb. */
	if (skb->data_end - skb->data < available && bpf_skb_pull_data(skb, available))
		return NEXT;
	p.frame_length = skb->len;
	p.interface = skb->ifindex;
	if (parse_outbound(skb, &p))
		return NEXT;
	now = now_coarse(cpu);
	if (nat_protocol(p.protocol)) {
		int verdict = undivert(skb, &p, now);

		if (verdict != NEXT)
			return verdict == SHOT ? SHOT : NEXT;
	} else if (is_icmp_error(&p)) {
		judge_error(skb, &p);
		return NEXT;
	}
	if (!(settings->features & BW_FEATURE_CONNTRACK) || p.fragment == LATER_FRAGMENT)
		return NEXT;
	turn_round(&p);
	if (p.protocol == IPPROTO_TCP) {
		int more = track_tcp(&p, now);

		if (p.source_port == bpf_htons(53) && settings->features & BW_FEATURE_DPI)
			sample_query(skb, &p, now);
		if (more & SERVES)
			follow_ssh(skb, &p);
		if (more & ANSWERS) {
			read_answer(skb, &p);
		} else if (more & ASKS) {
			sample_hello(skb, &p, now);
			if (is_clear_port(p.source_port))
				hear_first(skb, &p, now);
		} else if (settings->features & BW_FEATURE_DPI && is_login_port(p.destination_port))
			watch_login(skb, &p);
	} else if (p.protocol == IPPROTO_UDP || p.protocol == IPPROTO_ICMP || p.protocol == IPPROTO_ICMPV6_) {
		int more = track_datagram(&p, now);

		if (p.protocol == IPPROTO_UDP && p.source_port == bpf_htons(53)) {
			if (settings->features & BW_FEATURE_DPI)
				sample_query(skb, &p, now);
		} else if (p.protocol == IPPROTO_UDP && more == ASKS) {
			sample_initial(skb, &p, now);
		}
	}
	return NEXT;
}
