#define _GNU_SOURCE
#include "media.h"

#include <linux/sock_diag.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "calls.h"
#define MAGIC 0x4c414250u
#define SIZE 172 /* header and 20 ms of PCMA */
atomic_int window;
atomic_long sent_w, rcvd_w, reorder, sender_late, refused_w;
uint32_t *hist, *jit;
static int rA, rB = -1, prompt;
typedef struct __attribute__((packed)) {
  uint8_t h[12];
  uint32_t magic;
  uint8_t dir, win;
  uint16_t leg;
  uint32_t n;
  uint64_t t;
  uint8_t pad[140];
  uint8_t room[16]; /* for what SRTP appends */
} pkt_t;
typedef struct {
  uint16_t first, last;
  uint32_t cnt;
  uint64_t t;
  int seen;
} st_t;
static st_t *st;
void media_open(int is_prompt) {
  prompt = is_prompt;
  hist = calloc(HB, 4);
  jit = calloc(HB, 4);
  st = calloc(65536, sizeof *st);
  rA = udp(&plan.artp, 1);
  if (plan.has_b) rB = udp(&plan.brtp, 1);
}
/* One packet of a leg; gives its length. Its time is that before it is encrypted: the rest is on its way. */
static int pack(pkt_t *q, leg_t *l, int side, int i, int w) {
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
  return l->keys ? secure_protect(l->keys, q, SIZE) : SIZE;
}
void *txthread(void *_) {
  (void)_;
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
          leg_t *l = &L[i];
          iv[k].iov_base = &p[k];
          iv[k].iov_len = pack(&p[k], l, side, i, w);
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
/* A packet that the server plays: counted by its sequence, paced by its time. */
static void take_played(const uint8_t *b, uint16_t port, uint64_t t) {
  st_t *s = &st[port];
  uint16_t seq = b[2] << 8 | b[3];
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
}
/* A packet of ours that the server relayed. In a secure run only what the leg's key opens is one. */
static void take_relayed(uint8_t *b, int length, int side, uint16_t port, uint64_t t, int w) {
  if (plan.secure) {
    int i = leg_of(side, port);
    length = i < 0 ? -1 : secure_unprotect((side ? B : A)[i].keys, b, length);
    if (length < 0) {
      if (w) refused_w++;
      return;
    }
  }
  const pkt_t *q = (const void *)b;
  if (length < SIZE || q->magic != MAGIC || !q->win) return;
  int64_t d = (int64_t)(t - q->t) / 1000;
  if (d < 0) d = 0;
  if (d >= HB) d = HB - 1;
  hist[d]++;
  rcvd_w++;
}
static uint64_t stamp(struct msghdr *h, uint64_t otherwise) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec q;
      memcpy(&q, CMSG_DATA(c), sizeof q);
      return q.tv_sec * 1000000000ull + q.tv_nsec;
    }
  return otherwise;
}
static void drain(int side) {
  enum { N = 64 };
  static uint8_t buf[N][512] __attribute__((aligned(8)));
  static char ctl[N][64];
  struct mmsghdr mm[N];
  struct iovec iv[N];
  struct sockaddr_in fr[N];
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
      if (mm[i].msg_len < 12 || (buf[i][1] & 0x7f) != 8) continue;
      uint64_t t = stamp(&mm[i].msg_hdr, nowr);
      if (!prompt)
        take_relayed(buf[i], mm[i].msg_len, side, ntohs(fr[i].sin_port), t, w);
      else if (w)
        take_played(buf[i], ntohs(fr[i].sin_port), t);
    }
  }
}
void *rxthread(void *_) {
  (void)_;
  while (!quit) {
    struct pollfd pf[2] = {{rA, POLLIN, 0}, {rB, POLLIN, 0}};
    if (poll(pf, rB >= 0 ? 2 : 1, 100) <= 0) continue;
    for (int side = 0; side < 2; side++)
      if ((pf[side].revents & POLLIN) && (!side || rB >= 0)) drain(side);
  }
  return 0;
}
long prompts_expected(int *streams) {
  long expected = 0;
  *streams = 0;
  for (int i = 0; i < 65536; i++)
    if (st[i].seen) {
      ++*streams;
      expected += (uint16_t)(st[i].last - st[i].first) + 1;
    }
  return expected;
}
static long drops(int s) {
  uint32_t of[SK_MEMINFO_VARS] = {0};
  socklen_t size = sizeof of;
  return s >= 0 && !getsockopt(s, SOL_SOCKET, SO_MEMINFO, of, &size) ? of[SK_MEMINFO_DROPS] : 0;
}
long own_drops(void) { return drops(rA) + drops(rB); }
double pct(const uint32_t *h, double q, double unit) {
  uint64_t n = 0, c = 0;
  for (int i = 0; i < HB; i++) n += h[i];
  if (!n) return -1;
  for (int i = 0; i < HB; i++) {
    c += h[i];
    if (c >= q * n) return i * unit;
  }
  return HB * unit;
}
