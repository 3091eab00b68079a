/* Reads what is needed of SIP messages and SDP, and writes SDP. */
#pragma once
#include "common.h"
/* The value of a header field, or an empty text; gives its length. */
int hdr(const char *m, const char *name, char *o, int max);
/* The Via and Record-Route lines, as an answer repeats them. */
int vias(const char *m, char *o, int max);
/* Where the other end wants its sound under this profile; 0 when it says no such thing. */
int read_sdp(const char *m, const char *profile, struct sockaddr_in *o);
/* One line of PCMA; `keys` is empty or lines of their own. */
int write_sdp(char *o, int max, const struct sockaddr_in *r, const char *profile, const char *keys);
