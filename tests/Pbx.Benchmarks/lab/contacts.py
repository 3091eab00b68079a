"""What a registration costs, and what a contact takes, when as many are held as the largest company has."""

# As many as an extension may have (the setting maxContacts, as delivered).
MOST = 10
FEW = 100
# What differs by less is the machine.
FLAT = 1.15


def measure_contacts(load, server, users_file, extensions, wanted, held_memory):
    """
    Registrations with few contacts, then with up to `wanted` of them; KiB of each that came between. Both times an extension has equally many, because every answer names all
    of them, so that what differs is the table alone. The registrar is empty before.
    """
    address, each = f'127.0.0.1:{server.sip_port}', min(MOST, -(-wanted // extensions))

    def register(label, users, rate, count=None):
        return load.registrations(label, server.pid, address, users, rate, count)

    few, all_of_them = users_file('few-contacts', 0, FEW, each), users_file('all-contacts', 0, extensions, each)
    register('contacts-warm', few, 500, 500 * min(20, 2 * load.seconds))
    small = register('contacts-few', few, 1000)
    before, held_before = held_memory(), server.counters()['registrations']
    fill(server, extensions * each, lambda rate: register(f'contacts-fill-{rate}', all_of_them, rate, extensions * each))
    after, held = held_memory(), server.counters()['registrations']
    large = register('contacts-all', all_of_them, 1000)
    return dict(each=each, few=held_before, us_few=small['us'], held=held, us=large['us'], kib=(after - before) / (held - held_before),
                asked=small['calls'] + large['calls'], failed=small['failed'] + large['failed'])


def fill(server, wanted, register):
    """Once is enough on a quiet machine; what it did not manage the second time makes up for, slower."""
    for rate in (2000, 1000):
        register(rate)
        held = server.counters()['registrations']
        if held >= 0.999 * wanted:
            return
    raise RuntimeError(f'of {wanted:,} contacts only {held:,} came to be held: the machine is too busy')


def is_flat(result):
    """Of registrations that fail the cost says nothing."""
    return result['us'] <= FLAT * result['us_few'] and result['failed'] <= 0.001 * result['asked']


def words(result):
    return (f'{result["us"]:.0f} with {result["held"]:,} contacts, {result["each"]} of each extension ({result["us_few"]:.0f} with {result["few"]:,} of that kind; '
            f'failed {result["failed"]})')
