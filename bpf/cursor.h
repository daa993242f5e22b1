/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Parsing by cursor: each step checks its bounds, moves the offset on and says what comes next. The same code serves
 * XDP and tc. A negative answer is -(enum bw_reason): the frame ends there for that reason.
 */
#pragma once
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include "clock.h"
#include "packet.h"

#define ETH_P_8021Q_OLD 0x9100
#define VLAN_TAGS_MAX 2
#define EXTENSIONS_MAX 8

struct cursor {
	void *data;
	void *end;
	__u32 offset;
	__u32 pppoe; /* bytes of the PPP protocol before the IP header in a PPPoE session; 0: there is none */
};

struct vlan_tag { __be16 tci; __be16 type; };

/* Bounds-checked view of `size` bytes at an offset below 64 KiB; NULL when they are not all there. */
static __always_inline void *view(struct cursor *c, __u32 offset, __u32 size)
{
	void *at;

	if (offset > 0x3fff)
		return 0;
	at = c->data + offset;
	return at + size > c->end ? 0 : at;
}

/* PPPoE session frame (RFC 2516 §4): version, type, code, session, length, then the PPP protocol (RFC 1661 §2). */
struct pppoe_header {
	__u8 version_type;
	__u8 code;
	__be16 session;
	__be16 length;
	__be16 protocol;
};

#define PPP_IP 0x0021
#define PPP_IPV6 0x0057

static __always_inline int parse_pppoe(struct cursor *c)
{
	struct pppoe_header *pppoe = view(c, c->offset, sizeof(*pppoe));
	__u16 protocol;

	if (!pppoe || pppoe->version_type != 0x11 || pppoe->code)
		return 0;
	protocol = bpf_ntohs(pppoe->protocol);
	/* An odd first byte is the whole protocol (RFC 1661 §6.5). */
	c->pppoe = protocol & 0x100 ? 1 : 2;
	if (c->pppoe == 1)
		protocol >>= 8;
	c->offset += sizeof(*pppoe) - sizeof(pppoe->protocol) + c->pppoe;
	switch (protocol) {
	case PPP_IP: return ETH_P_IP;
	case PPP_IPV6: return ETH_P_IPV6;
	}
	return 0;
}

/* A frame of a link without a header of its own: the IP version says what it is. */
static __always_inline int parse_bare(struct cursor *c)
{
	__u8 *first = view(c, 0, 1);

	c->offset = 0;
	if (!first)
		return 0;
	return *first >> 4 == 4 ? ETH_P_IP : *first >> 4 == 6 ? ETH_P_IPV6 : 0;
}

/*
 * Ethernet, up to two tags (802.1Q, 802.1ad, 9100), and PPPoE. Returns the ethertype of what is inside in host order, 0
 * when the frame is too short or holds no IP that could be judged.
 */
static __always_inline int parse_link(struct cursor *c)
{
	struct ethhdr *eth = c->data;
	__u16 type;
	int i;

	if (constants.no_ethernet)
		return parse_bare(c);
	if ((void *)(eth + 1) > c->end)
		return 0;
	c->offset = sizeof(*eth);
	type = bpf_ntohs(eth->h_proto);
#pragma unroll
	for (i = 0; i < VLAN_TAGS_MAX; i++) {
		struct vlan_tag *tag;

		if (type != ETH_P_8021Q && type != ETH_P_8021AD && type != ETH_P_8021Q_OLD)
			break;
		tag = view(c, c->offset, sizeof(*tag));
		if (!tag)
			return 0;
		c->offset += sizeof(*tag);
		type = bpf_ntohs(tag->type);
	}
	return type == ETH_P_PPP_SES ? parse_pppoe(c) : type;
}

/*
 * Notes where the IP header begins, and takes the number back from memory that the verifier does not follow: it then
 * looks at what comes next once, instead of once for each form of the link header.
 */
static __always_inline void begin_ip(struct cursor *c, struct packet *p)
{
	p->l3 = c->offset;
	c->offset = *(volatile __u32 *)&p->l3;
}

/* After the addresses are known: lengths, options, fragment place. 0, or a negative reason. */
static __always_inline int finish_ipv4(struct cursor *c, struct packet *p, struct iphdr *ip, __u32 frame_length)
{
	__u16 fragment = bpf_ntohs(ip->frag_off);
	__u32 total = bpf_ntohs(ip->tot_len);
	__u32 header = ip->ihl * 4;

	if (ip->version != 4 || header < sizeof(*ip) || total < header || p->l3 + total > frame_length)
		return -BW_DROP_MALFORMED_IP;
	if (!view(c, p->l3 + header, 0))
		return -BW_DROP_MALFORMED_IP;
	p->l4 = p->l3 + header;
	p->end = p->l3 + total;
	p->protocol = ip->protocol;
	p->hop_limit = ip->ttl;
	if (fragment & 0x1fff) {
		p->fragment = LATER_FRAGMENT;
		p->fragment_id = ip->id;
		if (ip->protocol == IPPROTO_TCP && (fragment & 0x1fff) == 1)
			return -BW_DROP_FRAGMENT_OVERLAP;
	} else if (fragment & 0x2000) {
		p->fragment = FIRST_FRAGMENT;
		p->fragment_id = ip->id;
	}
	return 0;
}

/* Walks the extension headers (RFC 8200 §4). 0 when a transport header, a fragment's body or an opaque protocol is reached. */
static __always_inline int finish_ipv6(struct cursor *c, struct packet *p, struct ipv6hdr *ip, __u32 frame_length)
{
	__u32 total = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	__u32 offset = p->l3 + sizeof(*ip);
	__u8 next = ip->nexthdr;
	int i;

	if (ip->version != 6 || p->l3 + total > frame_length)
		return -BW_DROP_MALFORMED_IP;
	p->end = p->l3 + total;
	p->hop_limit = ip->hop_limit;
	for (i = 0; i < EXTENSIONS_MAX; i++) {
		__u8 *h;

		switch (next) {
		case IPPROTO_HOPOPTS_:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
		case IPPROTO_MH_:
			h = view(c, offset, 8);
			if (!h)
				return -BW_DROP_MALFORMED_IP;
			next = h[0];
			offset += (h[1] + 1) * 8;
			break;
		case IPPROTO_AH:
			h = view(c, offset, 8);
			if (!h)
				return -BW_DROP_MALFORMED_IP;
			next = h[0];
			offset += (h[1] + 2) * 4;
			break;
		case IPPROTO_FRAGMENT: {
			__u16 place;

			h = view(c, offset, 8);
			if (!h)
				return -BW_DROP_MALFORMED_IP;
			place = (h[2] << 8) | h[3];
			next = h[0];
			offset += 8;
			/* An atomic fragment (RFC 6946) is a whole datagram. */
			if (place & 0xfff9) {
				p->fragment = place & 0xfff8 ? LATER_FRAGMENT : FIRST_FRAGMENT;
				p->fragment_id = *(__u32 *)(h + 4);
				if (p->fragment == LATER_FRAGMENT) {
					p->protocol = next;
					p->l4 = offset;
					if (next == IPPROTO_TCP && (place & 0xfff8) == 8)
						return -BW_DROP_FRAGMENT_OVERLAP;
					return 0;
				}
			}
			break;
		}
		default:
			p->protocol = next;
			p->l4 = offset;
			return offset > p->end ? -BW_DROP_MALFORMED_IP : 0;
		}
		if (offset > p->end || offset > 0x3fff)
			return -BW_DROP_MALFORMED_IP;
	}
	return -BW_DROP_EXT_CHAIN;
}

static __always_inline int short_transport(struct packet *p)
{
	/* RFC 1858: a first fragment must hold the header that decisions rest on. */
	return p->fragment == FIRST_FRAGMENT ? -BW_DROP_FRAGMENT_TINY : -BW_DROP_MALFORMED_L4;
}

/* Ports, flags and the payload's place. 0, or a negative reason. Unknown protocols keep port 0. */
static __always_inline int parse_transport(struct cursor *c, struct packet *p)
{
	__u32 left = p->end - p->l4;

	p->payload = p->end;
	if (p->protocol == IPPROTO_TCP) {
		struct tcphdr *tcp = view(c, p->l4, sizeof(*tcp));
		__u32 header;

		if (!tcp || left < sizeof(*tcp))
			return short_transport(p);
		header = tcp->doff * 4;
		if (header < sizeof(*tcp))
			return -BW_DROP_MALFORMED_L4;
		if (header > left)
			return short_transport(p);
		p->source_port = tcp->source;
		p->destination_port = tcp->dest;
		p->sequence = bpf_ntohl(tcp->seq);
		p->acknowledgement = bpf_ntohl(tcp->ack_seq);
		p->tcp_flags = ((__u8 *)tcp)[13];
		p->window = bpf_ntohs(tcp->window);
		p->payload = p->l4 + header;
	} else if (p->protocol == IPPROTO_UDP) {
		struct udphdr *udp = view(c, p->l4, sizeof(*udp));
		__u32 length;

		if (!udp || left < sizeof(*udp))
			return short_transport(p);
		length = bpf_ntohs(udp->len);
		if (length < sizeof(*udp) || (p->fragment == NOT_FRAGMENT && length > left))
			return -BW_DROP_MALFORMED_L4;
		p->source_port = udp->source;
		p->destination_port = udp->dest;
		p->payload = p->l4 + sizeof(*udp);
	} else if (p->protocol == IPPROTO_ICMP || p->protocol == IPPROTO_ICMPV6_) {
		__u8 *icmp = view(c, p->l4, 4);

		if (!icmp || left < 4)
			return short_transport(p);
		p->icmp_type = icmp[0];
		p->payload = p->l4 + 4;
	}
	return 0;
}
