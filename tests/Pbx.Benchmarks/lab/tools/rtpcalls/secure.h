/* The keys of one leg: one for each direction, told in SDP (RFC 4568), and what they make of packets. */
#pragma once
typedef struct secure secure_t;
/* With a new key of ours. */
secure_t *secure_new(void);
/* Our line of SDP. An answer must have read the offer before, whose tag it repeats. */
int secure_write(const secure_t *s, char *o, int max);
/* Takes the far end's key from its SDP; 0 when it has none of this suite. */
int secure_read(secure_t *s, const char *m);
/* Both work in place and give the new length; -1: the packet is not what its key says. Each direction belongs to one thread. */
int secure_protect(secure_t *s, void *packet, int length);
int secure_unprotect(secure_t *s, void *packet, int length);
