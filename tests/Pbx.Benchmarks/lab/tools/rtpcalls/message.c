#define _GNU_SOURCE
#include "message.h"

#include <stdio.h>
#include <string.h>
int hdr(const char *m, const char *name, char *o, int max) {
  size_t l = strlen(name);
  for (const char *p = m; p && *p;) {
    if (!strncasecmp(p, name, l) && p[l] == ':') {
      p += l + 1;
      while (*p == ' ') p++;
      int n = 0;
      while (*p && *p != '\r' && *p != '\n' && n < max - 1) o[n++] = *p++;
      o[n] = 0;
      return n;
    }
    p = strstr(p, "\r\n");
    if (!p) break;
    p += 2;
    if (*p == '\r') break;
  }
  o[0] = 0;
  return 0;
}
int vias(const char *m, char *o, int max) {
  int n = 0;
  for (const char *p = m; p && *p;) {
    const char *e = strstr(p, "\r\n");
    if (!e || e == p) break;
    if (!strncasecmp(p, "via:", 4) || !strncasecmp(p, "v:", 2) || !strncasecmp(p, "record-route:", 13)) {
      int l = e - p + 2;
      if (n + l < max) {
        memcpy(o + n, p, l);
        n += l;
      }
    }
    p = e + 2;
  }
  o[n] = 0;
  return n;
}
int read_sdp(const char *m, const char *profile, struct sockaddr_in *o) {
  const char *c = strstr(m, "c=IN IP4 "), *a = strstr(m, "m=audio ");
  if (!c || !a) return 0;
  char ip[64], said[32];
  int port;
  if (sscanf(c + 9, "%63[0-9.]", ip) != 1 || sscanf(a + 8, "%d %31s", &port, said) != 2 || !port || strcmp(said, profile)) return 0;
  *o = addr(ip, port);
  return 1;
}
int write_sdp(char *o, int max, const struct sockaddr_in *r, const char *profile, const char *keys) {
  char ip[32];
  ipstr(r, ip);
  return snprintf(
      o, max, "v=0\r\no=lab 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d %s 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n%s",
      ip, ip, ntohs(r->sin_port), profile, keys);
}
