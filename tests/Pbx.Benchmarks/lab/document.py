"""The company that is measured: many extensions, a prompt, and a bridge to a fixed far side, as one configuration document."""
import base64
import io
import math
import random
import struct
import wave

PROMPT = '+33199000100'
BRIDGE = '+33199000101'
MARKER = '+33199000102'
FAR_SIDE = '+33199000199'
FIRST_NUMBER = 50000
PROMPT_SECONDS = 240


def number_of(index):
    return str(FIRST_NUMBER + index)


def user_of(index):
    return f'e{index:05d}'


def password_of(index):
    return f'pw{index:05d}'


def sound():
    """A prompt as long as any run, so that nobody hears its end: chords that change, as base64 of a WAV file."""
    rate = 8000
    second = [b''.join(struct.pack('<h', int(5000 * math.sin(2 * math.pi * tone * i / rate) + 3000 * math.sin(3 * math.pi * tone * i / rate)))
                       for i in range(rate)) for tone in (220, 262, 330, 392)]
    file = io.BytesIO()
    with wave.open(file, 'wb') as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        for i in range(PROMPT_SECONDS):
            wav.writeframes(second[i % len(second)])
    return base64.b64encode(file.getvalue()).decode()


def marker(destination):
    """The inbound rule by which a change of the configuration is seen from outside."""
    return dict(key='marker', name='Marker', site='main', called=MARKER, open=destination)


def make(extensions, caller, far_side, far_port):
    """The document. Calls from the address `caller` are a provider's, so they need no authentication; `far_side` is where a bridge leads."""
    clear = dict(security='clearAllowed')
    return dict(
        settings=dict(companyName='Load', drainSeconds=0, neverBanned=['127.0.0.0/8'], **clear),
        sites=[dict(key='main', name='Main')],
        prompts=[dict(key='long', name='Long', sound=sound())],
        announcements=[dict(key='long', name='Long', site='main', prompt='long', next='hangup:normal')],
        extensions=[dict(key=user_of(i), name=f'Extension {i}', number=number_of(i), site='main', **clear,
                         devices=[dict(key='phone', userName=user_of(i), password=password_of(i))]) for i in range(extensions)],
        trunks=[dict(key='load', name='Load', site='main', host=caller, port=15081, sourceAddresses=[caller + '/32'], numbers=[PROMPT, BRIDGE, MARKER],
                     qualifySeconds=0, **clear),
                dict(key='far', name='Far side', site='main', host=far_side, port=far_port, qualifySeconds=0, presentedNumber=BRIDGE, **clear)],
        inboundRules=[dict(key='prompt', name='Prompt', site='main', called=PROMPT, open='announcement:long'),
                      dict(key='bridge', name='Bridge', site='main', called=BRIDGE, open='external:' + FAR_SIDE), marker('hangup:busy')],
        outboundRules=[dict(key='far', name='Far side', pattern=FAR_SIDE, steps=[dict(trunk='far')])])


def write_users(path, first, count, contacts=1):
    """The users of a sipp registration load: number, credentials as sipp takes them, and what the contact is called. Several contacts of each come in no order, as phones do."""
    lines = [(i, nth) for i in range(first, first + count) for nth in range(contacts)]
    if contacts > 1:
        random.Random(1).shuffle(lines)
    with open(path, 'w') as file:
        file.write('SEQUENTIAL\n')
        for i, nth in lines:
            contact = number_of(i) + (f'-{nth}' if nth else '')
            file.write(f'{number_of(i)};[authentication username={user_of(i)} password={password_of(i)}];{contact}\n')
