/* UDP loopback packet rate. One thread per role, each pinned.
 * usage: udppps mode size seconds nsock batch sendcpu recvcpu
 *   mode: single  sendto/recvfrom       mmsg  sendmmsg/recvmmsg (batch per call)
 *         relay   the receiver (recvcpu) receives on nsock sockets by epoll and sends each datagram on by sendto,
 *                 as a media relay does; the sender offers as much as the relay takes (closed loop window)
 *         relaymm the same with recvmmsg/sendmmsg, one socket in, one out
 * prints JSON with packets sent/received per second and CPU us per packet for the two threads. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#define MAXB 256
static int size, nsock, batch;
static double secs;
static const char *mode;
static int scpu, rcpu;
static atomic_int stop_;
static atomic_ulong rx, tx, rl;
static double scpu_s, rcpu_s;
static int *rs, *ss;
static struct sockaddr_in *ra;
static int sink;
static struct sockaddr_in sinka;
static void pin(int c) {
  cpu_set_t s;
  CPU_ZERO(&s);
  CPU_SET(c, &s);
  if (c >= 0) pthread_setaffinity_np(pthread_self(), sizeof s, &s);
}
static double tcpu(void) {
  struct rusage r;
  getrusage(RUSAGE_THREAD, &r);
  return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}
static int mk(struct sockaddr_in *a) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  int b = 4 << 20;
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &b, sizeof b);
  setsockopt(s, SOL_SOCKET, SO_SNDBUF, &b, sizeof b);
  struct timeval tv = {0, 100000};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
  struct sockaddr_in x = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr("127.0.0.1")};
  if (bind(s, (void *)&x, sizeof x)) {
    perror("bind");
    exit(1);
  }
  socklen_t l = sizeof x;
  getsockname(s, (void *)&x, &l);
  *a = x;
  return s;
}
static void *sender(void *_) {
  pin(scpu);
  char buf[2048] = {0};
  double c0 = tcpu();
  unsigned long i = 0;
  int k = 0;
  int mm = strstr(mode, "mm") != NULL;
  int relay = !strncmp(mode, "relay", 5);
  struct mmsghdr m[MAXB];
  struct iovec v = {buf, size};
  memset(m, 0, sizeof m);
  while (!atomic_load_explicit(&stop_, memory_order_relaxed)) {
    if (i - atomic_load_explicit(relay ? &rl : &rx, memory_order_relaxed) > 2000) { /* window: do not measure drops */
      struct timespec t = {0, 20000};
      static __thread int spins;
      if (++spins > 2000) {
        spins = 0;
        i = atomic_load(relay ? &rl : &rx);
      }
      if (scpu == rcpu)
        sched_yield();
      else
        nanosleep(&t, 0);
      continue;
    }
    if (mm) {
      for (int j = 0; j < batch; j++) {
        m[j].msg_hdr.msg_iov = &v;
        m[j].msg_hdr.msg_iovlen = 1;
        m[j].msg_hdr.msg_name = &ra[k];
        m[j].msg_hdr.msg_namelen = sizeof *ra;
        if (++k == nsock) k = 0;
      }
      int r = sendmmsg(ss[0], m, batch, 0);
      if (r > 0) i += r;
    } else {
      sendto(ss[k % nsock], buf, size, 0, (void *)&ra[k], sizeof *ra);
      if (++k == nsock) k = 0;
      i++;
    }
  }
  atomic_fetch_add(&tx, i);
  scpu_s = tcpu() - c0;
  return 0;
}
static void *recver(void *_) {
  pin(rcpu);
  char(*buf)[2048] = malloc(MAXB * 2048);
  double c0 = tcpu();
  struct sockaddr_in f;
  socklen_t fl;
  int mm = strstr(mode, "mm") != NULL;
  int relay = !strncmp(mode, "relay", 5);
  struct mmsghdr m[MAXB];
  struct iovec v[MAXB];
  struct sockaddr_in fa[MAXB];
  memset(m, 0, sizeof m);
  int ep = -1;
  struct epoll_event ev[MAXB];
  if (nsock > 1) {
    ep = epoll_create1(0);
    for (int i = 0; i < nsock; i++) {
      struct epoll_event e = {.events = EPOLLIN, .data.u32 = i};
      epoll_ctl(ep, EPOLL_CTL_ADD, rs[i], &e);
    }
  }
  while (!atomic_load_explicit(&stop_, memory_order_relaxed)) {
    int n = 1;
    if (ep >= 0) {
      n = epoll_wait(ep, ev, MAXB, 100);
      if (n <= 0) continue;
    }
    for (int e = 0; e < n; e++) {
      int s = ep >= 0 ? rs[ev[e].data.u32] : rs[0];
      if (mm) {
        for (int j = 0; j < batch; j++) {
          v[j].iov_base = buf[j];
          v[j].iov_len = 2048;
          m[j].msg_hdr.msg_iov = &v[j];
          m[j].msg_hdr.msg_iovlen = 1;
          m[j].msg_hdr.msg_name = &fa[j];
          m[j].msg_hdr.msg_namelen = sizeof fa[0];
        }
        int r = recvmmsg(s, m, batch, MSG_WAITFORONE | (ep >= 0 ? MSG_DONTWAIT : 0), 0);
        if (r > 0) {
          if (relay) {
            for (int j = 0; j < r; j++) {
              v[j].iov_len = m[j].msg_len;
              m[j].msg_hdr.msg_name = &sinka;
              m[j].msg_hdr.msg_namelen = sizeof sinka;
            }
            sendmmsg(s, m, r, 0);
            atomic_fetch_add_explicit(&rl, r, memory_order_relaxed);
          }
          atomic_fetch_add_explicit(&rx, r, memory_order_relaxed);
        }
      } else {
        fl = sizeof f;
        int r = recvfrom(s, buf[0], 2048, ep >= 0 ? MSG_DONTWAIT : 0, (void *)&f, &fl);
        if (r > 0) {
          if (relay) {
            sendto(s, buf[0], r, 0, (void *)&sinka, sizeof sinka);
            atomic_fetch_add_explicit(&rl, 1, memory_order_relaxed);
          }
          atomic_fetch_add_explicit(&rx, 1, memory_order_relaxed);
        }
      }
    }
  }
  rcpu_s = tcpu() - c0;
  return 0;
}
int main(int c, char **v) {
  if (c < 8) {
    fprintf(stderr, "usage: udppps single|mmsg|relay|relaymm size seconds nsock batch sendcpu recvcpu\n");
    return 2;
  }
  mode = v[1];
  size = atoi(v[2]);
  secs = atof(v[3]);
  nsock = atoi(v[4]);
  batch = atoi(v[5]);
  scpu = atoi(v[6]);
  rcpu = atoi(v[7]);
  if (batch > MAXB) batch = MAXB;
  rs = calloc(nsock, sizeof *rs);
  ss = calloc(nsock, sizeof *ss);
  ra = calloc(nsock, sizeof *ra);
  struct sockaddr_in d;
  for (int i = 0; i < nsock; i++) {
    rs[i] = mk(&ra[i]);
    ss[i] = mk(&d);
  }
  sink = mk(&sinka);
  int b = 4096;
  setsockopt(sink, SOL_SOCKET, SO_RCVBUF, &b, sizeof b); /* the sink is never read: the kernel drops at its door */
  pthread_t a, t;
  struct timespec t0, t1;
  clock_gettime(CLOCK_MONOTONIC, &t0);
  pthread_create(&t, 0, recver, 0);
  pthread_create(&a, 0, sender, 0);
  usleep(secs * 1e6);
  stop_ = 1;
  pthread_join(a, 0);
  pthread_join(t, 0);
  clock_gettime(CLOCK_MONOTONIC, &t1);
  double w = t1.tv_sec - t0.tv_sec + (t1.tv_nsec - t0.tv_nsec) / 1e9;
  printf("{\"mode\":\"%s\",\"size\":%d,\"nsock\":%d,\"batch\":%d,\"cpus\":\"%d,%d\",\"tx_pps\":%.0f,\"rx_pps\":%.0f,\"send_us\":%.3f,"
         "\"recv_us\":%.3f,\"recv_core\":%.2f}\n",
         mode, size, nsock, batch, scpu, rcpu, tx / w, rx / w, scpu_s * 1e6 / (tx ? tx : 1), rcpu_s * 1e6 / (rx ? rx : 1), rcpu_s / w);
  return 0;
}
