(() => {
  'use strict';
  const lost = document.getElementById('lost');
  const asOf = document.getElementById('as-of');
  const connection = document.getElementById('connection');
  const build = document.getElementById('live').dataset.build;
  const STALE_AFTER_MILLIS = 10000;
  const COPIED_MILLIS = 2000;
  let buttons = 0;
  let source;
  let watch;

  // Updates a node in place, so that focus, selection and opened details stay.
  function morph(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.nodeValue = fresh.nodeValue;
      return;
    }
    if (old.classList.contains('cmd')) {
      morph(old.firstElementChild, fresh.firstElementChild); // keeps the button
      return;
    }
    for (const {name, value} of [...fresh.attributes])
      if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const {name} of [...old.attributes])
      if (name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name);
    children(old, fresh);
  }

  function children(old, fresh) {
    const wanted = new Set([...fresh.children].map(child => child.id));
    for (const child of [...old.children]) if (child.id && !wanted.has(child.id)) child.remove();
    const kept = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
    let at = old.firstChild;
    for (const want of [...fresh.childNodes]) {
      const like = at && !at.id && at.nodeName === want.nodeName ? at : undefined;
      const have = want.id ? kept.get(want.id) : like;
      if (!have) {
        old.insertBefore(want, at);
        continue;
      }
      if (have === at) at = at.nextSibling;
      else old.insertBefore(have, at);
      morph(have, want);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  function onSection(event) {
    const parsed = document.createElement('template');
    parsed.innerHTML = event.data;
    const fresh = parsed.content.firstElementChild;
    const focused = document.activeElement;
    morph(document.getElementById(fresh.id), fresh);
    if (fresh.id === 'verdict') {
      document.title = fresh.dataset.title;
      document.getElementById('icon').href = fresh.dataset.icon;
    }
    addCopyButtons();
    if (focused !== document.activeElement && focused.isConnected) focused.focus({preventScroll: true});
  }

  // The verdict gives way to how to find out more; the rest is marked as the last known state.
  function connectionLost() {
    if (!document.body.classList.contains('stale')) {
      document.body.classList.add('stale');
      connection.textContent = 'Not live. Last data';
      document.getElementById('verdict').replaceWith(lost.content.cloneNode(true));
      document.getElementById('last').textContent = asOf.textContent;
      for (const icon of document.querySelectorAll('.cols use')) icon.setAttribute('href', '#unk');
      for (const word of document.querySelectorAll('.cols .i + .vh')) word.textContent = 'unknown: ';
      document.title = '? Connection lost · ' + document.title.split(' · ').slice(1).join(' · ');
      addCopyButtons();
    }
    clearTimeout(watch);
    watch = setTimeout(retry, STALE_AFTER_MILLIS);
  }

  function retry() {
    connectionLost();
    source.close(); // perhaps half open; a new stream sends every section
    open();
  }

  function onClock(event) {
    asOf.textContent = event.data;
    connection.textContent = 'Live, updated';
    document.body.classList.remove('stale');
    clearTimeout(watch);
    watch = setTimeout(retry, STALE_AFTER_MILLIS);
  }

  // Beside each command; without a clipboard the command is selected.
  function addCopyButtons() {
    for (const command of document.querySelectorAll('.cmd:not(:has(button))')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.id = 'copy-' + ++buttons;
      button.textContent = 'Copy';
      button.setAttribute('aria-label', 'Copy command');
      button.onclick = async () => {
        const code = command.querySelector('code');
        try {
          await navigator.clipboard.writeText(code.textContent);
          button.textContent = 'Copied';
        } catch (error) {
          getSelection().selectAllChildren(code);
          button.textContent = 'Selected';
        }
        setTimeout(() => { button.textContent = 'Copy'; }, COPIED_MILLIS);
      };
      command.append(button);
    }
  }

  function open() {
    source = new EventSource('api/v1/live');
    source.addEventListener('build', event => event.data === build || location.reload());
    source.addEventListener('section', onSection);
    source.addEventListener('clock', onClock);
    source.addEventListener('error', connectionLost);
  }

  watch = setTimeout(retry, STALE_AFTER_MILLIS);
  addCopyButtons();
  open();
})();
