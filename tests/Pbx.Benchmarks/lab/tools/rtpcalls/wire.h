/* How one side's SIP travels: datagrams, or connections over TLS. */
#pragma once
#include "tls.h"
typedef struct {
  struct sockaddr_in local, pbx;
  int fd; /* UDP: the socket. TLS: where it listens */
  int is_tls;
  conn_t *own;   /* TLS: the connection that we made; requests of ours take it */
  conn_t *in[8]; /* TLS: those that the server made */
} wire_t;
/* What came. An answer goes back by the same connection; null over UDP. */
typedef void (*got_t)(wire_t *w, conn_t *by, char *m);
void wire_udp(wire_t *w, const struct sockaddr_in *local, const struct sockaddr_in *pbx);
void wire_tls(wire_t *w, const struct sockaddr_in *local, const struct sockaddr_in *pbx, int connects);
void wire_send(wire_t *w, conn_t *by, const char *m, int n);
/* Waits for up to `ms`, then hands over all that came. `w` has `n` wires. */
void wire_serve(wire_t *w, int n, int ms, got_t got);
/* A UDP socket with large buffers, and the kernel's time stamps if asked. */
int udp(const struct sockaddr_in *a, int stamp);
