#define _GNU_SOURCE
#include "process.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
cost_t cost_of(int pid) {
  cost_t o = {0};
  if (!pid) return o;
  char f[64], b[1024];
  snprintf(f, sizeof f, "/proc/%d/stat", pid);
  FILE *h = fopen(f, "r");
  if (!h) return o;
  size_t n = fread(b, 1, sizeof b - 1, h);
  fclose(h);
  b[n] = 0;
  char *p = strrchr(b, ')');
  unsigned long ut, stt;
  long nt;
  sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %ld", &ut, &stt, &nt);
  double k = sysconf(_SC_CLK_TCK);
  o.user = ut / k;
  o.sys = stt / k;
  o.cpu = o.user + o.sys;
  o.threads = nt;
  snprintf(f, sizeof f, "/proc/%d/smaps_rollup", pid);
  h = fopen(f, "r");
  if (h) {
    while (fgets(b, sizeof b, h))
      if (sscanf(b, "Pss: %ld", &o.pss) == 1) break;
    fclose(h);
  }
  return o;
}
double own_cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}
