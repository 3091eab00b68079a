/* SRTP (RFC 3711) with AES_CM_128_HMAC_SHA1_80, for one stream in one direction. Ours, because Debian's libsrtp2 takes several times as long for a
 * packet, and would make the load the limit; srtpbench holds it against libsrtp2. */
#pragma once
#define SRTP_TAG 10      /* bytes that a packet grows by */
#define SRTP_MATERIAL 30 /* bytes of master key and salt */
typedef struct srtp_way srtp_way_t;
srtp_way_t *srtp_way_new(const unsigned char *material);
/* Both work in place and give the new length; -1: the packet is broken, not what the key says, or came before. */
int srtp_way_protect(srtp_way_t *w, unsigned char *packet, int length);
int srtp_way_unprotect(srtp_way_t *w, unsigned char *packet, int length);
