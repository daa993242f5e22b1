/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How servers that speak in the clear refuse a login. Their own words are the only sure sign: by lengths alone, a short
 * session of a program looks like a failed guess.
 */
#pragma once

#include "inspect.h"

#define LOGIN_BYTES 32 /* of an answer; shorter ones are filled up with zeros */

static __always_inline int is_login_port(__be16 port)
{
	switch (bpf_ntohs(port)) {
	case 21: case 23: case 25: case 110: case 143: case 587: case 2323: case 3306: case 5432:
		return 1;
	default:
		return 0;
	}
}

/* A tagged NO (RFC 9051 §6.2.3): "[AUTHENTICATIONFAILED]" and its like, "Login failed", "LOGIN failed". */
static __always_inline int refuses_imap(const __u8 *b)
{
	int i;

	for (i = 1; i < 16; i++) {
		if (b[i] != ' ')
			continue;
		if (b[i + 1] != 'N' || b[i + 2] != 'O' || b[i + 3] != ' ')
			return 0;
		return (b[i + 4] == '[' && b[i + 5] == 'A' && b[i + 6] == 'U') || b[i + 4] == 'L' || b[i + 4] == 'l' ||
		       ((b[i + 4] == 'A' || b[i + 4] == 'a') && b[i + 5] == 'u');
	}
	return 0;
}

static __always_inline int refuses_login(__be16 port, const __u8 *b)
{
	switch (bpf_ntohs(port)) {
	case 21: /* RFC 959 §5.4 */
		return b[0] == '5' && b[1] == '3' && b[2] == '0';
	case 23: case 2323: /* login(1) */
		return (b[0] == 'L' && b[1] == 'o' && b[2] == 'g' && b[6] == 'i' && b[7] == 'n') ||
		       (b[0] == '\r' && b[1] == '\n' && b[2] == 'L' && b[3] == 'o' && b[4] == 'g' && b[8] == 'i' && b[9] == 'n');
	case 25: case 587: /* RFC 4954 §6 */
		return b[0] == '5' && b[1] == '3' && b[2] == '5';
	case 110: /* RFC 1939 §3, RFC 3206 */
		return b[0] == '-' && b[1] == 'E' && b[2] == 'R' && b[3] == 'R';
	case 143:
		return refuses_imap(b);
	case 3306: /* ERR packet, ER_ACCESS_DENIED_ERROR 1045 */
		return b[4] == 0xff && b[5] == 0x15 && b[6] == 0x04;
	case 5432: /* ErrorResponse whose SQLSTATE is of class 28; servers before 9.6 send no field V */
		return b[0] == 'E' && b[5] == 'S' && ((b[19] == 'C' && b[20] == '2' && b[21] == '8') || (b[12] == 'C' && b[13] == '2' && b[14] == '8'));
	default:
		return 0;
	}
}

