/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How servers that speak in the clear refuse a login. Their own words are the only sure sign: by lengths alone, a short
 * session of a program looks like a failed guess.
 */
#pragma once

#include "inspect.h"
#include "ports.h"

#define LOGIN_BYTES 32 /* of an answer; shorter ones are filled up with zeros */

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

/*
 * POP3 has one word for all that fails (RFC 1939 §3). [AUTH] is about credentials (RFC 3206 §3); [SYS/TEMP] and [IN-USE] are not, nor are
 * unknown commands and missing messages. Servers without codes say "Authentication failed", "Login failed", "Password incorrect",
 * "Invalid login", "Wrong password" and the like.
 */
static __always_inline int refuses_pop3(const __u8 *b)
{
	if (b[0] != '-' || b[1] != 'E' || b[2] != 'R' || b[3] != 'R' || b[4] != ' ')
		return 0;
	switch (b[5] | 0x20) {
	case '[' | 0x20:
		return b[6] == 'A' && b[7] == 'U';
	case 'a':
		return b[6] == 'u' || b[6] == 'U' || b[6] == 'c';
	case 'l':
		return b[6] == 'o' || b[6] == 'O';
	case 'p':
		return b[6] == 'a' || b[6] == 'A';
	case 'b': /* bad login, bad password */
		return b[9] == 'l' || b[9] == 'p' || b[9] == 'a' || b[9] == 'u';
	case 'i': /* incorrect; invalid login, password, user, credentials, but not command */
		return b[7] == 'c' || b[13] == 'l' || b[13] == 'p' || b[13] == 'u' || b[13] == 'L' || b[13] == 'P' || b[13] == 'U' ||
		       ((b[13] | 0x20) == 'c' && b[14] == 'r');
	case 'w':
		return 1;
	default:
		return 0;
	}
}

/* STATUS_LOGON_FAILURE (MS-ERREF 2.3.1) to a SESSION_SETUP: MS-SMB2 2.2.1, MS-CIFS 2.2.3.1, behind four bytes of length. */
static __always_inline int refuses_smb(const __u8 *b)
{
	const __u8 *status = b[4] == 0xfe ? b + 12 : b + 9;

	if (b[5] != 'S' || b[6] != 'M' || b[7] != 'B' || status[0] != 0x6d || status[1] != 0 || status[2] != 0 || status[3] != 0xc0)
		return 0;
	return b[4] == 0xfe ? b[16] == 1 : b[4] == 0xff && b[8] == 0x73;
}

/* Since Redis 6 "-WRONGPASS"; before "-ERR invalid password". */
static __always_inline int refuses_redis(const __u8 *b)
{
	return b[0] == '-' && ((b[1] == 'W' && b[2] == 'R' && b[3] == 'O' && b[4] == 'N' && b[5] == 'G') ||
			       (b[1] == 'E' && b[5] == 'i' && b[13] == 'p' && b[14] == 'a' && b[15] == 's' && b[16] == 's'));
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
	case 110:
		return refuses_pop3(b);
	case 143:
		return refuses_imap(b);
	case 445:
		return refuses_smb(b);
	case 6379:
		return refuses_redis(b);
	case 3306: /* ERR packet, ER_ACCESS_DENIED_ERROR 1045 */
		return b[4] == 0xff && b[5] == 0x15 && b[6] == 0x04;
	case 5432: /* ErrorResponse whose SQLSTATE is of class 28; servers before 9.6 send no field V */
		return b[0] == 'E' && b[5] == 'S' && ((b[19] == 'C' && b[20] == '2' && b[21] == '8') || (b[12] == 'C' && b[13] == '2' && b[14] == '8'));
	default:
		return 0;
	}
}

