/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The wall, outbound: gives diverted flows their addresses back, and sees the other half of each flow, without which
 * no handshake is verified. It judges nothing; the only thing it drops is what would show the tarpit's own address.
 */
#include "egress_events.h"
#include "egress_flow.h"
#include "nat_egress.h"

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

/* 1: the datagram that the error quotes is an answer of a name server (RFC 1035 §4.1.1), late or to a question in our name. */
static __always_inline int quotes_answer(struct __sk_buff *skb, const struct packet *p)
{
	__u32 inner = p->l4 + 8; /* RFC 792, RFC 4443 §3.1 */
	__u8 first = 0x45, flags = 0;

	if (p->protocol != IPPROTO_UDP)
		return 0;
	if (!p->is_v6 && bpf_skb_load_bytes(skb, inner, &first, 1))
		return 0;
	inner += (p->is_v6 ? 40 : (first & 15) * 4) + 8;
	return !bpf_skb_load_bytes(skb, inner + 2, &flags, 1) && flags & 0x80;
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
			p->tcp_flags = quotes_answer(skb, p) ? BW_QUOTED_ANSWER : 0;
			tell_egress(p, 0, BW_EVENT_FLOW_REFUSED, BW_INBOUND, 0);
		}
	}
	return NEXT;
}

/* Learns the whole frame. 0, or not for us: not IP, or made odd by our own stack, which is not ours to judge. */
__subprogram int parse_outbound(struct __sk_buff *skb, struct packet *p)
{
	struct cursor c = { .data = (void *)(long)skb->data, .end = (void *)(long)skb->data_end };
	int type = parse_link(&c);

	if (!p)
		return -1;
	begin_ip(&c, p);
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

/* On ingress: a challenge that XDP made of a SYN, see hand_to_tc. Its mark tells the program below not to track it. */
SEC("tc")
int answer(struct __sk_buff *skb)
{
	__u32 *note = (void *)(long)skb->data_meta;

	if ((void *)(note + 1) > (void *)(long)skb->data || *note != BW_ANSWER_NOTE)
		return NEXT;
	skb->mark = BW_ANSWER_NOTE;
	return bpf_redirect(skb->ifindex, 0);
}

/*
 * A gateway's flow comes in by one interface and leaves by another. Where it came in it is judged, told of and inspected;
 * where it leaves, the other half is kept for the answers, and nothing is said twice, also not behind NAT.
 */
static __always_inline int came_by_another_gate(const struct __sk_buff *skb)
{
	__u32 came = skb->ingress_ifindex;

	return constants.gates && came && came != skb->ifindex && bpf_map_lookup_elem(&GATES, &came);
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

	if (skb->mark == BW_ANSWER_NOTE) {
		skb->mark = 0;
		return NEXT;
	}
	if (!settings || !cpu || settings->mode == BW_MODE_OFF)
		return NEXT;
	/* Headers may lie in a fragment of the skb. */
	if (skb->data_end - skb->data < available && bpf_skb_pull_data(skb, available))
		return NEXT;
	p.frame_length = skb->len;
	p.interface = skb->ifindex;
	p.forwarded = came_by_another_gate(skb);
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
		int more = track_tcp(skb, &p, now);

		if (p.forwarded && is_told_elsewhere(&p))
			return NEXT;
		if (p.source_port == bpf_htons(53) && settings->features & BW_FEATURE_DPI)
			sample_query(skb, &p, now);
		if (more & SERVES)
			follow_ssh(skb, &p);
		if (more & ANSWERS) {
			read_answer(skb, &p);
		} else if (more & ASKS) {
			sample_hello(skb, &p, now);
			if (port_has(p.source_port, BW_PORT_CLEAR))
				hear_first(skb, &p, now);
		}
		if (settings->features & BW_FEATURE_DPI && port_has(p.destination_port, BW_PORT_REFUSAL))
			watch_login(skb, &p);
	} else if (p.protocol == IPPROTO_UDP || p.protocol == IPPROTO_ICMP || p.protocol == IPPROTO_ICMPV6_) {
		int more = track_datagram(&p, now);

		if (p.forwarded && is_told_elsewhere(&p))
			return NEXT;
		if (p.protocol == IPPROTO_UDP && p.source_port == bpf_htons(53)) {
			if (settings->features & BW_FEATURE_DPI)
				sample_query(skb, &p, now);
		} else if (p.protocol == IPPROTO_UDP && more == ASKS) {
			sample_initial(skb, &p, now);
		}
	}
	return NEXT;
}
