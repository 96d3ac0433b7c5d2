/* The wallboard: takes the hub's snapshots as they come, shows them, and says when
   they are old. Its words are in the page. */
"use strict";
(function () {
  const board = document.querySelector(".board");
  const words = board.dataset, language = document.documentElement.lang;
  const chosen = words.queue;
  const find = (name) => board.querySelector('[data-n="' + name + '"]');
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const count = new Intl.NumberFormat(language);
  const silentAfter = 12000; // the hub says something every 5 s

  let snapshot = null, heard = 0; // the last one, and when it came

  const fill = (words, parts) => words.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  const two = (n) => String(n).padStart(2, "0");

  function clock(date) { return two(date.getHours()) + ":" + two(date.getMinutes()) + ":" + two(date.getSeconds()); }

  function span(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    return s >= 3600 ? Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60) : Math.floor(s / 60) + ":" + two(s % 60);
  }

  function say(element, text) { if (element && element.textContent !== text) element.textContent = text; }

  /* How long the first call waits now: the hub's clock and ours need not agree. */
  function waits(numbers) {
    if (!numbers.waiting) return null;
    return (Date.parse(snapshot.time) - Date.parse(numbers.waiting_since) + performance.now() - heard) / 1000;
  }

  /* One of calm, waits, soon, late, nobody, by the queue's alert time. */
  function state(queue) {
    const wait = waits(queue), alert = queue.alert_after_seconds;
    if (wait === null) return "calm";
    if (alert && wait >= alert) return "late";
    if (!queue.ready) return "nobody";
    return alert && wait >= alert / 2 ? "soon" : "waits";
  }

  const worst = ["calm", "waits", "soon", "nobody", "late"];

  function show(into, name, numbers) {
    const cell = into.querySelector('[data-n="' + name + '"]');
    if (!cell) return;
    const wait = waits(numbers), level = numbers.service_level;
    switch (name) {
      case "wait":
        say(cell, wait === null ? "–" : span(wait));
        cell.classList.toggle("long", wait >= 3600);
        break;
      case "level": say(cell, level ? percent.format(level.percent / 100) : "–"); break;
      default: say(cell, count.format(numbers[name]));
    }
  }

  const names = ["waiting", "wait", "ready", "busy", "paused", "answered", "missed", "level"];

  function mark(element, is) {
    element.dataset.state = is;
    say(element.querySelector(".word"), words["word" + is[0].toUpperCase() + is.slice(1)]);
  }

  function showTotal(numbers, is) {
    names.forEach((name) => show(board.querySelector(".tiles"), name, numbers));
    board.querySelectorAll(".tiles [data-marked]").forEach((tile) => mark(tile, is));
    note("wrap_up", numbers.wrap_up);
    note("abandoned", numbers.abandoned);
    const level = numbers.service_level;
    say(find("level_of"), level ? fill(words.levelOf, { n: count.format(level.answered_in_time), of: count.format(level.of) }) : "");
  }

  function note(name, n) {
    const line = find(name);
    say(line, n ? fill(line.dataset.words, { n: count.format(n) }) : "");
  }

  function showQueues(queues) {
    const body = board.querySelector(".queues tbody");
    if (!body) return;
    const row = document.getElementById("queue-row");
    while (body.rows.length > queues.length) body.lastElementChild.remove();
    while (body.rows.length < queues.length) body.append(row.content.cloneNode(true));
    queues.forEach((queue, i) => {
      const tr = body.rows[i];
      say(tr.querySelector(".queue"), queue.name);
      names.forEach((name) => show(tr, name, queue));
      mark(tr, state(queue));
    });
    fit(queues.length > 16 ? 2 : queues.length > 6 ? 1 : 0);
  }

  /* The letters of the table are as large as there is room for its columns. */
  const sizes = ["few", "some", "many"];
  function fit(least) {
    const card = board.querySelector(".queues"), room = card.querySelector(".scroll");
    for (let i = least; i < sizes.length; i++) {
      card.dataset.size = sizes[i];
      if (room.scrollWidth <= room.clientWidth) return;
    }
  }

  function render() {
    if (!snapshot) return;
    const queues = snapshot.queues.filter((q) => !chosen || q.name === chosen);
    board.classList.toggle("gone", !queues.length);
    const numbers = chosen ? queues[0] : snapshot.total;
    if (!numbers) return;
    const states = queues.map(state);
    showTotal(numbers, worst[Math.max(0, ...states.map((s) => worst.indexOf(s)))]);
    showQueues(queues);
    announce(numbers);
  }

  /* What a screen reader hears: when another number of calls waits, and not more
     often than it can say it. */
  let told = null, toldAt = -Infinity;
  function announce(numbers) {
    const now = performance.now();
    if (told === numbers.waiting || now - toldAt < 8000) return;
    told = numbers.waiting;
    toldAt = now;
    say(document.getElementById("heard"), fill(words.heard, { waiting: count.format(numbers.waiting), ready: count.format(numbers.ready) }));
  }

  /* Charts: the tables in their figures are filled, and drawn from there. */
  function table(figure, rows) {
    const body = figure.querySelector("tbody");
    body.replaceChildren(...rows.map(([label, ...numbers]) => {
      const tr = document.createElement("tr"), th = document.createElement("th");
      th.scope = "row";
      th.textContent = label;
      tr.append(th, ...numbers.map((n) => {
        const td = document.createElement("td");
        td.dataset.n = n;
        td.textContent = count.format(n);
        td.className = "number";
        return td;
      }));
      return tr;
    }));
    window.drawChart(figure);
  }

  function upTo(seconds) { return seconds < 60 ? fill(words.seconds, { n: seconds }) : fill(words.minutes, { n: seconds / 60 }); }

  function showCharts(charts) {
    const of = chosen ? charts.queues.find((q) => q.name === chosen) : charts.total;
    if (!of) return;
    table(document.getElementById("quarters"), of.quarters.map((q) => {
      const at = new Date(q.at);
      return [two(at.getHours()) + ":" + two(at.getMinutes()), q.answered, q.missed, q.left, q.waiting];
    }));
    table(document.getElementById("waits"), of.waits.map((n, i) => {
      const end = charts.steps[i];
      return [end ? "≤ " + upTo(end) : "> " + upTo(charts.steps[i - 1]), n];
    }));
  }

  /* The stamp: live, or since when the numbers have not changed. */
  let at = null;
  function stamp() {
    const stale = !heard || performance.now() - heard > silentAfter || !source || source.readyState !== EventSource.OPEN;
    const word = stale ? (at ? fill(words.stale, { at: clock(at) }) : words.connecting) : words.live;
    board.dataset.fresh = stale ? "no" : "yes";
    const line = document.getElementById("stamp");
    say(line.querySelector(".word"), word);
    say(document.getElementById("clock"), clock(new Date()));
  }

  /* The connection comes back by itself, each time after a while that grows. */
  let source = null, wait = 500;
  function connect() {
    source = new EventSource(words.liveAt);
    source.addEventListener("board", (e) => {
      snapshot = JSON.parse(e.data);
      heard = performance.now();
      at = new Date();
      wait = 500;
      render();
      stamp();
    });
    source.addEventListener("charts", (e) => showCharts(JSON.parse(e.data)));
    source.addEventListener("version", (e) => { if (e.data !== words.version) location.reload(); });
    source.addEventListener("error", () => {
      source.close();
      stamp();
      setTimeout(again, wait * (0.5 + Math.random() / 2));
      wait = Math.min(wait * 2, 10000);
    });
  }

  /* Whoever is not signed in any more is led to where one signs in. */
  async function again() {
    try {
      const got = await fetch(location.href, { method: "HEAD", redirect: "manual", cache: "no-store" });
      if (got.type === "opaqueredirect" || got.status === 403) return location.reload();
    } catch { /* the hub is away: it is tried again */ }
    connect();
  }

  const choice = board.querySelector(".choose");
  choice.querySelectorAll("select").forEach((s) => s.addEventListener("change", () => choice.requestSubmit()));
  choice.querySelector("button").hidden = true;

  setInterval(() => { render(); stamp(); }, 1000);
  document.addEventListener("visibilitychange", () => { render(); stamp(); });
  stamp();
  connect();
})();
