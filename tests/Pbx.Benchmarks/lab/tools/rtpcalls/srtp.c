#define OPENSSL_SUPPRESS_DEPRECATED /* SHA1_* is what it takes to keep a key's state without an allocation for each packet */
#include "srtp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
struct srtp_way {
  EVP_CIPHER_CTX *aes;
  SHA_CTX inner, outer; /* HMAC's, after the key */
  uint8_t salt[16];
  int begun;
  uint64_t highest; /* index of the newest packet: roll-over counter and sequence number */
  uint64_t seen;    /* bit n: the one n before it has come (§3.3.2) */
};
/* §4.3.1: bytes of the key stream under the master key, from where salt and label say. */
static void derive(EVP_CIPHER_CTX *aes, const uint8_t *salt, uint8_t label, uint8_t *o, int n) {
  uint8_t iv[16] = {0}, none[32] = {0};
  int done;
  memcpy(iv, salt, 14);
  iv[7] ^= label;
  EVP_EncryptInit_ex(aes, 0, 0, 0, iv);
  EVP_EncryptUpdate(aes, o, &done, none, n);
}
static void hash_key(SHA_CTX *c, const uint8_t *key, uint8_t with) {
  uint8_t block[64];
  for (int i = 0; i < 64; i++) block[i] = (i < 20 ? key[i] : 0) ^ with;
  SHA1_Init(c);
  SHA1_Update(c, block, sizeof block);
}
srtp_way_t *srtp_way_new(const unsigned char *material) {
  srtp_way_t *w = calloc(1, sizeof *w);
  uint8_t key[16], hmac[20];
  w->aes = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(w->aes, EVP_aes_128_ctr(), 0, material, 0);
  derive(w->aes, material + 16, 0, key, sizeof key);
  derive(w->aes, material + 16, 1, hmac, sizeof hmac);
  derive(w->aes, material + 16, 2, w->salt, 14);
  EVP_EncryptInit_ex(w->aes, EVP_aes_128_ctr(), 0, key, 0);
  hash_key(&w->inner, hmac, 0x36);
  hash_key(&w->outer, hmac, 0x5c);
  return w;
}
static void tag(const srtp_way_t *w, const uint8_t *p, int n, uint64_t index, uint8_t *o) {
  uint8_t roc[4] = {index >> 40, index >> 32, index >> 24, index >> 16}, digest[20];
  SHA_CTX c = w->inner;
  SHA1_Update(&c, p, n);
  SHA1_Update(&c, roc, sizeof roc);
  SHA1_Final(digest, &c);
  c = w->outer;
  SHA1_Update(&c, digest, sizeof digest);
  SHA1_Final(digest, &c);
  memcpy(o, digest, SRTP_TAG);
}
/* §4.1.1; the same for both directions. */
static void encrypt(srtp_way_t *w, uint8_t *p, int header, int n, uint64_t index) {
  uint8_t iv[16];
  int done;
  memcpy(iv, w->salt, sizeof iv);
  for (int i = 0; i < 4; i++) iv[4 + i] ^= p[8 + i];
  for (int i = 0; i < 6; i++) iv[8 + i] ^= index >> (40 - 8 * i);
  EVP_EncryptInit_ex(w->aes, 0, 0, 0, iv);
  EVP_EncryptUpdate(w->aes, p + header, &done, p + header, n - header);
}
/* Bytes before the payload; more than there are when it is broken. */
static int header_of(const uint8_t *p, int n) {
  int header = 12 + 4 * (p[0] & 15);
  if (!(p[0] & 0x10)) return header;
  return header + 4 > n ? n + 1 : header + 4 + 4 * (p[header + 2] << 8 | p[header + 3]);
}
/* §3.3.1: the index nearest to the newest one that has this sequence number. */
static uint64_t index_of(const srtp_way_t *w, const uint8_t *p) {
  uint16_t seq = p[2] << 8 | p[3];
  if (!w->begun) return seq;
  int64_t index = (int64_t)w->highest + (int16_t)(seq - (uint16_t)w->highest);
  return index < 0 ? index + 0x10000 : index;
}
static int came_before(const srtp_way_t *w, uint64_t index) {
  if (!w->begun || index > w->highest) return 0;
  return w->highest - index > 63 || w->seen >> (w->highest - index) & 1;
}
static void note(srtp_way_t *w, uint64_t index) {
  if (!w->begun || index > w->highest) {
    uint64_t by = index - w->highest;
    w->seen = (w->begun && by < 64 ? w->seen << by : 0) | 1;
    w->highest = index;
    w->begun = 1;
  } else
    w->seen |= 1ull << (w->highest - index);
}
int srtp_way_protect(srtp_way_t *w, unsigned char *p, int n) {
  int header = n < 12 ? n + 1 : header_of(p, n);
  if (header > n) return -1;
  uint64_t index = index_of(w, p);
  encrypt(w, p, header, n, index);
  tag(w, p, n, index, p + n);
  note(w, index);
  return n + SRTP_TAG;
}
int srtp_way_unprotect(srtp_way_t *w, unsigned char *p, int n) {
  uint8_t expected[SRTP_TAG];
  n -= SRTP_TAG;
  int header = n < 12 ? n + 1 : header_of(p, n);
  if (header > n) return -1;
  uint64_t index = index_of(w, p);
  if (came_before(w, index)) return -1;
  tag(w, p, n, index, expected);
  if (CRYPTO_memcmp(expected, p + n, SRTP_TAG)) return -1;
  encrypt(w, p, header, n, index);
  note(w, index);
  return n;
}
