/* rtpcalls: holds N calls against a SIP server and measures the RTP it relays or plays.
 *
 * mode bridge: A (this program) -> server -> B (this program); RTP both ways every 20 ms (PCMA, 160 bytes); each payload
 *              carries a send time, so loss and added delay (send call -> kernel receive stamp) are exact per packet.
 * mode prompt: A -> server; the server plays; counts packets, sequence gaps, and the pacing error of each stream.
 * The server must take unauthenticated calls from A's address, and for bridge dial B at B's fixed address.
 * CPU and memory of the server are read from /proc for --pid (its whole thread group) in the media window.
 *
 * usage: rtpcalls --mode bridge|prompt --pbx IP:PORT --user NAME --a IP:SIPPORT:RTPPORT [--b IP:SIPPORT:RTPPORT]
 *                 --calls N --cps R --secs S [--pid PID] [--send 0|1] [--nomedia] [--label TEXT]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#define MAXC 8192
#define MAGIC 0x4c414250u
typedef struct {
  int state;
  uint64_t t_inv;
  int tries;
  char totag[128];
  char target[256];
  struct sockaddr_in rtp;
  atomic_int on;
  uint16_t seq;
  uint32_t ts;
  uint64_t setup_us;
} leg_t;
static leg_t A[MAXC], B[MAXC];
static int nA, nB;
static const char *mode = "bridge", *user = "bridge", *label = "";
static struct sockaddr_in pbx, asip, bsip, artp, brtp;
static int sA, sB = -1, rA, rB = -1;
static int calls = 10, secs = 10, send_ = 1, nomedia;
static double cps = 20;
static int pid;
static atomic_int window, quit, ended;
static atomic_long sent_w, rcvd_w, reorder, sender_late;
static long retr, failed;
#define HB 200000
static uint32_t *hist, *jit; /* 1 us buckets for delay; 10 us buckets for pacing error */
static char bids[MAXC][96];
static uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}
static uint64_t real_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}
static struct sockaddr_in addr(const char *ip, int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  a.sin_addr.s_addr = inet_addr(ip);
  return a;
}
static int udp(struct sockaddr_in *a, int stamp) {
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
static void out(int s, const char *b, int n) { sendto(s, b, n, 0, (void *)&pbx, sizeof pbx); }
static const char *ipstr(struct sockaddr_in *a, char *b) {
  inet_ntop(AF_INET, &a->sin_addr, b, 32);
  return b;
}
static int hdr(const char *m, const char *name, char *o, int max) {
  size_t l = strlen(name);
  for (const char *p = m; p && *p;) {
    if (!strncasecmp(p, name, l) && p[l] == ':') {
      p += l + 1;
      while (*p == ' ') p++;
      int n = 0;
      while (*p && *p != '\r' && *p != '\n' && n < max - 1) o[n++] = *p++;
      o[n] = 0;
      return n;
    }
    p = strstr(p, "\r\n");
    if (!p) break;
    p += 2;
    if (*p == '\r') break;
  }
  o[0] = 0;
  return 0;
}
static int vias(const char *m, char *o, int max) {
  int n = 0;
  for (const char *p = m; p && *p;) {
    const char *e = strstr(p, "\r\n");
    if (!e || e == p) break;
    if (!strncasecmp(p, "via:", 4) || !strncasecmp(p, "v:", 2) || !strncasecmp(p, "record-route:", 13)) {
      int l = e - p + 2;
      if (n + l < max) {
        memcpy(o + n, p, l);
        n += l;
      }
    }
    p = e + 2;
  }
  o[n] = 0;
  return n;
}
static int sdp(const char *m, struct sockaddr_in *o) {
  const char *c = strstr(m, "c=IN IP4 "), *a = strstr(m, "m=audio ");
  if (!c || !a) return 0;
  char ip[64];
  int port;
  if (sscanf(c + 9, "%63[0-9.]", ip) != 1 || sscanf(a + 8, "%d", &port) != 1) return 0;
  *o = addr(ip, port);
  return 1;
}
static int mksdp(char *o, int max, struct sockaddr_in *r) {
  char ip[32];
  ipstr(r, ip);
  return snprintf(
      o, max, "v=0\r\no=lab 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n",
      ip, ip, ntohs(r->sin_port));
}
static int runid;
static void req(int i, const char *meth, int cseq, const char *branch, int body) {
  char ip[32], pip[32], sd[512] = {0}, m[2048];
  ipstr(&asip, ip);
  ipstr(&pbx, pip);
  leg_t *l = &A[i];
  int sl = body ? mksdp(sd, sizeof sd, &artp) : 0;
  char to[200] = "";
  if (l->totag[0]) snprintf(to, sizeof to, ";tag=%s", l->totag);
  char ruri[300];
  if (l->target[0])
    snprintf(ruri, sizeof ruri, "%s", l->target);
  else
    snprintf(ruri, sizeof ruri, "sip:%s@%s:%d", user, pip, ntohs(pbx.sin_port));
  int n = snprintf(
      m, sizeof m,
      "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bK%d-%d-%s;rport\r\nMax-Forwards: 70\r\nFrom: <sip:lab@%s>;tag=t%d-%d\r\nTo: "
      "<sip:%s@%s:%d>%s\r\nCall-ID: a%d-%d@%s\r\nCSeq: %d %s\r\nContact: <sip:lab@%s:%d>\r\n%sContent-Length: %d\r\n\r\n%s",
      meth, ruri, ip, ntohs(asip.sin_port), runid, i, branch, ip, runid, i, user, pip, ntohs(pbx.sin_port), to, i, runid, ip, cseq, meth,
      ip, ntohs(asip.sin_port), sl ? "Content-Type: application/sdp\r\n" : "", sl, sd);
  out(sA, m, n);
}
static void answer(int s, const char *m, const char *line, const char *tag, int withsdp, struct sockaddr_in *me, struct sockaddr_in *r) {
  char v[1500], f[300], t[300], c[200], q[80], sd[512] = {0}, o[4096], ip[32];
  vias(m, v, sizeof v);
  hdr(m, "From", f, sizeof f);
  hdr(m, "To", t, sizeof t);
  hdr(m, "Call-ID", c, sizeof c);
  hdr(m, "CSeq", q, sizeof q);
  int sl = withsdp ? mksdp(sd, sizeof sd, r) : 0;
  const char *tt = strstr(t, "tag=") ? "" : tag;
  int n = snprintf(
      o, sizeof o,
      "SIP/2.0 %s\r\n%sFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:bside@%s:%d>\r\n%sContent-Length: %d\r\n\r\n%s",
      line, v, f, t, *tt ? ";tag=" : "", tt, c, q, ipstr(me, ip), ntohs(me->sin_port), sl ? "Content-Type: application/sdp\r\n" : "", sl,
      sd);
  out(s, o, n);
}
static void on_a(char *m) {
  char cid[200], cs[80];
  hdr(m, "Call-ID", cid, sizeof cid);
  hdr(m, "CSeq", cs, sizeof cs);
  int i, r;
  if (strncmp(m, "SIP/2.0 ", 8)) {
    if (!strncmp(m, "ACK", 3)) return;
    answer(sA, m, "200 OK", "x", !strncmp(m, "INVITE", 6), &asip, &artp);
    if (!strncmp(m, "BYE", 3) && sscanf(cid, "a%d-%d", &i, &r) == 2 && i < MAXC && A[i].state == 2) {
      A[i].on = 0;
      A[i].state = 5;
      atomic_fetch_add(&ended, 1);
    }
    return;
  }
  if (sscanf(cid, "a%d-%d", &i, &r) != 2 || i < 0 || i >= MAXC || r != runid) return;
  int code = atoi(m + 8);
  leg_t *l = &A[i];
  if (strstr(cs, "INVITE")) {
    if (code < 200) {
      if (l->state == 0 || l->state == 1) {
        if (l->state == 1) l->tries = 100;
      }
      return;
    }
    if (code >= 300) {
      if (l->state == 1) {
        l->state = 4;
        failed++;
        if (failed < 4) fprintf(stderr, "call %d: %.60s\n", i, m);
      }
      char t[300], *p;
      hdr(m, "To", t, sizeof t);
      p = strstr(t, "tag=");
      if (p) {
        snprintf(l->totag, sizeof l->totag, "%.100s", p + 4);
      }
      char b[16];
      snprintf(b, sizeof b, "1");
      req(i, "ACK", 1, b, 0);
      return;
    }
    if (l->state == 1) {
      char t[300], c[300], *p;
      hdr(m, "To", t, sizeof t);
      if ((p = strstr(t, "tag="))) {
        snprintf(l->totag, sizeof l->totag, "%.100s", p + 4);
        l->totag[strcspn(l->totag, "; ")] = 0;
      }
      hdr(m, "Contact", c, sizeof c);
      if ((p = strchr(c, '<'))) {
        snprintf(l->target, sizeof l->target, "%.250s", p + 1);
        l->target[strcspn(l->target, ">")] = 0;
      }
      l->setup_us = now_us() - l->t_inv;
      l->state = 2;
      if (sdp(m, &l->rtp)) l->on = 1;
    }
    req(i, "ACK", 1, "a", 0);
    return;
  }
  if (strstr(cs, "BYE") && l->state == 3) l->state = 5;
}
static int findb(const char *cid) {
  for (int i = 0; i < nB; i++)
    if (!strcmp(bids[i], cid)) return i;
  return -1;
}
static void on_b(char *m) {
  char cid[200];
  if (!strncmp(m, "SIP/2.0", 7) || !strncmp(m, "ACK", 3)) return;
  hdr(m, "Call-ID", cid, sizeof cid);
  if (strlen(cid) > 95) cid[95] = 0;
  if (!strncmp(m, "INVITE", 6)) {
    int i = findb(cid);
    if (i < 0 && nB < MAXC) {
      i = nB;
      strcpy(bids[i], cid);
      if (sdp(m, &B[i].rtp)) {
        B[i].state = 2;
        nB++;
        answer(sB, m, "180 Ringing", "bt", 0, &bsip, &brtp);
      }
    }
    char tag[32];
    snprintf(tag, sizeof tag, "bt");
    answer(sB, m, "200 OK", tag, 1, &bsip, &brtp);
    if (i >= 0) B[i].on = 1;
    return;
  }
  if (!strncmp(m, "BYE", 3)) {
    int i = findb(cid);
    if (i >= 0) {
      B[i].on = 0;
      B[i].state = 5;
    }
  }
  answer(sB, m, "200 OK", "bt", 0, &bsip, &brtp);
}
typedef struct __attribute__((packed)) {
  uint8_t h[12];
  uint32_t magic;
  uint8_t dir, win;
  uint16_t leg;
  uint32_t n;
  uint64_t t;
  uint8_t pad[140];
} pkt_t;
static void *txthread(void *_) {
  prctl(PR_SET_TIMERSLACK, 1);
  static pkt_t p[32];
  struct mmsghdr mm[32];
  struct iovec iv[32];
  memset(mm, 0, sizeof mm);
  memset(p, 0xd5, sizeof p);
  uint64_t next = now_us();
  long tick = 0;
  while (!quit) {
    next += 1000;
    struct timespec ts = {next / 1000000, (next % 1000000) * 1000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, 0);
    if (now_us() > next + 5000) sender_late++;
    int ph = tick++ % 20;
    int w = window;
    for (int side = 0; side < 2; side++) {
      leg_t *L = side ? B : A;
      int n = side ? nB : nA, s = side ? rB : rA, k = 0;
      if (s < 0) continue;
      for (int i = ph; i <= n; i += 20) {
        int last = i + 20 > n;
        if (i < n && L[i].on) {
          pkt_t *q = &p[k];
          leg_t *l = &L[i];
          q->h[0] = 0x80;
          q->h[1] = 8 | (l->seq == 0 ? 0x80 : 0);
          q->h[2] = l->seq >> 8;
          q->h[3] = l->seq;
          uint32_t ts_ = htonl(l->ts), ss = htonl(0x10000000u + (side << 24) + i);
          memcpy(q->h + 4, &ts_, 4);
          memcpy(q->h + 8, &ss, 4);
          l->seq++;
          l->ts += 160;
          q->magic = MAGIC;
          q->dir = side;
          q->win = w;
          q->leg = i;
          q->t = real_ns();
          iv[k].iov_base = q;
          iv[k].iov_len = 172;
          mm[k].msg_hdr.msg_iov = &iv[k];
          mm[k].msg_hdr.msg_iovlen = 1;
          mm[k].msg_hdr.msg_name = &l->rtp;
          mm[k].msg_hdr.msg_namelen = sizeof l->rtp;
          k++;
        }
        if (k == 8 || (last && k)) {
          int r = sendmmsg(s, mm, k, 0);
          if (w && r > 0) sent_w += r;
          k = 0;
        }
      }
    }
  }
  return 0;
}
typedef struct {
  uint16_t first, last;
  uint32_t cnt;
  uint64_t t;
  int seen;
  int rtcp;
} st_t;
static st_t *st;
static void *rxthread(void *_) {
  enum { N = 64 };
  static uint8_t buf[N][512];
  static char ctl[N][64];
  struct mmsghdr mm[N];
  struct iovec iv[N];
  struct sockaddr_in fr[N];
  int prompt = !strcmp(mode, "prompt");
  while (!quit) {
    struct pollfd pf[2] = {{rA, POLLIN, 0}, {rB, POLLIN, 0}};
    if (poll(pf, rB >= 0 ? 2 : 1, 100) <= 0) continue;
    for (int side = 0; side < 2; side++) {
      if (!(pf[side].revents & POLLIN) || (side && rB < 0)) continue;
      for (;;) {
        for (int i = 0; i < N; i++) {
          iv[i].iov_base = buf[i];
          iv[i].iov_len = 512;
          memset(&mm[i], 0, sizeof mm[i]);
          mm[i].msg_hdr.msg_iov = &iv[i];
          mm[i].msg_hdr.msg_iovlen = 1;
          mm[i].msg_hdr.msg_control = ctl[i];
          mm[i].msg_hdr.msg_controllen = 64;
          mm[i].msg_hdr.msg_name = &fr[i];
          mm[i].msg_hdr.msg_namelen = sizeof fr[i];
        }
        int r = recvmmsg(side ? rB : rA, mm, N, MSG_DONTWAIT, 0);
        if (r <= 0) break;
        uint64_t nowr = real_ns();
        int w = window;
        for (int i = 0; i < r; i++) {
          uint64_t t = nowr;
          for (struct cmsghdr *c = CMSG_FIRSTHDR(&mm[i].msg_hdr); c; c = CMSG_NXTHDR(&mm[i].msg_hdr, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
              struct timespec q;
              memcpy(&q, CMSG_DATA(c), sizeof q);
              t = q.tv_sec * 1000000000ull + q.tv_nsec;
            }
          if (mm[i].msg_len < 12 || (buf[i][1] & 0x7f) != 8) continue;
          if (prompt) {
            if (!w) continue;
            st_t *s = &st[ntohs(fr[i].sin_port)];
            uint16_t seq = buf[i][2] << 8 | buf[i][3];
            if (!s->seen) {
              s->seen = 1;
              s->first = s->last = seq;
              s->cnt = 1;
            } else {
              s->cnt++;
              int16_t d = seq - s->last;
              if (d > 0) {
                s->last = seq;
                if (d == 1) {
                  int64_t e = (int64_t)(t - s->t) / 1000 - 20000;
                  if (e < 0) e = -e;
                  e /= 10;
                  if (e >= HB) e = HB - 1;
                  jit[e]++;
                }
              } else
                reorder++;
            }
            s->t = t;
            rcvd_w++;
          } else {
            pkt_t *q = (void *)buf[i];
            if (mm[i].msg_len < 172 || q->magic != MAGIC || !q->win) continue;
            int64_t d = (int64_t)(t - q->t) / 1000;
            if (d < 0) d = 0;
            if (d >= HB) d = HB - 1;
            hist[d]++;
            rcvd_w++;
          }
        }
      }
    }
  }
  return 0;
}
static void *sipthread(void *_) {
  static char m[8192];
  while (!quit) {
    struct pollfd pf[2] = {{sA, POLLIN, 0}, {sB, POLLIN, 0}};
    if (poll(pf, sB >= 0 ? 2 : 1, 50) > 0) {
      for (int s = 0; s < 2; s++) {
        if (s && sB < 0) continue;
        if (!(pf[s].revents & POLLIN)) continue;
        for (;;) {
          int n = recv(s ? sB : sA, m, sizeof m - 1, MSG_DONTWAIT);
          if (n <= 0) break;
          m[n] = 0;
          if (s)
            on_b(m);
          else
            on_a(m);
        }
      }
    }
    uint64_t t = now_us();
    for (int i = 0; i < nA; i++)
      if (A[i].state == 1 && A[i].tries < 5 && t - A[i].t_inv > 500000ull * (1u << A[i].tries)) {
        A[i].tries++;
        retr++;
        req(i, "INVITE", 1, "1", 1);
      }
  }
  return 0;
}
static void srv(double *c, double *u, double *s, long *pss, int *thr) {
  *c = *u = *s = 0;
  *pss = 0;
  *thr = 0;
  if (!pid) return;
  char f[64], b[1024];
  snprintf(f, sizeof f, "/proc/%d/stat", pid);
  FILE *h = fopen(f, "r");
  if (!h) return;
  size_t n = fread(b, 1, sizeof b - 1, h);
  fclose(h);
  b[n] = 0;
  char *p = strrchr(b, ')');
  unsigned long ut, stt;
  long nt;
  sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %ld", &ut, &stt, &nt);
  double k = sysconf(_SC_CLK_TCK);
  *u = ut / k;
  *s = stt / k;
  *c = *u + *s;
  *thr = nt;
  snprintf(f, sizeof f, "/proc/%d/smaps_rollup", pid);
  h = fopen(f, "r");
  if (h) {
    while (fgets(b, sizeof b, h))
      if (sscanf(b, "Pss: %ld", pss) == 1) break;
    fclose(h);
  }
}
static double pct(uint32_t *h, double q, double unit) {
  uint64_t n = 0, c = 0;
  for (int i = 0; i < HB; i++) n += h[i];
  if (!n) return -1;
  for (int i = 0; i < HB; i++) {
    c += h[i];
    if (c >= q * n) return i * unit;
  }
  return HB * unit;
}
static void parse(const char *s, struct sockaddr_in *sip, struct sockaddr_in *rtp) {
  char ip[64];
  int a, b = 0;
  if (sscanf(s, "%63[^:]:%d:%d", ip, &a, &b) < 2) {
    fprintf(stderr, "bad address %s\n", s);
    exit(2);
  }
  *sip = addr(ip, a);
  if (rtp) *rtp = addr(ip, b);
}
int main(int c, char **v) {
  const char *b = 0;
  for (int i = 1; i < c; i++) {
#define O(x) (!strcmp(v[i], x) && i + 1 < c)
    if (O("--mode"))
      mode = v[++i];
    else if (O("--pbx"))
      parse(v[++i], &pbx, 0);
    else if (O("--user"))
      user = v[++i];
    else if (O("--a"))
      parse(v[++i], &asip, &artp);
    else if (O("--b")) {
      b = v[++i];
      parse(b, &bsip, &brtp);
    } else if (O("--calls"))
      calls = atoi(v[++i]);
    else if (O("--cps"))
      cps = atof(v[++i]);
    else if (O("--secs"))
      secs = atoi(v[++i]);
    else if (O("--pid"))
      pid = atoi(v[++i]);
    else if (O("--send"))
      send_ = atoi(v[++i]);
    else if (O("--label"))
      label = v[++i];
    else if (!strcmp(v[i], "--nomedia"))
      nomedia = 1;
    else {
      fprintf(stderr, "unknown %s\n", v[i]);
      return 2;
    }
  }
  if (calls > MAXC) calls = MAXC;
  runid = (int)(real_ns() / 1000000 % 1000000);
  hist = calloc(HB, 4);
  jit = calloc(HB, 4);
  st = calloc(65536, sizeof *st);
  sA = udp(&asip, 0);
  rA = udp(&artp, 1);
  if (b) {
    sB = udp(&bsip, 0);
    rB = udp(&brtp, 1);
  }
  int prompt = !strcmp(mode, "prompt");
  double c0, u0, s0, c1, u1, s1, ca, ua, sa;
  long m0, m1, ma;
  int th;
  srv(&ca, &ua, &sa, &ma, &th);
  m0 = ma;
  pthread_t a1, a2, a3;
  pthread_create(&a1, 0, sipthread, 0);
  pthread_create(&a2, 0, rxthread, 0);
  if (!nomedia && (!prompt || send_ == 2)) pthread_create(&a3, 0, txthread, 0);
  uint64_t t0 = now_us();
  for (int i = 0; i < calls; i++) {
    uint64_t due = t0 + (uint64_t)(i * 1e6 / cps);
    int64_t w = due - now_us();
    if (w > 0) usleep(w);
    A[i].t_inv = now_us();
    A[i].state = 1;
    A[i].seq = 1;
    nA = i + 1;
    req(i, "INVITE", 1, "1", 1);
  }
  for (int k = 0; k < 100; k++) {
    int p = 0;
    for (int i = 0; i < calls; i++) p += A[i].state == 1;
    if (!p) break;
    usleep(100000);
  }
  usleep(2000000);
  srv(&c0, &u0, &s0, &m0, &th);
  uint64_t w0 = now_us();
  window = 1;
  usleep(secs * 1000000ull);
  window = 0;
  uint64_t w1 = now_us();
  srv(&c1, &u1, &s1, &m1, &th);
  usleep(400000);
  int up = 0;
  uint64_t su[MAXC];
  int ns = 0;
  for (int i = 0; i < calls; i++) {
    up += A[i].state == 2;
    if (A[i].state == 2) su[ns++] = A[i].setup_us;
  }
  for (int i = 1; i < ns; i++) {
    uint64_t x = su[i];
    int j = i - 1;
    while (j >= 0 && su[j] > x) {
      su[j + 1] = su[j];
      j--;
    }
    su[j + 1] = x;
  }
  long exp = sent_w, got = rcvd_w;
  int streams = 0;
  if (prompt) {
    exp = 0;
    for (int i = 0; i < 65536; i++)
      if (st[i].seen) {
        streams++;
        exp += (uint16_t)(st[i].last - st[i].first) + 1;
      }
  }
  int ea = ended;
  for (int i = 0; i < calls; i++) {
    if (A[i].state == 2) {
      A[i].on = 0;
      A[i].state = 3;
      req(i, "BYE", 2, "b", 0);
      if (i % 20 == 19) usleep(20 * 1000000 / (cps * 2 > 1000 ? 1000 : cps * 2));
    }
  }
  usleep(1500000);
  int nb = 0;
  for (int i = 0; i < calls; i++) nb += A[i].state == 3;
  quit = 1;
  pthread_join(a1, 0);
  pthread_join(a2, 0);
  double w = (w1 - w0) / 1e6, cpu = c1 - c0;
  printf("{\"label\":\"%s\",\"mode\":\"%s\",\"calls\":%d,\"up\":%d,\"failed\":%ld,\"retrans\":%ld,\"ended_by_peer\":%d,\"bye_unanswered\":%"
         "d,\"setup_p50_ms\":%.2f,\"setup_p99_ms\":%.2f,\"secs\":%.2f,\"expected\":%ld,\"received\":%ld,\"loss_pct\":%.4f,\"of_nominal_"
         "pct\":%.2f,\"reordered\":%ld,\"streams\":%d,",
         label, mode, calls, up, failed, retr, ea, nb, ns ? su[ns / 2] / 1e3 : -1, ns ? su[(int)(ns * .99)] / 1e3 : -1, w, exp, got,
         exp ? 100.0 * (exp - got) / exp : 0, up ? 100.0 * got / (w * 50 * up * (prompt ? 1 : 2)) : 0, (long)reorder, streams);
  if (prompt)
    printf("\"pacing_err_p50_ms\":%.2f,\"pacing_err_p99_ms\":%.2f,\"pacing_err_p999_ms\":%.2f,", pct(jit, .5, .01), pct(jit, .99, .01),
           pct(jit, .999, .01));
  else
    printf("\"delay_p50_us\":%.0f,\"delay_p99_us\":%.0f,\"delay_p999_us\":%.0f,\"sender_late\":%ld,", pct(hist, .5, 1), pct(hist, .99, 1),
           pct(hist, .999, 1), (long)sender_late);
  printf("\"srv_cores\":%.3f,\"srv_user\":%.3f,\"srv_sys\":%.3f,\"us_per_pkt\":%.2f,\"us_per_call_s\":%.1f,\"threads\":%d,\"pss_idle_kb\":%"
         "ld,\"pss_up_kb\":%ld,\"kb_per_call\":%.1f,\"ops\":%ld}\n",
         cpu / w, (u1 - u0) / w, (s1 - s0) / w, got ? cpu * 1e6 / got : 0, up ? cpu * 1e6 / w / up : 0, th, ma, m1,
         up ? (double)(m1 - ma) / up : 0, got);
  return 0;
}
