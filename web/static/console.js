/* Keys for who clears a queue: each element with data-key answers to its letter, ? lists them all.
   Everything works without this. */
"use strict";
(() => {
  const OFF = "console-keys-off";
  const off = () => localStorage.getItem(OFF) === "1";
  const keyed = () =>
    [...document.querySelectorAll("[data-key]")].filter((el) => el.getClientRects().length);
  const typing = (el) =>
    el.matches("textarea, select, input:not([type=checkbox]):not([type=submit])");

  function act(el) {
    if (el.matches("summary")) {
      el.parentElement.open = true;
      const field = el.parentElement.querySelector("select, textarea, input:not([type=hidden])");
      (field || el).focus();
    } else if (el.matches("a")) {
      el.click();
    } else {
      el.focus();
      if (el.select) el.select();
    }
  }

  function step(by) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  }

  function listing() {
    const list = document.createElement("dl");
    const says = (el) => el.dataset.says || el.firstChild.textContent.trim();
    const rows = keyed().map((el) => [el.dataset.key, says(el)]);
    if (document.querySelector("[data-row]")) rows.unshift(["j / k", "下一行 / 上一行"]);
    rows.push(["Esc", "离开正在写的格子"], ["?", "这张表"]);
    for (const [key, words] of rows) {
      const [term, said] = [document.createElement("dt"), document.createElement("dd")];
      term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      said.textContent = words;
      list.append(term, said);
    }
    return list;
  }

  function help() {
    const old = document.querySelector("dialog.keys");
    if (old) return old.close();
    const box = Object.assign(document.createElement("dialog"), { className: "keys" });
    box.setAttribute("aria-label", "按键");
    const close = Object.assign(document.createElement("button"), {
      className: "btn btn-primary", textContent: "知道了",
    });
    const label = document.createElement("label");
    const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: !off() });
    tick.addEventListener("change", () => {
      localStorage.setItem(OFF, tick.checked ? "0" : "1");
      show();
    });
    label.append(tick, " 用按键");
    close.addEventListener("click", () => box.close());
    box.addEventListener("close", () => box.remove());
    box.append(Object.assign(document.createElement("h2"), { textContent: "按键" }), listing(), label, close);
    document.body.append(box);
    box.showModal();
  }

  function show() {
    document.documentElement.classList.toggle("no-keys", off());
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "?" && !typing(event.target)) return event.preventDefault(), help();
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (off() || document.querySelector("dialog[open]")) return;
    if (event.key === "j") return step(1);
    if (event.key === "k") return step(-1);
    const el = keyed().find((each) => each.dataset.key === event.key);
    if (el) {
      event.preventDefault();
      act(el);
    }
  });
  show();
})();
