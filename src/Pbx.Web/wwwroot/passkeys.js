// Passkeys: what only the browser can ask of the device. A form with data-passkey carries the options of the ceremony, or the address
// that gives them, and posts the credential that comes of it.
(() => {
  const possible = window.isSecureContext && 'PublicKeyCredential' in window && !/^(\d+\.){3}\d+$|^\[/.test(location.hostname);

  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = buffer => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const withBytes = list => (list ?? []).map(each => ({ ...each, id: bytes(each.id) }));

  async function create(options) {
    const credential = await navigator.credentials.create({ publicKey: {
      ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: withBytes(options.excludeCredentials),
    } });
    return written(credential, {
      attestationObject: text(credential.response.attestationObject), transports: credential.response.getTransports?.() ?? [],
    });
  }

  async function get(options) {
    const credential = await navigator.credentials.get({ publicKey: {
      ...options, challenge: bytes(options.challenge), allowCredentials: withBytes(options.allowCredentials),
    } });
    return written(credential, {
      authenticatorData: text(credential.response.authenticatorData), signature: text(credential.response.signature), userHandle: text(credential.response.userHandle),
    });
  }

  function written(credential, response) {
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(), response: { ...response, clientDataJSON: text(credential.response.clientDataJSON) },
    });
  }

  async function perform(form) {
    const { passkey, options, address } = form.dataset;
    const asked = options ? JSON.parse(options) : await (await fetch(address, { method: 'POST' })).json();
    form.querySelector('input[name$=".Credential"]').value = await (passkey === 'create' ? create(asked) : get(asked));
    form.submit();
  }

  function show() {
    for (const each of document.querySelectorAll('[data-passkey-if]')) each.hidden = (each.dataset.passkeyIf === 'possible') !== possible;
  }

  document.addEventListener('submit', async event => {
    const form = event.target;
    if (!form.dataset.passkey) return;
    event.preventDefault();
    const [button, problem] = [form.querySelector('button'), form.querySelector('[data-passkey-problem]')];
    [button.disabled, problem.hidden] = [true, true];
    try {
      await perform(form);
    } catch {
      problem.hidden = false;
    } finally {
      button.disabled = false;
    }
  });

  show();
  window.addEventListener('load', () => window.Blazor?.addEventListener('enhancedload', show));
})();
