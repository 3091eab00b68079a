#define _GNU_SOURCE
#include "wire.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#define MANY (sizeof((wire_t *)0)->in / sizeof(conn_t *))
int udp(const struct sockaddr_in *a, int stamp) {
  int s = socket(AF_INET, SOCK_DGRAM, 0), b = 8 << 20, o = 1;
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &b, sizeof b);
  setsockopt(s, SOL_SOCKET, SO_SNDBUF, &b, sizeof b);
  if (stamp) setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &o, sizeof o);
  if (bind(s, (void *)a, sizeof *a)) {
    perror("bind");
    exit(2);
  }
  return s;
}
void wire_udp(wire_t *w, const struct sockaddr_in *local, const struct sockaddr_in *pbx) {
  *w = (wire_t){.local = *local, .pbx = *pbx, .fd = udp(local, 0)};
}
void wire_tls(wire_t *w, const struct sockaddr_in *local, const struct sockaddr_in *pbx, int connects) {
  *w = (wire_t){.local = *local, .pbx = *pbx, .fd = tls_listen(local), .is_tls = 1};
  if (connects && !(w->own = tls_connect(local, pbx))) exit(2);
}
void wire_send(wire_t *w, conn_t *by, const char *m, int n) {
  conn_t *c = by ? by : w->own;
  if (!w->is_tls)
    sendto(w->fd, m, n, 0, (void *)&w->pbx, sizeof w->pbx);
  else if (c)
    tls_send(c, m, n);
}
static void take_datagrams(wire_t *w, got_t got) {
  static char m[8192];
  for (int n; (n = recv(w->fd, m, sizeof m - 1, MSG_DONTWAIT)) > 0;) {
    m[n] = 0;
    got(w, 0, m);
  }
}
static void take_connection(wire_t *w) {
  conn_t *c = tls_accept(w->fd);
  for (size_t i = 0; c && i < MANY; i++)
    if (!w->in[i]) {
      w->in[i] = c;
      return;
    }
}
/* One that is over is kept, as somebody may be sending on it, but is no longer read. */
static void take_messages(wire_t *w, conn_t **c, got_t got) {
  static char m[65536];
  int n;
  while ((n = tls_next(*c, m, sizeof m)) > 0) got(w, *c, m);
  if (n < 0) *c = 0;
}
void wire_serve(wire_t *w, int n, int ms, got_t got) {
  struct {
    wire_t *w;
    conn_t **c;
  } of[2 * (2 + MANY)];
  struct pollfd p[2 * (2 + MANY)];
  int k = 0;
  for (int i = 0; i < n; i++) {
    of[k].w = &w[i];
    of[k].c = 0;
    p[k++] = (struct pollfd){w[i].fd, POLLIN, 0};
    for (size_t j = 0; j <= MANY; j++) {
      conn_t **c = j == MANY ? &w[i].own : &w[i].in[j];
      if (!*c) continue;
      of[k].w = &w[i];
      of[k].c = c;
      p[k++] = (struct pollfd){tls_fd(*c), POLLIN, 0};
    }
  }
  if (poll(p, k, ms) <= 0) return;
  for (int i = 0; i < k; i++)
    if (!p[i].revents)
      continue;
    else if (of[i].c)
      take_messages(of[i].w, of[i].c, got);
    else if (of[i].w->is_tls)
      take_connection(of[i].w);
    else
      take_datagrams(of[i].w, got);
}
