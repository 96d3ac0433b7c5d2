// What the pages of administration do beside HTML. All of them work without it.
"use strict";

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => { // also of a page that comes back with the browser's button
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Times are in UTC; here they become the reader's.
const spoken = document.documentElement.lang;
const tongue = navigator.languages.find((one) => one.split("-")[0] === spoken) ?? spoken;
function localTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (isNaN(at)) continue;
    time.title = time.textContent;
    time.textContent = at.toLocaleString(tongue, { dateStyle: "medium", timeStyle: "short" });
  }
}
localTimes(document);

// What is wrong is where a reader begins.
document.querySelector(".summary")?.focus();

async function copy(of) {
  const text = of.value ?? of.textContent;
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { /* the browser does not let us: the old way */ }
  }
  if (of.select) {
    of.select();
  } else {
    getSelection().selectAllChildren(of);
  }
  return document.execCommand("copy");
}

function copyButtons(within) {
  for (const button of within.querySelectorAll("button[data-copy]")) {
    const words = button.textContent;
    const heard = document.createElement("span");
    heard.className = "unseen";
    heard.setAttribute("role", "status");
    button.after(heard);
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(document.getElementById(button.dataset.copy));
      heard.textContent = button.textContent = done ? button.dataset.copied : button.dataset.failed;
      setTimeout(() => { button.textContent = words; heard.textContent = ""; }, 4000);
    });
  }
}
copyButtons(document);

// The browser knows the time zones.
const zones = document.getElementById("zones");
if (zones && Intl.supportedValuesOf) {
  for (const zone of Intl.supportedValuesOf("timeZone")) zones.append(new Option("", zone));
}

// Lists whose entries have parts: one more row, and rows in another order.
for (const rows of document.querySelectorAll("fieldset.rows")) {
  const another = rows.querySelector("[data-another]");
  another.hidden = false;
  another.addEventListener("click", () => {
    const all = rows.querySelectorAll(".row"), last = all[all.length - 1], fresh = last.cloneNode(true);
    for (const place of fresh.querySelectorAll("input, select")) {
      const label = fresh.querySelector(`label[for="${place.id}"]`);
      label.htmlFor = place.id = place.id.replace(/-[0-9]+-/, `-${all.length + 1}-`);
      label.querySelector(".unseen").textContent = ` ${all.length + 1}`;
      if (place.tagName === "SELECT") place.selectedIndex = 0;
      else place.value = "";
    }
    last.after(fresh);
    fresh.querySelector("input, select").focus();
  });
  for (const up of rows.querySelectorAll("[data-up]")) up.hidden = false;
  rows.addEventListener("click", (event) => {
    const up = event.target.closest("[data-up]"), row = up?.closest(".row"), before = row?.previousElementSibling;
    if (!before?.classList.contains("row")) return;
    // The places stay, what is in them changes: so their labels stay right.
    const here = row.querySelectorAll("input, select"), there = before.querySelectorAll("input, select");
    here.forEach((place, i) => { [place.value, there[i].value] = [there[i].value, place.value]; });
    before.querySelector("[data-up]").focus();
  });
}

// A mapping is tried while it is typed: the page that the preview would lead to
// is asked for, and what it found is shown here.
for (const form of document.querySelectorAll("form[data-preview]")) {
  const where = form.dataset.preview;
  let late, latest = 0;
  form.addEventListener("input", () => {
    clearTimeout(late);
    late = setTimeout(async () => {
      const mine = ++latest;
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        if (!answer.ok) return;
        const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(where);
        if (mine === latest && found) document.querySelector(where).replaceWith(document.importNode(found, true));
      } catch { /* the hub is away: the button says so */ }
    }, 400);
  });
}

// What goes on in the hub is looked at until it has ended. Only pieces that have
// changed are replaced, so that nobody loses the place or a selection.
const run = document.querySelector("#run[data-running]");
if (run) {
  const pieces = new Map();
  const look = async () => {
    try {
      const answer = await fetch(location.pathname);
      if (answer.redirected) return location.reload(); // signed out meanwhile
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("#run");
      if (!answer.ok || !fresh) throw new Error("no page");
      for (const piece of page.querySelectorAll("[data-piece]")) {
        const name = piece.dataset.piece, source = piece.outerHTML;
        if (pieces.get(name) === source) continue;
        pieces.set(name, source);
        const mine = document.importNode(piece, true);
        document.querySelector(`[data-piece="${name}"]`)?.replaceWith(mine);
        localTimes(mine);
        copyButtons(mine);
      }
      const heard = document.getElementById("heard");
      if (heard.textContent !== fresh.dataset.heard) heard.textContent = fresh.dataset.heard;
      if (!fresh.dataset.running) return delete run.dataset.running;
    } catch { /* the hub is away: it is asked again */ }
    setTimeout(look, 1000);
  };
  setTimeout(look, 300);
}
