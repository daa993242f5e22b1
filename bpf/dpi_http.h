/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* HTTP/1 request heads (RFC 9112 §3): method and length of the request target, with a sample for user space. */
#pragma once
#include "inspect.h"

enum bw_http_method {
	HTTP_NONE = 0, HTTP_GET, HTTP_POST, HTTP_HEAD, HTTP_PUT, HTTP_DELETE, HTTP_OPTIONS, HTTP_PATCH, HTTP_CONNECT, HTTP_TRACE,
	HTTP_PROPFIND, HTTP_PRI,
};

#define FOUR(a, b, c, d) ((__u32)(a) | (__u32)(b) << 8 | (__u32)(c) << 16 | (__u32)(d) << 24)

/* Compares the first four bytes; the space or the fifth letter is left to user space. */
static __always_inline __u8 http_method(const __u8 *b)
{
	switch (FOUR(b[0], b[1], b[2], b[3])) {
	case FOUR('G', 'E', 'T', ' '): return HTTP_GET;
	case FOUR('P', 'O', 'S', 'T'): return HTTP_POST;
	case FOUR('H', 'E', 'A', 'D'): return HTTP_HEAD;
	case FOUR('P', 'U', 'T', ' '): return HTTP_PUT;
	case FOUR('D', 'E', 'L', 'E'): return HTTP_DELETE;
	case FOUR('O', 'P', 'T', 'I'): return HTTP_OPTIONS;
	case FOUR('P', 'A', 'T', 'C'): return HTTP_PATCH;
	case FOUR('C', 'O', 'N', 'N'): return HTTP_CONNECT;
	case FOUR('T', 'R', 'A', 'C'): return HTTP_TRACE;
	case FOUR('P', 'R', 'O', 'P'): return HTTP_PROPFIND;
	case FOUR('P', 'R', 'I', ' '): return HTTP_PRI;
	default: return HTTP_NONE;
	}
}

/* Bytes between the first and the second space, as far as the sample reaches. */
__subprogram int uri_length(void)
{
	struct bw_scratch *scratch = this_scratch();
	volatile __u32 *from, *place;
	const __u8 *b;
	__u32 i;

	if (!scratch)
		return 0;
	b = scratch->record + HEAD;
	from = &scratch->state;
	place = &scratch->place;
	*from = 0;
	*place = 0;
	for (i = 3; i < PEEK_BYTES; i++) {
		if (i >= scratch->loaded)
			break;
		if (b[i] == ' ' && !*from)
			*from = i + 1;
		else if (*from && b[i] <= ' ')
			break;
		*place = i + 1;
	}
	return *from ? *place - *from : 0;
}
