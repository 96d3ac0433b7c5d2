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
for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (isNaN(at)) continue;
  time.title = time.textContent;
  time.textContent = at.toLocaleString(tongue, { dateStyle: "medium", timeStyle: "short" });
}

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

for (const button of document.querySelectorAll("button[data-copy]")) {
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

// The browser knows the time zones.
const zones = document.getElementById("zones");
if (zones && Intl.supportedValuesOf) {
  for (const zone of Intl.supportedValuesOf("timeZone")) zones.append(new Option("", zone));
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
