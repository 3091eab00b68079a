/* The sound: sends each leg's packets every 20 ms, receives and measures what comes. */
#pragma once
#include <stdatomic.h>

#include "common.h"
#define HB 200000
extern atomic_int window;                                /* 1 while packets count */
extern atomic_long sent_w, rcvd_w, reorder, sender_late; /* of the window */
extern atomic_long refused_w;                            /* SRTP: not what the leg's key says, or of no leg */
extern uint32_t *hist, *jit;                             /* 1 us buckets for delay; 10 us buckets for pacing error */
void media_open(int prompt);
void *txthread(void *_);
void *rxthread(void *_);
/* Packets of the prompts, as their sequence numbers say; and how many streams. */
long prompts_expected(int *streams);
/* What the kernel dropped because we did not read in time: the load's loss, not the server's. */
long own_drops(void);
double pct(const uint32_t *h, double q, double unit);
