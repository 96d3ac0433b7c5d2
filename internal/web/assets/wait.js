/* The page on which a customer waits: asks how it stands, says it, and goes to the
   session when an agent is there. Its words come from the hub. */
"use strict";
(function () {
  const page = document.querySelector(".waiting"), words = document.getElementById("words");
  const every = 2000, atMost = 15000;
  let pause = every, writes = false;

  page.addEventListener("input", () => { writes = true; });

  function take(now) {
    pause = every;
    if (words.textContent !== now.words) words.textContent = now.words;
    if (now.state === "accepted" && now.link) { location.assign(now.link); return; }
    if (now.state === "ended") {
      if (!writes) { location.reload(); return; } // who writes a note loses no word of it
    }
    setTimeout(ask, pause);
  }

  function ask() {
    fetch(page.dataset.state, { cache: "no-store" })
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
      .then(take)
      .catch(() => { pause = Math.min(2 * pause, atMost); setTimeout(ask, pause); });
  }

  ask();
})();
