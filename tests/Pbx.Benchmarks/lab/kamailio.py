"""Kamailio as the registrar to compare with: digest with signed nonces, contacts in memory only, stateless replies, one worker."""
import os
import subprocess

CONFIGURATION = '''#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=1
listen=udp:{address}:{port}
disable_tcp=yes
auto_aliases=no
dns=no
rev_dns=no
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "htable.so"
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "hash_size", 14)
modparam("registrar", "max_contacts", 1)
modparam("registrar", "default_expires", 3600)
modparam("auth", "nonce_expire", 300)
modparam("auth", "qop", "auth")
modparam("htable", "htable", "cred=>size=14;")

event_route[htable:mod-init] {{
{passwords}
}}

request_route {{
  if (is_method("REGISTER")) {{
    if (!pv_auth_check("lab", "$sht(cred=>$au)", "0", "0")) {{
      auth_challenge("lab", "1");
      exit;
    }}
    save("location");
    exit;
  }}
  if (is_method("OPTIONS")) {{ sl_send_reply("200", "OK"); exit; }}
  if (is_method("ACK")) exit;
  sl_send_reply("404", "Not here");
}}
'''


def start(folder, users, address, port, core):
    """Starts it in the foreground on one core; `users` is a list of (name, password), at most 2,000 or the script outgrows its parser."""
    path = os.path.join(folder, 'kamailio.cfg')
    with open(path, 'w') as file:
        file.write(CONFIGURATION.format(address=address, port=port,
                                        passwords='\n'.join(f'  $sht(cred=>{name}) = "{password}";' for name, password in users)))
    log = open(os.path.join(folder, 'kamailio.log'), 'w')
    return subprocess.Popen(['taskset', '-c', str(core), 'kamailio', '-f', path, '-DD', '-E', '-m', '512', '-M', '8', '-Y', folder],
                            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
