/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The wall, inbound. Order of judgement: allow, neighbour discovery, block, form of the packet, diverted flows,
 * verified flows, limits and challenges, tracking; then, for the first data packets of a flow, inspection by tail call.
 */
#include "dpi.h"
#include "judge_address.h"
#include "judge_transport.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* A struct used only through a ring is not in the object's BTF unless something of the program points to it. */
const struct bw_packet_event *abi_packet_event __attribute__((unused));
const struct bw_sample_event *abi_sample_event __attribute__((unused));
const struct bw_dropped_frame *abi_dropped_frame __attribute__((unused));
const struct bw_policy *abi_policy __attribute__((unused));
const struct bw_later *abi_later __attribute__((unused));
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
const enum bw_silence *abi_silence __attribute__((unused));
const enum bw_fact *abi_fact __attribute__((unused));
const enum bw_checksums *abi_checksums __attribute__((unused));
const enum bw_answers *abi_answers __attribute__((unused));

/* The program's stack has 512 bytes for everything it calls, so the packet lies in memory of this CPU. */
static __always_inline struct packet *fresh_packet(struct bw_cpu *cpu)
{
	struct packet *p = (void *)cpu->work;

	_Static_assert(sizeof(*p) <= sizeof(cpu->work), "grow BW_WORK_WORDS");
	__builtin_memset(p, 0, sizeof(*p));
	return p;
}

SEC("xdp")
int ingress(struct xdp_md *ctx)
{
	struct cursor c = { .data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end };
	struct packet *p;
	struct judge j = {};
	struct bw_active *active;
	int type, verdict;

	j.cpu = this_cpu();
	active = active_policy();
	if (!j.cpu || !active)
		return XDP_PASS;
	p = fresh_packet(j.cpu);
	j.slot = slot_of(active, j.cpu);
	j.settings = bpf_map_lookup_elem(&SETTINGS, &j.slot);
	if (!j.settings)
		return XDP_PASS;
	p->frame_length = ctx->data_end - ctx->data;
	p->interface = ctx->ingress_ifindex;
	if (j.settings->mode == BW_MODE_OFF)
		return passed(&j, p, BW_PASS_OFF);
	if (is_silent(j.settings, j.cpu)) {
		if (j.settings->when_silent == BW_SILENCE_OPEN)
			return passed(&j, p, BW_PASS_SILENT);
		j.closed = j.settings->when_silent == BW_SILENCE_CLOSED;
	}
	j.shadow = active->shadow;
	type = parse_link(&c);
	p->pppoe = c.pppoe;
	begin_ip(&c, p);
	if (type == ETH_P_IP)
		verdict = judge_ipv4(ctx, &c, p, &j);
	else if (type == ETH_P_IPV6)
		verdict = judge_ipv6(ctx, &c, p, &j);
	else
		return passed(&j, p, BW_PASS_NOT_IP);
	if (verdict != GO_ON)
		return verdict;
	j.now = now_coarse(j.cpu);
	verdict = transport(ctx, &c, p, &j);
	if (p->fragment == FIRST_FRAGMENT)
		remember_first(p, p->nat_done ? BW_FRAGMENT_NAT : verdict == XDP_DROP ? BW_FRAGMENT_DROP : BW_FRAGMENT_PASS, j.now);
	return verdict;
}
