/* The calls: A's leg, which we begin, and B's, to which the server bridges it. */
#pragma once
#include <stdatomic.h>

#include "secure.h"
#include "wire.h"
enum { FRESH, INVITED, UP, ENDING, REFUSED, OVER };
typedef struct {
  int state;
  uint64_t t_inv;
  int tries;
  char totag[128];
  char target[256];
  struct sockaddr_in rtp; /* where its sound goes */
  secure_t *keys;         /* null: in clear */
  atomic_int on;
  uint16_t seq;
  uint32_t ts;
  uint64_t setup_us;
} leg_t;
typedef struct {
  const char *user; /* the number called */
  int secure;       /* TLS and SRTP, or UDP and RTP */
  struct sockaddr_in artp, brtp;
  int has_b;
} plan_t;
extern plan_t plan;
extern leg_t A[MAXC], B[MAXC];
extern int nA, nB;
extern wire_t wires[2]; /* of A and of B */
extern long retr, failed;
extern atomic_int ended, far_asked;
void calls_init(void);
void invite(int i);
void bye(int i);
/* Which leg's sound comes from this port of the server; -1: none's. */
int leg_of(int side, uint16_t port);
/* Takes what comes, and sends again what was not answered over UDP, until `quit`. */
void *sipthread(void *_);
extern atomic_int quit;
