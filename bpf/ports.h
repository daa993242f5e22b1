/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is spoken at which port; the list is in ports.def. */
#pragma once

#include "packet.h"

#define BW_PORT_LOGIN   (1 << 0)
#define BW_PORT_REFUSAL (1 << 1)
#define BW_PORT_CLEAR   (1 << 2)
#define BW_PORT_UPGRADE (1 << 3)

/* Whether the port has a use; a constant one leaves nothing but the comparisons that it needs. */
static __always_inline int port_has(__be16 port, int use)
{
	switch (bpf_ntohs(port)) {
#define BW_PORT(number, uses) case number: return ((uses) & use) != 0;
#include "ports.def"
#undef BW_PORT
	default:
		return 0;
	}
}
