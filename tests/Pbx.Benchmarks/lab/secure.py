"""What takes calls that are encrypted on both legs: a certificate of the load's own, and two trunks over TLS that are on only while the load listens."""
import contextlib
import os
import subprocess


CALLER, FAR_SIDE, FAR_PORT = '127.0.0.22', '127.0.0.32', 15071
BRIDGE = '+33199000103'
FAR_NUMBER = '+33199000198'


def make_certificate(folder):
    """Certificate and key of the load in one PEM file, for both its addresses; gives the path."""
    path = os.path.join(folder, 'load.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=Load',
                    '-addext', f'subjectAltName=IP:{CALLER},IP:{FAR_SIDE}', '-keyout', path, '-out', path + '.crt'], check=True, stderr=subprocess.DEVNULL)
    with open(path + '.crt') as certificate, open(path, 'a') as both:
        both.write(certificate.read())
    return path


def trunk(key, host, port, authorities, enabled, **more):
    """The server checks the certificate: it trusts this authority and no exception is made. Sound is encrypted or the call fails."""
    return dict(key=key, name=key, site='main', host=host, port=port, transport='tls', tlsAuthorities=authorities, security='encryptedOnly', enabled=enabled, **more)


def write_trunks(server, certificate, enabled):
    with open(certificate + '.crt') as file:
        authorities = file.read()
    for each in (trunk('load-tls', CALLER, 15081, authorities, enabled, sourceAddresses=[CALLER + '/32'], numbers=[BRIDGE]),
                 trunk('far-tls', FAR_SIDE, FAR_PORT, authorities, enabled, presentedNumber=BRIDGE)):
        server.put('/api/v1/trunks/' + each['key'], each)


@contextlib.contextmanager
def trunks(server, certificate):
    """While nobody listens they are off, or the server would wait longer and longer before it tries again."""
    write_trunks(server, certificate, True)
    server.put('/api/v1/outboundRules/far-tls', dict(key='far-tls', name='Far side over TLS', pattern=FAR_NUMBER, steps=[dict(trunk='far-tls')]))
    server.put('/api/v1/inboundRules/bridge-tls', dict(key='bridge-tls', name='Bridge over TLS', site='main', called=BRIDGE, open='external:' + FAR_NUMBER))
    try:
        yield
    finally:
        write_trunks(server, certificate, False)
