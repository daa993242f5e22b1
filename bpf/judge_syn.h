/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SYNs. Anybody can send one in anybody's name, so no limit that a SYN fills may shut out another: beyond a limit a SYN
 * is asked to prove itself, and the ports on which the proof came back pass outside that limit. Clients whose own
 * firewall hides our question from them pass by sending the same SYN again, as every stack does after a second.
 */
#pragma once
#include "challenge.h"
#include "judge.h"
#include "syn.h"

/* Asks for a proof. XDP_DROP when even questions are used up. */
static __always_inline int challenge_syn(struct xdp_md *ctx, struct packet *p, struct judge *j)
{
	if (j->settings->mode != BW_MODE_ENFORCE) {
		count(j->cpu, BW_TX_CHALLENGE + WOULD, p->frame_length);
		return GO_ON;
	}
	if (!may_challenge(p, j->now))
		return refused(j, p, BW_DROP_LIMIT_SYN, BW_EVENT_LIMITED);
	count(j->cpu, BW_TX_CHALLENGE, p->frame_length);
	return send_challenge(ctx, p, j->now);
}

/* GO_ON: the SYN may pass. */
static __always_inline int admit_syn(struct xdp_md *ctx, struct packet *p, struct judge *j)
{
	int strict = is_limited(p), backed;

	if (!strict) {
		/* Pressure comes first, for a random flood must cost little: one look at the proven, one at what was seen. */
		int pressed = under_syn_pressure(j->settings, j->cpu, j->now);

		if (!pressed && within_limit(p, BW_CLASS_SYN))
			return GO_ON;
		if (is_proven(p->source, j->now) && within_limit(p, BW_CLASS_SYN | LIMIT_PROVEN))
			return GO_ON;
		if (!pressed)
			report(p, 0, BW_EVENT_LIMITED, BW_TX_CHALLENGE);
	} else {
		if (!within_limit(p, BW_CLASS_STRICT))
			report(p, 0, BW_EVENT_LIMITED, BW_TX_CHALLENGE);
	}
	backed = is_backed(p, j->now);
	/* It is remembered all the same, so that it passes when it comes again. */
	if (strict && is_exhausted(p))
		return dropped(j, p, BW_DROP_LIMIT_SYN);
	return backed ? GO_ON : challenge_syn(ctx, p, j);
}

__subprogram int judge_syn(struct xdp_md *ctx, struct packet *p, const struct bw_flow_key *key)
{
	struct bw_flow *half;
	struct judge j = {};
	int verdict;

	if (!p || !key || !begin_judging(&j))
		return XDP_PASS;
	verdict = admit_syn(ctx, p, &j);
	if (verdict != GO_ON)
		return verdict;
	forget_ended(key, j.now);
	half = bpf_map_lookup_elem(&HALF_OPEN, key);
	if (half) {
		/*
		 * A newer SYN takes the place of one that was not answered. Once our side has answered it knows with whom it
		 * shakes hands, and another SYN on these ports changes nothing before it says so.
		 */
		if (half->state == BW_FLOW_SYN) {
			half->remote_first = p->sequence;
			half->remote_next = sequence_end(p);
		}
		half->last_ns = j.now;
		half->packets_in++;
		report(p, half, BW_EVENT_FLOW_REOPENED, BW_PASS_DEFAULT);
	} else {
		begin_flow(key, p, j.now);
		report(p, 0, BW_EVENT_FLOW_OPEN, BW_PASS_DEFAULT);
		if (j.settings->features & BW_FEATURE_SYN)
			sample_syn(ctx, p);
	}
	return passed(&j, p, BW_PASS_DEFAULT);
}
