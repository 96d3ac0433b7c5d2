/* Deskbell's button for any website:

     <script src="https://HUB/button.js" data-queue="web" async></script>

   or, where it shall stand, <deskbell-button queue="web"></deskbell-button> and the
   script without data-queue. value-name="Maria" fills in a field that the site knows,
   and with the attribute direct a press asks for nothing that is filled in already.
   What stands inside the element is shown while the hub
   can't be reached. It needs nothing else, has no words of its own, and takes its
   colours from --deskbell-color, --deskbell-on-color, --deskbell-radius and
   --deskbell-font. */
"use strict";
(function () {
  const script = document.currentScript;
  if (!script || !window.customElements || customElements.get("deskbell-button")) return;
  const hub = new URL(script.src, location.href).origin;

  const style = `
    :host { display: inline-block; max-width: 100%; font: 1rem/1.45 var(--deskbell-font, system-ui, sans-serif); }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .55rem 1.2rem; cursor: pointer; max-width: 100%;
      color: var(--deskbell-on-color, #fff); background: var(--deskbell-color, #2f5bd7);
      border: 1px solid transparent; border-radius: var(--deskbell-radius, 8px); }
    button:hover { filter: brightness(.92); }
    button[aria-disabled="true"] { cursor: progress; filter: saturate(.5); }
    button.plain { color: #1c2430; background: #fff; border-color: #7a8494; }
    :focus-visible { outline: 3px solid var(--deskbell-color, #2f5bd7); outline-offset: 2px; }
    dialog { width: min(26rem, calc(100vw - 1.5rem)); max-height: calc(100dvh - 1.5rem); overflow: auto; padding: 1.25rem; color: #1c2430;
      background: #fff; border: 1px solid #dde1e8; border-radius: calc(var(--deskbell-radius, 8px) + 4px); font: inherit; }
    dialog::backdrop { background: rgb(20 23 28 / 55%); }
    h2 { margin: 0 0 .5rem; font-size: 1.25rem; line-height: 1.3; overflow-wrap: anywhere; }
    p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
    label { display: block; margin: .6rem 0 .25rem; font-weight: 600; }
    label span, .intro { color: #5a6575; font-weight: 400; }
    label.tick { display: flex; gap: .6rem; align-items: flex-start; font-weight: 400; }
    label.tick span { color: inherit; }
    input { width: 100%; min-height: 2.75rem; padding: .5rem .7rem; font: inherit; color: inherit; background: #fff; border: 1px solid #7a8494; border-radius: 7px; }
    input[type="checkbox"] { flex: none; width: 1.2rem; min-height: 0; height: 1.2rem; margin: .15rem 0 0; }
    [aria-invalid="true"] { border: 2px solid #b9342c; outline-color: #b9342c; }
    .wrong { margin: .25rem 0 0; color: #b9342c; font-weight: 600; font-size: .92rem; }
    .problem { padding: .6rem .8rem; background: #fbe9e7; border-left: 4px solid #b9342c; border-radius: 7px; }
    .trap { position: absolute; left: -200vw; }
    .row { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: 1rem; }
    .row button { flex: 1 1 auto; }
    a { color: #2449b3; }`;

  const make = (name, attributes, ...inside) => {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== false) e.setAttribute(key, value === true ? "" : value);
    e.append(...inside);
    return e;
  };
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  // Where the hub sends a customer is a page of the hub's, whatever it says.
  const ours = (address) => { const u = new URL(address, hub); return u.origin === hub && u.pathname.startsWith("/button/") ? u.href : null; };

  class DeskbellButton extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      let sheet;
      try {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(style);
      } catch {
        return; // an old browser shows what stands inside the element
      }
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(make("slot", {}));
      // Who comes back from the hub's page presses anew.
      addEventListener("pageshow", (e) => { if (e.persisted && this.dialog) { this.key = newKey(); this.setBusy(false); } });
      this.load();
    }

    get queue() { return this.getAttribute("queue") || ""; }
    get language() { const by = this.closest("[lang]"); return (by && by.lang) || navigator.language || ""; }
    at(what) { return hub + "/button/" + encodeURIComponent(this.queue) + "/" + what + "?language=" + encodeURIComponent(this.language); }

    async load() {
      try {
        const answer = await fetch(this.at("options"), { credentials: "omit", referrerPolicy: "no-referrer" });
        if (!answer.ok) throw new Error("the hub answered " + answer.status);
        this.words = await answer.json();
      } catch (err) {
        console.error("Deskbell: there is no button for the queue \"" + this.queue + "\" on " + location.origin +
          ". Is the hub up, the button on, and this site allowed (queue set --button-sites)? " + err.message);
        return;
      }
      this.draw();
    }

    draw() {
      const open = make("button", { type: "button", part: "button", lang: this.words.language, "aria-haspopup": "dialog" }, this.words.label);
      open.addEventListener("click", () => this.open());
      this.opener = open;
      this.shadowRoot.querySelector("slot").replaceWith(open);
    }

    open() {
      if (this.busy) return;
      if (!this.words.open) { location.assign(ours(this.words.page)); return; }
      if (!this.dialog) this.form();
      const form = this.dialog.querySelector("form");
      const asks = this.words.fields.some((f) => f.name === "consent");
      if (this.hasAttribute("direct") && !asks && form.checkValidity()) this.press(form);
      else this.dialog.showModal();
    }

    form() {
      const w = this.words;
      this.key = newKey();
      this.problem = make("div", { role: "alert" });
      this.send = make("button", { type: "submit" }, w.label);
      const close = make("button", { type: "button", class: "plain" }, w.close);
      const form = make("form", { novalidate: true });
      for (const f of w.fields) form.append(...this.field(f));
      form.querySelector("input").autofocus = true;
      form.append(make("div", { class: "row" }, this.send, close));
      form.append(make("input", { class: "trap", name: "website", tabindex: "-1", autocomplete: "off", "aria-hidden": "true" }));
      this.dialog = make("dialog", { "aria-labelledby": "title", "aria-describedby": "intro", lang: w.language },
        make("h2", { id: "title" }, w.title), make("p", { class: "intro", id: "intro" }, w.intro), this.problem, form);
      close.addEventListener("click", () => this.dialog.close());
      form.addEventListener("submit", (e) => { e.preventDefault(); this.press(form); });
      this.shadowRoot.append(this.dialog);
    }

    field(f) {
      const id = "field-" + f.name;
      const input = make("input", { id, name: f.name, type: f.type, required: f.required, "aria-required": f.required && "true", "aria-invalid": "false", autocomplete: f.autocomplete, maxlength: "500" });
      const wrong = make("p", { class: "wrong", id: "wrong-" + f.name, hidden: true });
      if (f.type === "checkbox") {
        input.value = "yes";
        return [make("label", { class: "tick", for: id }, input, make("span", {}, f.label)), wrong];
      }
      input.value = this.getAttribute("value-" + f.name) || "";
      const label = make("label", { for: id }, f.label);
      if (!f.required) label.append(" ", make("span", {}, this.words.optional));
      return [label, input, wrong];
    }

    async press(form) {
      if (this.busy) return; // a double click
      this.setBusy(true);
      const values = Object.fromEntries(new FormData(form)), website = values.website;
      delete values.website;
      let told;
      try {
        const answer = await fetch(this.at("press"), {
          method: "POST", credentials: "omit", referrerPolicy: "no-referrer", headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ key: this.key, values, website, page: location.origin + location.pathname }),
        });
        told = await answer.json();
      } catch {
        told = { problem: this.words.failed, note: this.words.note };
      }
      const to = told.go && ours(told.go);
      if (to) { location.assign(to); return; }
      this.setBusy(false);
      this.tell(told);
    }

    setBusy(busy) {
      this.busy = busy;
      for (const button of [this.send, this.opener]) {
        button.setAttribute("aria-disabled", String(busy));
        button.textContent = busy ? this.words.busy : this.words.label;
      }
      if (busy) this.problem.replaceChildren();
    }

    tell(told) {
      const wrong = told.fields || {};
      let first = null;
      for (const f of this.words.fields) {
        const input = this.shadowRoot.getElementById("field-" + f.name), says = this.shadowRoot.getElementById("wrong-" + f.name);
        says.hidden = !wrong[f.name];
        says.textContent = wrong[f.name] || "";
        if (wrong[f.name]) {
          input.setAttribute("aria-invalid", "true");
          input.setAttribute("aria-describedby", says.id);
          first = first || input;
        } else {
          input.setAttribute("aria-invalid", "false"); // browsers else say it of a box that is not ticked yet
          input.removeAttribute("aria-describedby");
        }
      }
      const says = make("p", { class: "problem" }, told.problem || this.words.failed);
      const note = told.note && ours(told.note);
      if (note) says.append(" ", make("a", { href: note }, this.words.note_link));
      this.problem.replaceChildren(says);
      if (!this.dialog.open) this.dialog.showModal();
      if (first) first.focus();
    }
  }

  customElements.define("deskbell-button", DeskbellButton);
  if (script.dataset.queue) script.after(make("deskbell-button", { queue: script.dataset.queue }));
})();
