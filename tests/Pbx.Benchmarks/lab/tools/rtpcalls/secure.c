#include "secure.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "srtp.h"
#define SUITE "AES_CM_128_HMAC_SHA1_80"
struct secure {
  int tag;
  char own[41]; /* in base64 */
  srtp_way_t *out, *in;
};
secure_t *secure_new(void) {
  secure_t *s = calloc(1, sizeof *s);
  unsigned char material[SRTP_MATERIAL];
  RAND_bytes(material, sizeof material);
  EVP_EncodeBlock((unsigned char *)s->own, material, sizeof material);
  s->tag = 1;
  s->out = srtp_way_new(material);
  return s;
}
int secure_write(const secure_t *s, char *o, int max) { return snprintf(o, max, "a=crypto:%d " SUITE " inline:%s\r\n", s->tag, s->own); }
int secure_read(secure_t *s, const char *m) {
  for (const char *p = m; (p = strstr(p, "a=crypto:")); p++) {
    char key[41];
    int tag;
    unsigned char material[SRTP_MATERIAL];
    if (sscanf(p, "a=crypto:%d " SUITE " inline:%40[A-Za-z0-9+/]", &tag, key) != 2 || strlen(key) != 40 ||
        EVP_DecodeBlock(material, (unsigned char *)key, 40) != SRTP_MATERIAL)
      continue;
    s->tag = tag;
    s->in = srtp_way_new(material);
    return 1;
  }
  return 0;
}
int secure_protect(secure_t *s, void *packet, int length) { return srtp_way_protect(s->out, packet, length); }
int secure_unprotect(secure_t *s, void *packet, int length) { return srtp_way_unprotect(s->in, packet, length); }
