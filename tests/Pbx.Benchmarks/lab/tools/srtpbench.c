/* srtpbench: libsrtp2 protect/unprotect cost per RTP packet of 172 bytes (12 header + 160 payload). usage: srtpbench [packets] */
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
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
int main(int c, char **v) {
  long n = c > 1 ? atol(v[1]) : 1000000;
  srtp_init();
  run("AES_CM_128_HMAC_SHA1_80", 0, n);
  run("AEAD_AES_128_GCM", 1, n);
  return 0;
}
