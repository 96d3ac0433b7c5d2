"use strict";
(function () {
  const page = document.querySelector("main"), people = document.getElementById("people");
  if (!people) return; // the session is over
  function ask() {
    fetch(page.dataset.state, { cache: "no-store" })
      .then((answer) => answer.json())
      .then((now) => {
        if (now.over) {
          if (now.to) location.replace(now.to); else location.reload();
          return;
        }
        people.textContent = now.people > 1 ? now.people + " people are here" : "Nobody else is here yet";
        setTimeout(ask, 1000);
      })
      .catch(() => setTimeout(ask, 1000));
  }
  ask();
})();
