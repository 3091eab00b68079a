/* srtpbench: libsrtp2 protect/unprotect cost per RTP packet of 172 bytes (12 header + 160 payload), and that of rtpcalls' own SRTP,
 * which must give the same bytes: it exits with 1 when not. usage: srtpbench [packets] */
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rtpcalls/srtp.h"
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}
static void run(const char *name, int gcm, long n) {
  static unsigned char key[64];
  for (int i = 0; i < 64; i++) key[i] = i * 7 + 1;
  srtp_policy_t p;
  memset(&p, 0, sizeof p);
  if (gcm) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&p.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&p.rtcp);
  } else {
    srtp_crypto_policy_set_rtp_default(&p.rtp);
    srtp_crypto_policy_set_rtcp_default(&p.rtcp);
  }
  p.ssrc.type = ssrc_any_outbound;
  p.key = key;
  srtp_t s, r;
  if (srtp_create(&s, &p)) {
    printf("{\"what\":\"%s\",\"error\":1}\n", name);
    return;
  }
  p.ssrc.type = ssrc_any_inbound;
  srtp_create(&r, &p);
  double tp = 0, tu = 0;
  enum { K = 512 };
  static unsigned char b[K][256];
  long done = 0, bad = 0;
  unsigned short seq = 0;
  while (done < n) {
    int len[K];
    for (int i = 0; i < K; i++) {
      memset(b[i], 0x55, 172);
      b[i][0] = 0x80;
      b[i][1] = 8;
      b[i][2] = seq >> 8;
      b[i][3] = seq;
      seq++;
      b[i][11] = 1;
    }
    double t = now();
    for (int i = 0; i < K; i++) {
      len[i] = 172;
      bad += srtp_protect(s, b[i], &len[i]) != 0;
    }
    tp += now() - t;
    t = now();
    for (int i = 0; i < K; i++) bad += srtp_unprotect(r, b[i], &len[i]) != 0;
    tu += now() - t;
    done += K;
  }
  printf("{\"what\":\"libsrtp2 %s\",\"protect_us\":%.3f,\"unprotect_us\":%.3f,\"bad\":%ld}\n", name, tp * 1e6 / done, tu * 1e6 / done, bad);
}
/* Packets of all lengths over two turns of the sequence number, some of them with an extension, some out of order: what libsrtp2 makes of
 * them is what ours makes, and opens, once. Gives how many were not. */
static long compare(srtp_way_t *out, srtp_way_t *in, srtp_t theirs) {
  long bad = 0;
  for (long i = 0; i < 200000; i++) {
    static unsigned char a[512], b[512], plain[512];
    uint16_t seq = 65000 + (i ^ (i / 16 % 2 ? 3 : 0));
    int length = 16 + i % 300, one = length, other = length;
    for (int k = 0; k < length; k++) plain[k] = i * 31 + k * 7;
    plain[0] = i % 5 || length < 40 ? 0x80 : 0x91; /* a contributing source, and an extension of one word */
    plain[1] = 8;
    plain[2] = seq >> 8;
    plain[3] = seq;
    memset(plain + 8, 0x11, 4);
    if (plain[0] == 0x91) memcpy(plain + 16, "\xbe\xde\0\1", 4);
    memcpy(a, plain, length);
    memcpy(b, plain, length);
    one = srtp_way_protect(out, a, one);
    if (srtp_protect(theirs, b, &other) || one != other || memcmp(a, b, one)) bad++;
    a[one - 1] ^= 1;
    bad += srtp_way_unprotect(in, a, one) != -1;
    bad += srtp_way_unprotect(in, b, other) != length || memcmp(b, plain, length);
    memcpy(b, a, one);
    b[one - 1] ^= 1;
    bad += srtp_way_unprotect(in, b, one) != -1;
  }
  return bad;
}
static long own(long n) {
  unsigned char key[SRTP_MATERIAL], b[256];
  for (int i = 0; i < SRTP_MATERIAL; i++) key[i] = i * 7 + 1;
  srtp_policy_t p;
  memset(&p, 0, sizeof p);
  srtp_crypto_policy_set_rtp_default(&p.rtp);
  srtp_crypto_policy_set_rtcp_default(&p.rtcp);
  p.ssrc.type = ssrc_any_outbound;
  p.key = key;
  srtp_t theirs;
  if (srtp_create(&theirs, &p)) return 1;
  long bad = compare(srtp_way_new(key), srtp_way_new(key), theirs);
  srtp_way_t *out = srtp_way_new(key), *in = srtp_way_new(key);
  double t = now();
  for (long i = 0; i < n; i++) {
    memset(b, 0x55, 172);
    b[0] = 0x80;
    b[2] = i >> 8;
    b[3] = i;
    bad += srtp_way_unprotect(in, b, srtp_way_protect(out, b, 172)) != 172;
  }
  printf("{\"what\":\"rtpcalls AES_CM_128_HMAC_SHA1_80\",\"both_us\":%.3f,\"bad\":%ld}\n", (now() - t) * 1e6 / n, bad);
  return bad;
}
int main(int c, char **v) {
  long n = c > 1 ? atol(v[1]) : 1000000;
  srtp_init();
  run("AES_CM_128_HMAC_SHA1_80", 0, n);
  run("AEAD_AES_128_GCM", 1, n);
  return own(n) != 0;
}
