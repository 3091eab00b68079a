/* Connections that carry SIP over TLS. Anybody may send on one; one thread reads. */
#pragma once
#include "common.h"
typedef struct conn conn_t;
/* `pem`: certificate and key that we show where we listen. The server's own certificate is not looked at: what it costs is the server's. */
void tls_init(const char *pem);
int tls_listen(const struct sockaddr_in *local);
/* Both give null, with words on stderr, when there is no connection. */
conn_t *tls_connect(const struct sockaddr_in *local, const struct sockaddr_in *remote);
conn_t *tls_accept(int listener);
int tls_fd(const conn_t *c);
void tls_send(conn_t *c, const char *m, int n);
/* The next whole message as a text in `o`; 0: none yet; -1: the connection is over. */
int tls_next(conn_t *c, char *o, int max);
