// The few things that only the browser can do for the console.
window.pbx = {
  ready() { document.body.dataset.ready = 'true'; },
  prefersDark() { return window.matchMedia('(prefers-color-scheme: dark)').matches; },
  setTheme(theme) {
    document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
    document.documentElement.dataset.theme = theme;
  },
  async upload(input, url) {
    if (!input.files.length) return { ok: false, errors: [] };
    try {
      const answer = await fetch(url, { method: 'PUT', body: input.files[0], headers: { 'Content-Type': 'application/octet-stream' } });
      if (answer.ok) return { ok: true, errors: [] };
      const errors = answer.headers.get('content-type')?.includes('json') ? await answer.json() : [];
      return { ok: false, errors: [].concat(errors).map(e => ({ code: e.code ?? '', message: e.message ?? String(answer.status), arguments: e.arguments ?? [] })) };
    } catch (error) {
      return { ok: false, errors: [{ code: '', message: String(error), arguments: [] }] };
    } finally {
      input.value = '';
    }
  },
  async copy(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
  },
  download(name, text, type) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  },
  readText(input) {
    return input.files.length ? input.files[0].text() : null;
  }
};
