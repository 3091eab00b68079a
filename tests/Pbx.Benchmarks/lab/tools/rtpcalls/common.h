/* What all parts share: clocks, addresses, the most calls. */
#pragma once
#include <arpa/inet.h>
#include <stdint.h>
#include <time.h>
#define MAXC 8192
static inline uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}
static inline uint64_t real_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}
static inline struct sockaddr_in addr(const char *ip, int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  a.sin_addr.s_addr = inet_addr(ip);
  return a;
}
static inline const char *ipstr(const struct sockaddr_in *a, char *b) {
  inet_ntop(AF_INET, &a->sin_addr, b, 32);
  return b;
}
