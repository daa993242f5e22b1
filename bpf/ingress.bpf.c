/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The wall, inbound. Order of judgement: allow, neighbour discovery, block, form of the packet, diverted flows,
 * verified flows, limits and challenges, tracking; then, for the first data packets of a flow, inspection by tail call.
 */
#include "challenge.h"
#include "fragment.h"
#include "inspect.h"
#include "nat_icmp.h"
#include "policy.h"
#include "dpi_http.h"
#include "dpi_dns.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* A struct used only through a ring is not in the object's BTF unless something of the program points to it. */
const struct bw_packet_event *abi_packet_event __attribute__((unused));
const struct bw_sample_event *abi_sample_event __attribute__((unused));
const struct bw_policy *abi_policy __attribute__((unused));
const struct bw_prefix4 *abi_prefix4 __attribute__((unused));
const struct bw_prefix6 *abi_prefix6 __attribute__((unused));
const enum bw_event_kind *abi_event_kind __attribute__((unused));
const enum bw_reason *abi_reason __attribute__((unused));
const enum bw_loss *abi_loss __attribute__((unused));
const enum bw_sample_kind *abi_sample_kind __attribute__((unused));
const enum bw_flow_state *abi_flow_state __attribute__((unused));
const enum bw_action *abi_action __attribute__((unused));
const enum bw_mode *abi_mode __attribute__((unused));
const enum bw_class *abi_class __attribute__((unused));
const enum bw_scope *abi_scope __attribute__((unused));
const enum bw_direction *abi_direction __attribute__((unused));

struct judge {
	struct bw_cpu *cpu;
	struct bw_settings *settings;
	__u32 slot;
	__u64 now;
};

#define GO_ON (-1)

static __always_inline int passed(const struct judge *j, const struct packet *p, __u32 reason)
{
	count(j->cpu, reason, p->frame_length);
	return XDP_PASS;
}

/* Drops, or while observing counts what would have been dropped. */
static __always_inline int dropped(const struct judge *j, const struct packet *p, __u32 reason)
{
	if (j->settings->mode != BW_MODE_ENFORCE) {
		count(j->cpu, reason + WOULD, p->frame_length);
		return XDP_PASS;
	}
	count(j->cpu, reason, p->frame_length);
	return XDP_DROP;
}

/* An event about a packet. `flow` may be NULL; `what` is kind and reason. */
__subprogram int tell_ingress(struct packet *p, struct bw_flow *flow, __u32 what)
{
	__u32 slot = active_slot();
	struct bw_settings *settings = bpf_map_lookup_elem(&SETTINGS, &slot);
	struct bw_cpu *cpu = this_cpu();
	struct event_about about = { .kind = what, .reason = what >> 8 };

	if (!p || !settings || !cpu)
		return 0;
	about.enforced = settings->mode == BW_MODE_ENFORCE;
	about.direction = flow && flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND;
	about.entropy = flow ? flow->entropy : 0;
	/* These kinds rest on an echoed number. */
	about.proven = about.kind == BW_EVENT_FLOW_ESTABLISHED || about.kind == BW_EVENT_FLOW_CLOSED || about.kind == BW_EVENT_PROVEN;
	about.interface = p->interface;
	tell(&EVENTS, BW_LOST_EVENTS, settings, cpu, p, flow, &about);
	return 0;
}

static __always_inline void report(struct packet *p, struct bw_flow *flow, __u32 kind, __u32 reason)
{
	tell_ingress(p, flow, kind | reason << 8);
}

static __always_inline int refused(const struct judge *j, struct packet *p, __u32 reason, __u8 kind)
{
	report(p, 0, kind, reason);
	return dropped(j, p, reason);
}

/* What the policy's entry means for this packet. GO_ON for redirect and rate limit, which bind later. */
static __always_inline int apply(const struct judge *j, struct packet *p, struct bw_policy *policy, __u32 reason)
{
	hit(policy, j->cpu);
	p->action = policy->action;
	p->decision_id = policy->decision_id;
	if (policy->action == BW_ALLOW)
		return passed(j, p, BW_PASS_ALLOW);
	if (policy->action == BW_DROP)
		return refused(j, p, reason, BW_EVENT_DROPPED);
	return GO_ON;
}

static __always_inline int judge_ipv4(struct cursor *c, struct packet *p, struct judge *j)
{
	struct iphdr *ip = view(c, c->offset, sizeof(*ip));
	struct bw_policy *policy;
	int by_prefix = 0, verdict;
	__be32 source;
	__u32 first;

	if (!ip)
		return dropped(j, p, BW_DROP_MALFORMED_IP);
	p->l3 = c->offset;
	source = ip->saddr;
	policy = allowed4(j->slot, j->cpu, source);
	if (policy)
		return apply(j, p, policy, 0);
	map_v4(p->source, source);
	map_v4(p->destination, ip->daddr);
	policy = judged4(j->slot, j->cpu, source, &by_prefix);
	if (policy) {
		verdict = apply(j, p, policy, by_prefix ? BW_DROP_PREFIX : BW_DROP_HOST);
		if (verdict != GO_ON)
			return verdict;
	}
	first = bpf_ntohl(source) >> 24;
	/* 0.0.0.0 is a DHCP client that has no address yet (RFC 2131). */
	if (first == 127 || first >= 224 || (first == 0 && source))
		return refused(j, p, BW_DROP_MARTIAN, BW_EVENT_MALFORMED);
	verdict = finish_ipv4(c, p, ip, p->frame_length);
	return verdict ? refused(j, p, -verdict, BW_EVENT_MALFORMED) : GO_ON;
}

/* ND (RFC 4861) is link-local by its hop limit; MLD (RFC 2710, 3810) by its source. Without them the link is dead. */
static __always_inline int is_neighbour(struct cursor *c, const struct packet *p)
{
	__u8 *icmp;

	if (p->protocol != IPPROTO_ICMPV6_ || p->fragment != NOT_FRAGMENT)
		return 0;
	icmp = view(c, p->l4, 4);
	if (!icmp)
		return 0;
	if (icmp[0] >= 133 && icmp[0] <= 137)
		return p->hop_limit == 255;
	return ((icmp[0] >= 130 && icmp[0] <= 132) || icmp[0] == 143) && p->hop_limit == 1;
}

static __always_inline int is_martian6(const __u8 *a)
{
	const __u64 *x = (const void *)a;

	return a[0] == 0xff || (!x[0] && x[1] == bpf_cpu_to_be64(1));
}

static __always_inline int judge_ipv6(struct cursor *c, struct packet *p, struct judge *j)
{
	struct ipv6hdr *ip = view(c, c->offset, sizeof(*ip));
	struct bw_policy *policy;
	int by_prefix = 0, form, verdict;
	__be32 embedded;

	p->is_v6 = 1;
	if (!ip)
		return dropped(j, p, BW_DROP_MALFORMED_IP);
	p->l3 = c->offset;
	copy_address(p->source, (const __u8 *)&ip->saddr);
	copy_address(p->destination, (const __u8 *)&ip->daddr);
	policy = allowed6(j->slot, j->cpu, p->source);
	if (policy)
		return apply(j, p, policy, 0);
	form = finish_ipv6(c, p, ip, p->frame_length);
	if (!form && is_neighbour(c, p))
		return passed(j, p, BW_PASS_NEIGHBOUR);
	policy = judged6(j->slot, j->cpu, p->source, &by_prefix);
	if (policy) {
		verdict = apply(j, p, policy, by_prefix ? BW_DROP_PREFIX : BW_DROP_HOST);
		if (verdict != GO_ON)
			return verdict;
	}
	embedded = embedded_v4(p->source);
	if (embedded) {
		policy = judged4(j->slot, j->cpu, embedded, &by_prefix);
		if (policy && policy->action == BW_DROP) {
			hit(policy, j->cpu);
			p->decision_id = policy->decision_id;
			return refused(j, p, BW_DROP_EMBEDDED, BW_EVENT_DROPPED);
		}
	}
	if (is_martian6(p->source))
		return refused(j, p, BW_DROP_MARTIAN, BW_EVENT_MALFORMED);
	return form ? refused(j, p, -form, BW_EVENT_MALFORMED) : GO_ON;
}

/* NULL, XMAS, SYN+FIN, SYN+RST, FIN without ACK, and anything else without one of SYN, ACK, RST. */
static __always_inline int impossible_flags(__u8 flags)
{
	if (flags & TCP_SYN)
		return flags & (TCP_FIN | TCP_RST);
	if (flags & TCP_RST)
		return flags & TCP_FIN;
	return !(flags & TCP_ACK);
}

static __always_inline int later_fragment(struct xdp_md *ctx, struct packet *p, struct judge *j)
{
	struct bw_fragment *first = first_of(p, j->now);

	if (!first || first->verdict == BW_FRAGMENT_DROP)
		return dropped(j, p, BW_DROP_FRAGMENT_ORPHAN);
	if (first->verdict == BW_FRAGMENT_NAT && j->settings->mode == BW_MODE_ENFORCE) {
		struct bw_nat nat = {};

		copy_address(nat.target, first->target);
		if (rewrite_inbound(ctx, p, &nat))
			return dropped(j, p, BW_DROP_MALFORMED_IP);
		return passed(j, p, BW_REDIRECT_STICKY);
	}
	return passed(j, p, BW_PASS_DEFAULT);
}

/* Diverted flows, and new ones of a source that shall be diverted. GO_ON: not this packet. */
static __always_inline int divert(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	struct bw_target *target = bpf_map_lookup_elem(&TARPIT_TARGET, &j->slot);
	struct bw_nat fresh = {}, *nat;
	__u32 reason = BW_REDIRECT_STICKY;

	if (!target_of(target, p->is_v6, fresh.target, &fresh.target_port))
		return GO_ON;
	nat = nat_of(key, p, j->now);
	if (!nat) {
		if (p->destination_port == fresh.target_port && same_address(p->destination, fresh.target))
			return dropped(j, p, BW_DROP_TARPIT_DIRECT);
		if (p->action != BW_REDIRECT)
			return GO_ON;
		/* Only new flows: a SYN, or a datagram of a flow that is not known yet. */
		if (p->protocol == IPPROTO_TCP ? (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN : !!bpf_map_lookup_elem(&HALF_OPEN, key))
			return GO_ON;
		if (j->settings->mode != BW_MODE_ENFORCE) {
			count(j->cpu, BW_REDIRECT_NEW + WOULD, p->frame_length);
			return GO_ON;
		}
		if (begin_nat(key, &fresh, j->now))
			return dropped(j, p, BW_DROP_NAT_FULL);
		nat = &fresh;
		reason = BW_REDIRECT_NEW;
		report(p, 0, BW_EVENT_REDIRECTED, reason);
	} else {
		if (j->settings->mode != BW_MODE_ENFORCE)
			return GO_ON;
		nat->last_ns = j->now;
		__builtin_memcpy(&fresh, nat, sizeof(fresh));
		nat = &fresh;
	}
	copy_address(p->nat_target, fresh.target);
	p->nat_done = 1;
	if (rewrite_inbound(ctx, p, nat))
		return dropped(j, p, BW_DROP_MALFORMED_L4);
	return passed(j, p, reason);
}

/* Leaves notes for the inspecting programs and goes there; comes back only when there is none. */
static __always_inline void inspect_payload(struct xdp_md *ctx, const struct packet *p, const struct judge *j, const struct bw_flow_key *key,
					    int proven, __u8 direction, __u32 program)
{
	struct bw_scratch *scratch = this_scratch();

	if (!scratch)
		return;
	__builtin_memcpy(&scratch->key, key, sizeof(*key));
	scratch->now_ns = j->now;
	scratch->payload_offset = p->payload;
	scratch->payload_length = payload_length(p);
	scratch->sequence = p->sequence;
	scratch->frame_length = p->frame_length;
	scratch->interface = p->interface;
	scratch->is_v6 = p->is_v6;
	scratch->proven = proven;
	scratch->direction = direction;
	scratch->tcp_flags = p->tcp_flags;
	scratch->loaded = 0;
	bpf_tail_call(ctx, &PROG_ARRAY, program);
	lose(j->cpu, BW_LOST_TAIL_CALL);
}

static __always_inline int established(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key, struct bw_flow *flow)
{
	if (flow->state == BW_FLOW_SYN_OUT) {
		flow->state = BW_FLOW_ESTABLISHED;
		remember_proof(j->settings, p->source, j->now);
		report(p, flow, BW_EVENT_FLOW_ESTABLISHED, BW_PASS_ESTABLISHED);
	}
	note_inbound(flow, p, j->now);
	if (p->tcp_flags & (TCP_FIN | TCP_RST) && close_inbound(flow, p))
		report(p, flow, BW_EVENT_FLOW_CLOSED, BW_PASS_ESTABLISHED);
	count(j->cpu, BW_PASS_ESTABLISHED, p->frame_length);
	if (payload_length(p) && j->settings->features & (BW_FEATURE_ENTROPY | BW_FEATURE_TLS | BW_FEATURE_DPI)
	    && (flow->inspected < INSPECTED_PACKETS || flow->hello_left || flow->flags & BW_FLOW_CLEARTEXT)) {
		if (p->payload + payload_length(p) > (__u32)((long)ctx->data_end - (long)ctx->data))
			lose(j->cpu, BW_LOST_PAYLOAD_FRAGS);
		inspect_payload(ctx, p, j, key, 1, flow->flags & BW_FLOW_OUTBOUND ? BW_OUTBOUND : BW_INBOUND, BW_DPI_INSPECT);
	}
	return XDP_PASS;
}

/* A SYN that must prove itself first. GO_ON: it may pass. */
static __always_inline int challenge_syn(struct xdp_md *ctx, struct packet *p, struct judge *j)
{
	if (p->action != BW_RATE_LIMIT && !j->settings->challenge_interval_ns)
		return GO_ON;
	if (is_proven(p->source, j->now))
		return GO_ON;
	if (p->action != BW_RATE_LIMIT && !under_syn_pressure(j->settings, j->cpu, j->now))
		return GO_ON;
	if (j->settings->mode != BW_MODE_ENFORCE) {
		count(j->cpu, BW_TX_CHALLENGE + WOULD, p->frame_length);
		return GO_ON;
	}
	count(j->cpu, BW_TX_CHALLENGE, p->frame_length);
	return send_challenge(ctx, p, j->now);
}

static __always_inline int unverified_tcp(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	int syn = (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	__u32 class_ = syn ? BW_CLASS_SYN : BW_CLASS_NEW;
	struct bw_flow *half;

	if (impossible_flags(p->tcp_flags))
		return refused(j, p, BW_DROP_TCP_FLAGS, BW_EVENT_STEALTH);
	if (p->tcp_flags & TCP_RST && j->settings->challenge_interval_ns && answers_challenge(p, j->now)) {
		remember_proof(j->settings, p->source, j->now);
		report(p, 0, BW_EVENT_PROVEN, BW_DROP_PROOF);
		return dropped(j, p, BW_DROP_PROOF);
	}
	half = bpf_map_lookup_elem(&HALF_OPEN, key);
	if (half && !syn) {
		note_inbound(half, p, j->now);
		if (echoes(half, p)) {
			struct bw_flow flow;

			half->state = BW_FLOW_ESTABLISHED;
			__builtin_memcpy(&flow, half, sizeof(flow));
			if (bpf_map_update_elem(&CONN_TRACK, key, &flow, BPF_ANY))
				lose(j->cpu, BW_LOST_FLOW_INSERT);
			bpf_map_delete_elem(&HALF_OPEN, key);
			remember_proof(j->settings, p->source, j->now);
			report(p, &flow, BW_EVENT_FLOW_ESTABLISHED, BW_PASS_ESTABLISHED);
			return passed(j, p, BW_PASS_ESTABLISHED);
		}
	}
	if (p->action == BW_RATE_LIMIT)
		class_ = BW_CLASS_STRICT;
	if (!within_limit(p, class_))
		return refused(j, p, syn ? BW_DROP_LIMIT_SYN : BW_DROP_LIMIT_NEW, BW_EVENT_LIMITED);
	if (syn) {
		int verdict = challenge_syn(ctx, p, j);

		if (verdict != GO_ON)
			return verdict;
	}
	if (half) {
		if (syn) {
			half->state = BW_FLOW_SYN;
			half->remote_isn = p->sequence + 1;
			half->last_ns = j->now;
			half->packets_in++;
			report(p, half, BW_EVENT_FLOW_REOPENED, BW_PASS_DEFAULT);
		}
	} else {
		begin_flow(key, p, j->cpu, j->now);
		/* A segment in the middle of nothing opens no flow that detection should count. */
		if (syn)
			report(p, 0, BW_EVENT_FLOW_OPEN, BW_PASS_DEFAULT);
	}
	return passed(j, p, BW_PASS_DEFAULT);
}

static __always_inline int datagram(struct xdp_md *ctx, struct packet *p, struct judge *j, const struct bw_flow_key *key)
{
	int is_udp = p->protocol == IPPROTO_UDP;
	__u32 class_ = p->action == BW_RATE_LIMIT ? BW_CLASS_STRICT : is_udp ? BW_CLASS_UDP : BW_CLASS_ICMP;
	struct bw_flow *half = bpf_map_lookup_elem(&HALF_OPEN, key);
	int ours = half && half->flags & BW_FLOW_OUTBOUND;

	/* Answers to what we asked are not a flood of theirs. */
	if (!ours && !within_limit(p, class_))
		return refused(j, p, is_udp ? BW_DROP_LIMIT_UDP : BW_DROP_LIMIT_ICMP, BW_EVENT_LIMITED);
	if (half) {
		note_inbound(half, p, j->now);
	} else {
		begin_flow(key, p, j->cpu, j->now);
		report(p, 0, BW_EVENT_FLOW_OPEN, BW_PASS_DEFAULT);
	}
	count(j->cpu, BW_PASS_DEFAULT, p->frame_length);
	if (is_udp && !ours && payload_length(p) && j->settings->features & (BW_FEATURE_TLS | BW_FEATURE_DPI)) {
		if (p->destination_port == bpf_htons(53))
			inspect_payload(ctx, p, j, key, 0, BW_INBOUND, BW_DPI_DNS);
		/* An Initial is at least 1,200 bytes with the long header's two top bits (RFC 9000 §14.1, §17.2). */
		else if (payload_length(p) >= 1200 && (!half || half->packets_in <= 4))
			inspect_payload(ctx, p, j, key, 0, BW_INBOUND, BW_DPI_QUIC);
	}
	return XDP_PASS;
}

static __always_inline int transport(struct xdp_md *ctx, struct cursor *c, struct packet *p, struct judge *j)
{
	struct bw_flow_key key;
	struct bw_flow *flow;
	int verdict;

	if (p->fragment == LATER_FRAGMENT)
		return later_fragment(ctx, p, j);
	verdict = parse_transport(c, p);
	if (verdict)
		return refused(j, p, -verdict, BW_EVENT_MALFORMED);
	flow_key_inbound(&key, p);
	if (nat_protocol(p->protocol)) {
		verdict = divert(ctx, p, j, &key);
		if (verdict != GO_ON)
			return verdict;
	} else if (is_icmp_error(p)) {
		if (j->settings->mode == BW_MODE_ENFORCE && translate_error(ctx, p))
			return passed(j, p, BW_REDIRECT_STICKY);
	}
	if (!(j->settings->features & BW_FEATURE_CONNTRACK)) {
		if (p->protocol == IPPROTO_TCP && impossible_flags(p->tcp_flags))
			return refused(j, p, BW_DROP_TCP_FLAGS, BW_EVENT_STEALTH);
		return passed(j, p, BW_PASS_DEFAULT);
	}
	if (p->protocol == IPPROTO_TCP) {
		flow = verified_flow(&key, p, j->now);
		if (flow && !impossible_flags(p->tcp_flags))
			return established(ctx, p, j, &key, flow);
		return unverified_tcp(ctx, p, j, &key);
	}
	if (p->protocol == IPPROTO_UDP || p->protocol == IPPROTO_ICMP || p->protocol == IPPROTO_ICMPV6_)
		return datagram(ctx, p, j, &key);
	return passed(j, p, BW_PASS_OPAQUE);
}

static __always_inline __u32 frame_length(struct xdp_md *ctx)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_xdp_get_buff_len))
		return bpf_xdp_get_buff_len(ctx);
	return ctx->data_end - ctx->data;
}

SEC("xdp")
int ingress(struct xdp_md *ctx)
{
	struct cursor c = { .data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end };
	struct packet p = {};
	struct judge j = {};
	int type, verdict;

	j.cpu = this_cpu();
	j.slot = active_slot();
	j.settings = bpf_map_lookup_elem(&SETTINGS, &j.slot);
	if (!j.cpu || !j.settings)
		return XDP_PASS;
	p.frame_length = frame_length(ctx);
	p.interface = ctx->ingress_ifindex;
	if (j.settings->mode == BW_MODE_OFF)
		return passed(&j, &p, BW_PASS_OFF);
	type = parse_ethernet(&c);
	if (type == ETH_P_IP)
		verdict = judge_ipv4(&c, &p, &j);
	else if (type == ETH_P_IPV6)
		verdict = judge_ipv6(&c, &p, &j);
	else
		return passed(&j, &p, BW_PASS_NOT_IP);
	if (verdict != GO_ON)
		return verdict;
	j.now = now_coarse(j.cpu);
	verdict = transport(ctx, &c, &p, &j);
	if (p.fragment == FIRST_FRAGMENT)
		remember_first(&p, p.nat_done ? BW_FRAGMENT_NAT : verdict == XDP_DROP ? BW_FRAGMENT_DROP : BW_FRAGMENT_PASS, j.now);
	return verdict;
}

/* ---- Tail-called programs: each returns XDP_PASS, for the verdict has fallen ---- */

static __always_inline void packet_of(const struct bw_scratch *scratch, struct packet *p)
{
	copy_address(p->source, scratch->key.remote);
	copy_address(p->destination, scratch->key.local);
	p->source_port = scratch->key.remote_port;
	p->destination_port = scratch->key.local_port;
	p->protocol = scratch->key.protocol;
	p->is_v6 = scratch->is_v6;
	p->tcp_flags = scratch->tcp_flags;
	p->frame_length = scratch->payload_length;
}

/* TLS record, handshake, ClientHello (RFC 8446 §4, §5.1), as far as the first segment shows it. */
static __always_inline int begins_hello(const __u8 *b, __u32 length)
{
	return b[0] == 0x16 && (length < 2 || b[1] == 3) && (length < 6 || b[5] == 1);
}

static __always_inline __u16 hello_rest(const __u8 *b, __u32 loaded, __u32 payload)
{
	__u32 whole;

	/* Cut before the lengths: take what comes until the stream has been looked at long enough. */
	if (loaded < 9)
		return 4096;
	whole = 9 + ((__u32)b[6] << 16 | (__u32)b[7] << 8 | b[8]);
	if (whole > HELLO_BYTES_MAX)
		whole = HELLO_BYTES_MAX;
	return whole > payload ? whole - payload : 0;
}

SEC("xdp")
int dpi_inspect(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_flow *flow;
	struct bw_cpu *cpu;
	__u32 loaded, program = BW_DPI_PROGRAMS;
	__u8 *b;

	if (!resume(&scratch, &cpu, &settings))
		return XDP_PASS;
	flow = bpf_map_lookup_elem(&CONN_TRACK, &scratch->key);
	if (!flow)
		return XDP_PASS;
	loaded = load_payload(ctx, scratch, PEEK_BYTES);
	if (!loaded)
		return XDP_PASS;
	b = payload_of(scratch);
	if (flow->hello_left) {
		__u32 length = scratch->payload_length;

		flow->hello_left = flow->hello_left > length ? flow->hello_left - length : 0;
		if (flow->inspected < 255)
			flow->inspected++;
		/* Byte-by-byte senders would make a stream of samples; 32 segments are enough for any hello. */
		if (flow->inspected > 32)
			flow->hello_left = 0;
		bpf_tail_call(ctx, &PROG_ARRAY, BW_DPI_HELLO);
		return XDP_PASS;
	}
	if (flow->inspected < INSPECTED_PACKETS) {
		if (!flow->inspected) {
			if (settings->features & BW_FEATURE_TLS && begins_hello(b, loaded)) {
				flow->flags |= BW_FLOW_OPAQUE;
				flow->hello_left = hello_rest(b, loaded, scratch->payload_length);
				program = BW_DPI_HELLO;
			} else if (loaded >= 4 && FOUR(b[0], b[1], b[2], b[3]) == FOUR('S', 'S', 'H', '-')) {
				flow->flags |= BW_FLOW_OPAQUE;
				program = BW_DPI_SSH;
			} else if (scratch->key.local_port == bpf_htons(53) && scratch->key.protocol == IPPROTO_TCP) {
				program = BW_DPI_DNS;
			}
		}
		flow->inspected++;
		if (settings->features & BW_FEATURE_ENTROPY && loaded >= ENTROPY_MIN && !(flow->flags & BW_FLOW_OPAQUE)) {
			__u32 entropy = shannon(scratch, b, loaded);
			__u32 ceiling = ENTROPY_LOG2[(loaded > ENTROPY_MAX ? ENTROPY_MAX : loaded) & 255];

			/* Told once a flow: 7/8 of what that many bytes can reach is text no more. */
			if (entropy > flow->entropy) {
				int fresh = flow->entropy <= ceiling - ceiling / 8 && entropy > ceiling - ceiling / 8;

				flow->entropy = entropy;
				if (fresh) {
					struct packet p = {};
					struct event_about about = { .kind = BW_EVENT_ENTROPY, .proven = 1, .entropy = entropy,
								     .direction = scratch->direction, .interface = scratch->interface };

					packet_of(scratch, &p);
					tell(&EVENTS, BW_LOST_EVENTS, settings, cpu, &p, flow, &about);
				}
			}
		}
	}
	if (program == BW_DPI_PROGRAMS && settings->features & BW_FEATURE_DPI && loaded >= 4 && !(flow->flags & BW_FLOW_OPAQUE) && http_method(b)) {
		flow->flags |= BW_FLOW_CLEARTEXT;
		program = BW_DPI_HTTP;
	}
	if (program != BW_DPI_PROGRAMS)
		bpf_tail_call(ctx, &PROG_ARRAY, program);
	return XDP_PASS;
}

SEC("xdp")
int dpi_http(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_sample_event *sample;
	struct bw_cpu *cpu;

	if (!resume(&scratch, &cpu, &settings))
		return XDP_PASS;
	sample = sample_head(scratch, BW_SAMPLE_HTTP);
	sample->method = http_method(payload_of(scratch));
	sample->uri_length = uri_length();
	send_sample(scratch, sample, &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_ssh(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;

	if (!resume(&scratch, &cpu, &settings))
		return XDP_PASS;
	if (settings->features & BW_FEATURE_DPI)
		send_sample(scratch, sample_head(scratch, BW_SAMPLE_SSH), &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_dns(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_sample_event *sample;
	struct bw_cpu *cpu;
	__u32 loaded, start;

	if (!resume(&scratch, &cpu, &settings) || !(settings->features & BW_FEATURE_DPI))
		return XDP_PASS;
	loaded = load_payload(ctx, scratch, PEEK_BYTES);
	start = scratch->key.protocol == IPPROTO_TCP ? DNS_HEADER + 2 : DNS_HEADER;
	if (loaded <= start)
		return XDP_PASS;
	sample = sample_head(scratch, BW_SAMPLE_DNS);
	measure_name(start);
	send_sample(scratch, sample, &DPI_EVENTS, BW_LOST_DPI_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_hello(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;

	if (!resume(&scratch, &cpu, &settings) || !load_payload(ctx, scratch, BW_SAMPLE_BYTES))
		return XDP_PASS;
	send_sample(scratch, sample_head(scratch, BW_SAMPLE_TLS), &TLS_EVENTS, BW_LOST_TLS_EVENTS, settings, cpu);
	return XDP_PASS;
}

SEC("xdp")
int dpi_quic(struct xdp_md *ctx)
{
	struct bw_settings *settings;
	struct bw_scratch *scratch;
	struct bw_cpu *cpu;

	if (!resume(&scratch, &cpu, &settings) || !(settings->features & BW_FEATURE_TLS))
		return XDP_PASS;
	if (!load_payload(ctx, scratch, BW_SAMPLE_BYTES) || (payload_of(scratch)[0] & 0xc0) != 0xc0)
		return XDP_PASS;
	send_sample(scratch, sample_head(scratch, BW_SAMPLE_QUIC), &TLS_EVENTS, BW_LOST_TLS_EVENTS, settings, cpu);
	return XDP_PASS;
}
