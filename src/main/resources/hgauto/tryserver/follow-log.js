(async () => {
  const log = document.querySelector('pre[data-follow]');
  const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  const most = 200000;
  const begun = Date.now();
  let size = 0;
  try {
    const answer = await fetch(log.dataset.follow);
    if (!answer.ok) throw new Error(answer.statusText);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    log.textContent = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
      const text = value.replace(/\r\n/g, '\n').replace(hidden, '\ufffd').slice(-most);
      log.append(text);
      for (size += text.length; size > most && log.childNodes.length > 1;) {
        size -= log.firstChild.length;
        log.firstChild.remove();
      }
      if (atEnd) log.scrollTop = log.scrollHeight;
    }
    // A run that waits has no log to follow yet: then not more often than every three seconds.
    setTimeout(() => location.reload(), Math.max(200, 3000 - (Date.now() - begun)));
  } catch (lost) {
    document.getElementById('live').prepend('The connection to the server was lost. ');
  }
})();
