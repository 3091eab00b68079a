#define _GNU_SOURCE
#include "process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static void add_children(cost_t *o, int pid);
/* What has ended meanwhile adds nothing. */
static void add(cost_t *o, int pid) {
  char f[64], b[1024];
  snprintf(f, sizeof f, "/proc/%d/stat", pid);
  FILE *h = fopen(f, "r");
  if (!h) return;
  size_t n = fread(b, 1, sizeof b - 1, h);
  fclose(h);
  b[n] = 0;
  char *p = strrchr(b, ')');
  if (!p) return;
  unsigned long ut, stt;
  long nt, pss;
  sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %ld", &ut, &stt, &nt);
  double k = sysconf(_SC_CLK_TCK);
  o->user += ut / k;
  o->sys += stt / k;
  o->threads += nt;
  snprintf(f, sizeof f, "/proc/%d/smaps_rollup", pid);
  h = fopen(f, "r");
  if (h) {
    while (fgets(b, sizeof b, h))
      if (sscanf(b, "Pss: %ld", &pss) == 1) {
        o->pss += pss;
        break;
      }
    fclose(h);
  }
  add_children(o, pid);
}
/* The kernel lists children by the thread that made them. */
static void add_children(cost_t *o, int pid) {
  char f[300];
  snprintf(f, sizeof f, "/proc/%d/task", pid);
  DIR *threads = opendir(f);
  if (!threads) return;
  for (struct dirent *e; (e = readdir(threads));) {
    snprintf(f, sizeof f, "/proc/%d/task/%s/children", pid, e->d_name);
    FILE *h = e->d_name[0] == '.' ? 0 : fopen(f, "r");
    if (!h) continue;
    for (int child; fscanf(h, "%d", &child) == 1;) add(o, child);
    fclose(h);
  }
  closedir(threads);
}
cost_t cost_of(int pid) {
  cost_t o = {0};
  if (pid) add(&o, pid);
  o.cpu = o.user + o.sys;
  return o;
}
double own_cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}
