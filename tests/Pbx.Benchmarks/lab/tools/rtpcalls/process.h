/* What the server costs, from /proc of it and of all its living descendants; and what we cost ourselves. */
#pragma once
typedef struct {
  double cpu, user, sys; /* seconds */
  long pss;              /* KiB */
  int threads;
} cost_t;
cost_t cost_of(int pid);
double own_cpu(void);
