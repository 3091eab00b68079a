#define _GNU_SOURCE
#include "tls.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "message.h"
struct conn {
  int fd, over, filled;
  SSL *ssl;
  pthread_mutex_t gate; /* an SSL object is read and written by one at a time */
  char buf[65536];
};
static SSL_CTX *client, *server;
static int tcp(const struct sockaddr_in *local) {
  int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s, (void *)local, sizeof *local)) {
    perror("bind");
    exit(2);
  }
  return s;
}
static void patience(int s, int seconds) {
  struct timeval t = {seconds, 0};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
}
static conn_t *begin(int s, SSL_CTX *context) {
  int on = 1;
  setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  patience(s, 5);
  conn_t *c = calloc(1, sizeof *c);
  c->fd = s;
  c->ssl = SSL_new(context);
  pthread_mutex_init(&c->gate, 0);
  SSL_set_fd(c->ssl, s);
  if ((context == client ? SSL_connect : SSL_accept)(c->ssl) != 1) {
    fprintf(stderr, "no TLS: %s\n", ERR_reason_error_string(ERR_peek_error()) ?: strerror(errno));
    SSL_free(c->ssl);
    close(s);
    free(c);
    return 0;
  }
  fcntl(s, F_SETFL, fcntl(s, F_GETFL) | O_NONBLOCK);
  return c;
}
void tls_init(const char *pem) {
  signal(SIGPIPE, SIG_IGN);
  client = SSL_CTX_new(TLS_client_method());
  server = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_min_proto_version(client, TLS1_2_VERSION);
  SSL_CTX_set_min_proto_version(server, TLS1_2_VERSION);
  SSL_CTX_set_mode(client, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_mode(server, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_use_certificate_file(server, pem, SSL_FILETYPE_PEM) != 1 || SSL_CTX_use_PrivateKey_file(server, pem, SSL_FILETYPE_PEM) != 1) {
    fprintf(stderr, "no certificate and key in %s\n", pem);
    exit(2);
  }
}
int tls_listen(const struct sockaddr_in *local) {
  int s = tcp(local);
  listen(s, 16);
  return s;
}
conn_t *tls_connect(const struct sockaddr_in *local, const struct sockaddr_in *remote) {
  struct sockaddr_in from = *local;
  from.sin_port = 0;
  int s = tcp(&from);
  if (connect(s, (void *)remote, sizeof *remote)) {
    perror("connect");
    close(s);
    return 0;
  }
  return begin(s, client);
}
conn_t *tls_accept(int listener) {
  int s = accept(listener, 0, 0);
  return s < 0 ? 0 : begin(s, server);
}
int tls_fd(const conn_t *c) { return c->fd; }
/* Whether it is worth another try once the socket is ready for what the connection waits for. */
static int waits(conn_t *c, int result) {
  int e = SSL_get_error(c->ssl, result);
  if (e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE) return 0;
  struct pollfd p = {c->fd, e == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, 0};
  return poll(&p, 1, 5000) > 0;
}
void tls_send(conn_t *c, const char *m, int n) {
  pthread_mutex_lock(&c->gate);
  while (n > 0 && !c->over) {
    ERR_clear_error();
    int r = SSL_write(c->ssl, m, n);
    if (r > 0) {
      m += r;
      n -= r;
    } else if (!waits(c, r))
      c->over = 1;
  }
  pthread_mutex_unlock(&c->gate);
}
static int fill(conn_t *c) {
  pthread_mutex_lock(&c->gate);
  ERR_clear_error();
  int r = c->over ? 0 : SSL_read(c->ssl, c->buf + c->filled, sizeof c->buf - 1 - c->filled);
  int e = r > 0 ? 0 : c->over ? SSL_ERROR_ZERO_RETURN : SSL_get_error(c->ssl, r);
  if (e && e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE) c->over = 1;
  pthread_mutex_unlock(&c->gate);
  if (r > 0) c->filled += r;
  c->buf[c->filled] = 0;
  return r > 0;
}
/* Bytes of the whole message that the buffer begins with, or 0. */
static int framed(const char *m, int filled) {
  const char *end = strstr(m, "\r\n\r\n");
  if (!end) return 0;
  char length[16];
  hdr(m, "Content-Length", length, sizeof length);
  int n = end + 4 - m + atoi(length);
  return n <= filled ? n : 0;
}
int tls_next(conn_t *c, char *o, int max) {
  for (;;) {
    int blank = strspn(c->buf, "\r\n"), n = framed(c->buf + blank, c->filled - blank);
    if (n && n < max) {
      memcpy(o, c->buf + blank, n);
      o[n] = 0;
      c->filled -= blank + n;
      memmove(c->buf, c->buf + blank + n, c->filled + 1);
      return n;
    }
    if (!fill(c)) return c->over ? -1 : 0;
  }
}
