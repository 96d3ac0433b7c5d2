/* The page on which a customer waits: asks how it stands, says it, and goes to the
   session when an agent is there. Its words come from the hub. */
"use strict";
(function () {
  const page = document.querySelector(".waiting"), words = document.getElementById("words");
  const every = 2000, atMost = 15000, patience = 10000;
  let pause = every, writes = false;

  page.addEventListener("input", () => { writes = true; });

  // anew has the hub draw the page as it is now, but who writes a note loses no word
  // of it.
  function anew(says) {
    if (!writes) { location.reload(); return true; }
    if (says) words.textContent = says;
    return false;
  }

  function take(now) {
    pause = every;
    // In the place of this page: who goes back is on the website, and not led on again.
    if (now.state === "accepted" && now.link) { location.replace(now.link); return; }
    const drawn = now.state === "waiting" || now.state === "ringing" ? "waiting" : now.state;
    if (drawn !== page.dataset.drawn && anew()) return;
    if (words.textContent !== now.words) words.textContent = now.words;
    if (now.state !== "ended") setTimeout(ask, pause);
  }

  async function ask() {
    const ends = new AbortController(), timer = setTimeout(() => ends.abort(), patience);
    try {
      const answer = await fetch(page.dataset.state, { cache: "no-store", signal: ends.signal });
      if ([403, 404, 410].includes(answer.status)) { anew(await answer.text()); return; } // there is nothing to wait for
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.json());
    } catch {
      pause = Math.min(2 * pause, atMost);
      setTimeout(ask, pause);
    } finally {
      clearTimeout(timer);
    }
  }

  ask();
})();
