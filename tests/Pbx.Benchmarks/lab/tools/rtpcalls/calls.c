#define _GNU_SOURCE
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
plan_t plan;
leg_t A[MAXC], B[MAXC];
int nA, nB;
wire_t wires[2];
long retr, failed;
atomic_int ended, far_asked, quit;
static char bids[MAXC][96];
static int runid;
static _Atomic uint16_t legs[2][65536]; /* number + 1, by the server's port */
void calls_init(void) { runid = (int)(real_ns() / 1000000 % 1000000); }
static const char *profile(void) { return plan.secure ? "RTP/SAVP" : "RTP/AVP"; }
static const char *protocol(void) { return plan.secure ? "TLS" : "UDP"; }
static const char *parameter(void) { return plan.secure ? ";transport=tls" : ""; }
int leg_of(int side, uint16_t port) { return legs[side][port] - 1; }
/* Takes address and key from the far end's description; 0 when they are not what this run is about. */
static int sounds(leg_t *l, const char *m, int side, int i) {
  if (!read_sdp(m, profile(), &l->rtp) || (plan.secure && !secure_read(l->keys, m))) return 0;
  legs[side][ntohs(l->rtp.sin_port)] = i + 1;
  return 1;
}
static int description(const leg_t *l, char *o, int max, const struct sockaddr_in *r) {
  char keys[128] = "";
  if (l && l->keys) secure_write(l->keys, keys, sizeof keys);
  return write_sdp(o, max, r, profile(), keys);
}
static void req(int i, const char *meth, int cseq, const char *branch, int body) {
  char ip[32], pip[32], sd[512] = {0}, m[2048];
  wire_t *w = &wires[0];
  int port = ntohs(w->local.sin_port), pport = ntohs(w->pbx.sin_port);
  ipstr(&w->local, ip);
  ipstr(&w->pbx, pip);
  leg_t *l = &A[i];
  int sl = body ? description(l, sd, sizeof sd, &plan.artp) : 0;
  char to[200] = "";
  if (l->totag[0]) snprintf(to, sizeof to, ";tag=%s", l->totag);
  char ruri[300];
  if (l->target[0])
    snprintf(ruri, sizeof ruri, "%s", l->target);
  else
    snprintf(ruri, sizeof ruri, "sip:%s@%s:%d%s", plan.user, pip, pport, parameter());
  int n = snprintf(
      m, sizeof m,
      "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s:%d;branch=z9hG4bK%d-%d-%s;rport\r\nMax-Forwards: 70\r\nFrom: <sip:lab@%s>;tag=t%d-%d\r\nTo: "
      "<sip:%s@%s:%d>%s\r\nCall-ID: a%d-%d@%s\r\nCSeq: %d %s\r\nContact: <sip:lab@%s:%d%s>\r\n%sContent-Length: %d\r\n\r\n%s",
      meth, ruri, protocol(), ip, port, runid, i, branch, ip, runid, i, plan.user, pip, pport, to, i, runid, ip, cseq, meth, ip, port,
      parameter(), sl ? "Content-Type: application/sdp\r\n" : "", sl, sd);
  wire_send(w, 0, m, n);
}
static void answer(wire_t *w, conn_t *by, const char *m, const char *line, const char *tag, const leg_t *withsdp,
                   const struct sockaddr_in *r) {
  char v[1500], f[300], t[300], c[200], q[80], sd[512] = {0}, o[4096], ip[32];
  vias(m, v, sizeof v);
  hdr(m, "From", f, sizeof f);
  hdr(m, "To", t, sizeof t);
  hdr(m, "Call-ID", c, sizeof c);
  hdr(m, "CSeq", q, sizeof q);
  int sl = withsdp ? description(withsdp, sd, sizeof sd, r) : 0;
  const char *tt = strstr(t, "tag=") ? "" : tag;
  int n = snprintf(
      o, sizeof o,
      "SIP/2.0 %s\r\n%sFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:bside@%s:%d%s>\r\n%sContent-Length: %d\r\n\r\n%s",
      line, v, f, t, *tt ? ";tag=" : "", tt, c, q, ipstr(&w->local, ip), ntohs(w->local.sin_port), parameter(),
      sl ? "Content-Type: application/sdp\r\n" : "", sl, sd);
  wire_send(w, by, o, n);
}
static void fail(int i, const char *m) {
  A[i].state = REFUSED;
  failed++;
  if (failed < 4) fprintf(stderr, "call %d: %.60s\n", i, m);
}
static void on_a_request(conn_t *by, char *m, int i) {
  if (!strncmp(m, "ACK", 3)) return;
  answer(&wires[0], by, m, "200 OK", "x", i >= 0 && !strncmp(m, "INVITE", 6) ? &A[i] : 0, &plan.artp);
  if (!strncmp(m, "BYE", 3) && i >= 0 && A[i].state == UP) {
    A[i].on = 0;
    A[i].state = OVER;
    atomic_fetch_add(&ended, 1);
  }
}
static void take_tag(leg_t *l, const char *m) {
  char t[300], *p;
  hdr(m, "To", t, sizeof t);
  if (!(p = strstr(t, "tag="))) return;
  snprintf(l->totag, sizeof l->totag, "%.100s", p + 4);
  l->totag[strcspn(l->totag, "; ")] = 0;
}
static void take_target(leg_t *l, const char *m) {
  char c[300], *p;
  hdr(m, "Contact", c, sizeof c);
  if (!(p = strchr(c, '<'))) return;
  snprintf(l->target, sizeof l->target, "%.250s", p + 1);
  l->target[strcspn(l->target, ">")] = 0;
}
static void on_invite_answer(int i, int code, char *m) {
  leg_t *l = &A[i];
  if (code < 200) {
    if (l->state == INVITED) l->tries = 100;
    return;
  }
  if (code >= 300) {
    if (l->state == INVITED) fail(i, m);
    take_tag(l, m);
    req(i, "ACK", 1, "1", 0);
    return;
  }
  if (l->state == INVITED) {
    take_tag(l, m);
    take_target(l, m);
    l->setup_us = now_us() - l->t_inv;
    if (sounds(l, m, 0, i)) {
      l->state = UP;
      l->on = 1;
    } else
      fail(i, "the answer names no sound of this kind");
  }
  req(i, "ACK", 1, "a", 0);
}
static void on_a(conn_t *by, char *m) {
  char cid[200], cs[80];
  int i, r;
  hdr(m, "Call-ID", cid, sizeof cid);
  hdr(m, "CSeq", cs, sizeof cs);
  if (sscanf(cid, "a%d-%d", &i, &r) != 2 || i < 0 || i >= MAXC || r != runid) i = -1;
  if (strncmp(m, "SIP/2.0 ", 8))
    on_a_request(by, m, i);
  else if (i >= 0 && strstr(cs, "INVITE"))
    on_invite_answer(i, atoi(m + 8), m);
  else if (i >= 0 && strstr(cs, "BYE") && A[i].state == ENDING)
    A[i].state = OVER;
}
static int findb(const char *cid) {
  for (int i = 0; i < nB; i++)
    if (!strcmp(bids[i], cid)) return i;
  return -1;
}
static void on_b_invite(conn_t *by, char *m, const char *cid) {
  int i = findb(cid);
  if (i < 0 && nB < MAXC) {
    i = nB;
    strcpy(bids[i], cid);
    if (plan.secure && !B[i].keys) B[i].keys = secure_new();
    if (!sounds(&B[i], m, 1, i)) {
      answer(&wires[1], by, m, "488 Not Acceptable Here", "bt", 0, 0);
      return;
    }
    B[i].state = UP;
    nB++;
    answer(&wires[1], by, m, "180 Ringing", "bt", 0, 0);
  }
  if (i < 0) return;
  answer(&wires[1], by, m, "200 OK", "bt", &B[i], &plan.brtp);
  B[i].on = 1;
}
static void on_b(conn_t *by, char *m) {
  char cid[200];
  if (!strncmp(m, "SIP/2.0", 7) || !strncmp(m, "ACK", 3)) return;
  hdr(m, "Call-ID", cid, sizeof cid);
  if (strlen(cid) > 95) cid[95] = 0;
  if (!strncmp(m, "INVITE", 6)) {
    on_b_invite(by, m, cid);
    return;
  }
  int i = findb(cid);
  if (!strncmp(m, "BYE", 3) && i >= 0) {
    B[i].on = 0;
    B[i].state = OVER;
  }
  answer(&wires[1], by, m, "200 OK", "bt", 0, 0);
  far_asked = 1;
}
static void got(wire_t *w, conn_t *by, char *m) {
  if (w == &wires[1])
    on_b(by, m);
  else
    on_a(by, m);
}
void invite(int i) {
  A[i].t_inv = now_us();
  A[i].state = INVITED;
  A[i].seq = 1;
  if (plan.secure) A[i].keys = secure_new();
  nA = i + 1;
  req(i, "INVITE", 1, "1", 1);
}
void bye(int i) {
  A[i].on = 0;
  A[i].state = ENDING;
  req(i, "BYE", 2, "b", 0);
}
void *sipthread(void *_) {
  (void)_;
  while (!quit) {
    wire_serve(wires, plan.has_b ? 2 : 1, 50, got);
    uint64_t t = now_us();
    for (int i = 0; i < nA && !plan.secure; i++)
      if (A[i].state == INVITED && A[i].tries < 5 && t - A[i].t_inv > 500000ull * (1u << A[i].tries)) {
        A[i].tries++;
        retr++;
        req(i, "INVITE", 1, "1", 1);
      }
  }
  return 0;
}
