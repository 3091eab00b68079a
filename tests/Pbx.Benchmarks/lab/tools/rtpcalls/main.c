/* rtpcalls: holds N calls against a SIP server and measures the RTP it relays or plays.
 *
 * mode bridge: A (this program) -> server -> B (this program); RTP both ways every 20 ms (PCMA, 160 bytes); each payload
 *              carries a send time, so loss and added delay (send call -> kernel receive stamp) are exact per packet.
 * mode prompt: A -> server; the server plays; counts packets, sequence gaps, and the pacing error of each stream.
 * The server must take unauthenticated calls from A's address, and for bridge dial B at B's fixed address.
 * With --tls FILE (certificate and key in PEM, shown to whoever connects) SIP goes over TLS and sound by SRTP, keys in SDP
 * (AES_CM_128_HMAC_SHA1_80), on both legs and without a way back to clear: A connects to the server, and the server to B, of
 * which the first sign (OPTIONS) is waited for. Every packet is encrypted, and each that comes is authenticated and decrypted.
 * CPU and memory of the server are read from /proc for --pid and its descendants in the media window.
 *
 * usage: rtpcalls --mode bridge|prompt --pbx IP:PORT --user NAME --a IP:SIPPORT:RTPPORT [--b IP:SIPPORT:RTPPORT]
 *                 --calls N --cps R --secs S [--pid PID] [--send 0|1] [--nomedia] [--label TEXT] [--tls FILE]
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "media.h"
#include "process.h"
static const char *mode = "bridge", *label = "", *pem;
static struct sockaddr_in pbx, asip, bsip;
static int calls = 10, secs = 10, send_ = 1, nomedia, prompt, pid;
static double cps = 20;
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
static void options(int c, char **v) {
  plan.user = "bridge";
  for (int i = 1; i < c; i++) {
#define O(x) (!strcmp(v[i], x) && i + 1 < c)
    if (O("--mode"))
      mode = v[++i];
    else if (O("--pbx"))
      parse(v[++i], &pbx, 0);
    else if (O("--user"))
      plan.user = v[++i];
    else if (O("--a"))
      parse(v[++i], &asip, &plan.artp);
    else if (O("--b")) {
      parse(v[++i], &bsip, &plan.brtp);
      plan.has_b = 1;
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
    else if (O("--tls"))
      pem = v[++i];
    else if (!strcmp(v[i], "--nomedia"))
      nomedia = 1;
    else {
      fprintf(stderr, "unknown %s\n", v[i]);
      exit(2);
    }
  }
  if (calls > MAXC) calls = MAXC;
  prompt = !strcmp(mode, "prompt");
  plan.secure = pem != 0;
  if (prompt && pem) {
    fprintf(stderr, "a prompt is measured in clear only\n");
    exit(2);
  }
}
static void open_wires(void) {
  if (pem) tls_init(pem);
  for (int side = 0; side < 1 + plan.has_b; side++) {
    struct sockaddr_in *local = side ? &bsip : &asip;
    if (pem)
      wire_tls(&wires[side], local, &pbx, side == 0);
    else
      wire_udp(&wires[side], local, &pbx);
  }
}
/* The server makes its connection in its own time, and calls before would fail. */
static void await_far(void) {
  for (int k = 0; k < 600 && !far_asked; k++) usleep(100000);
  if (!far_asked) {
    fprintf(stderr, "the server does not reach the far side over TLS\n");
    exit(3);
  }
  usleep(300000);
}
static void set_up(void) {
  uint64_t t0 = now_us();
  for (int i = 0; i < calls; i++) {
    uint64_t due = t0 + (uint64_t)(i * 1e6 / cps);
    int64_t w = due - now_us();
    if (w > 0) usleep(w);
    invite(i);
  }
  for (int k = 0; k < 100; k++) {
    int p = 0;
    for (int i = 0; i < calls; i++) p += A[i].state == INVITED;
    if (!p) break;
    usleep(100000);
  }
}
/* Setup times of the calls that are up, sorted; gives their number. */
static int setup_times(uint64_t *su) {
  int ns = 0;
  for (int i = 0; i < calls; i++)
    if (A[i].state == UP) su[ns++] = A[i].setup_us;
  for (int i = 1; i < ns; i++) {
    uint64_t x = su[i];
    int j = i - 1;
    while (j >= 0 && su[j] > x) {
      su[j + 1] = su[j];
      j--;
    }
    su[j + 1] = x;
  }
  return ns;
}
static int hang_up(void) {
  for (int i = 0; i < calls; i++)
    if (A[i].state == UP) {
      bye(i);
      if (i % 20 == 19) usleep(20 * 1000000 / (cps * 2 > 1000 ? 1000 : cps * 2));
    }
  usleep(1500000);
  int unanswered = 0;
  for (int i = 0; i < calls; i++) unanswered += A[i].state == ENDING;
  return unanswered;
}
int main(int c, char **v) {
  options(c, v);
  calls_init();
  open_wires();
  media_open(prompt);
  cost_t idle = cost_of(pid);
  pthread_t a1, a2, a3;
  pthread_create(&a1, 0, sipthread, 0);
  pthread_create(&a2, 0, rxthread, 0);
  if (pem && plan.has_b) await_far();
  if (!nomedia && (!prompt || send_ == 2)) pthread_create(&a3, 0, txthread, 0);
  set_up();
  usleep(2000000);
  cost_t before = cost_of(pid);
  double own = own_cpu();
  long dropped = own_drops();
  uint64_t w0 = now_us();
  window = 1;
  usleep(secs * 1000000ull);
  window = 0;
  uint64_t w1 = now_us();
  own = own_cpu() - own;
  cost_t after = cost_of(pid);
  usleep(400000);
  dropped = own_drops() - dropped;
  static uint64_t su[MAXC];
  int up = setup_times(su), streams = 0, ea = ended;
  long got = rcvd_w, exp = prompt ? prompts_expected(&streams) : sent_w;
  int nb = hang_up();
  quit = 1;
  pthread_join(a1, 0);
  pthread_join(a2, 0);
  double w = (w1 - w0) / 1e6, cpu = after.cpu - before.cpu, nominal = w * 50 * up * (prompt ? 1 : 2);
  printf(
      "{\"label\":\"%s\",\"mode\":\"%s\",\"secure\":%s,\"calls\":%d,\"up\":%d,\"failed\":%ld,\"retrans\":%ld,\"ended_by_peer\":%d,"
      "\"bye_unanswered\":%d,\"setup_p50_ms\":%.2f,\"setup_p99_ms\":%.2f,\"secs\":%.2f,\"expected\":%ld,\"received\":%ld,\"loss_pct\":%.4f,"
      "\"of_nominal_pct\":%.2f,\"offered_pct\":%.2f,\"reordered\":%ld,\"streams\":%d,\"refused\":%ld,\"own_drops\":%ld,\"own_cores\":%.3f,",
      label, mode, pem ? "true" : "false", calls, up, failed, retr, ea, nb, up ? su[up / 2] / 1e3 : -1, up ? su[(int)(up * .99)] / 1e3 : -1,
      w, exp, got, exp ? 100.0 * (exp - got) / exp : 0, up ? 100.0 * got / nominal : 0, up ? 100.0 * exp / nominal : 0, (long)reorder,
      streams, (long)refused_w, dropped, own / w);
  if (prompt)
    printf("\"pacing_err_p50_ms\":%.2f,\"pacing_err_p99_ms\":%.2f,\"pacing_err_p999_ms\":%.2f,", pct(jit, .5, .01), pct(jit, .99, .01),
           pct(jit, .999, .01));
  else
    printf("\"delay_p50_us\":%.0f,\"delay_p99_us\":%.0f,\"delay_p999_us\":%.0f,\"sender_late\":%ld,", pct(hist, .5, 1), pct(hist, .99, 1),
           pct(hist, .999, 1), (long)sender_late);
  printf(
      "\"srv_cores\":%.3f,\"srv_user\":%.3f,\"srv_sys\":%.3f,\"us_per_pkt\":%.2f,\"us_per_call_s\":%.1f,\"threads\":%d,\"pss_idle_kb\":%"
      "ld,\"pss_up_kb\":%ld,\"kb_per_call\":%.1f,\"ops\":%ld}\n",
      cpu / w, (after.user - before.user) / w, (after.sys - before.sys) / w, got ? cpu * 1e6 / got : 0, up ? cpu * 1e6 / w / up : 0,
      after.threads, idle.pss, after.pss, up ? (double)(after.pss - idle.pss) / up : 0, got);
  return 0;
}
