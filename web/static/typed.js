/* Words that were typed and not sent: asked for before the page is left, and kept for the same page
   when another form of it was refused. They stay in this tab and go with it.
   Everything works without this. */
"use strict";
(() => {
  const KEY = "console-typed";
  const page = document.querySelector("[data-typed]");
  if (!page) return;
  const fields = () => [...page.querySelectorAll("textarea[id], input[id]:not([type=hidden])")];
  const unsent = (form) => fields().filter((el) => el.form !== form && el.value !== el.dataset.was);
  let sending = null;

  for (const el of fields()) el.dataset.was = el.value;
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || "{}");
    if (kept.page === page.dataset.typed) {
      for (const [id, value] of Object.entries(kept.words)) {
        const el = document.getElementById(id);
        if (!el || el.value !== el.dataset.was) continue;
        el.value = value;
        const folded = el.closest("details");
        if (folded) folded.open = true;
      }
    }
  } catch { /* somebody else's words under our key, or no storage here */ }
  sessionStorage.removeItem(KEY);

  page.addEventListener("submit", (event) => {
    sending = event.target;
    const words = Object.fromEntries(unsent(sending).map((el) => [el.id, el.value]));
    if (Object.keys(words).length) {
      sessionStorage.setItem(KEY, JSON.stringify({ page: page.dataset.typed, words }));
    }
  });
  addEventListener("beforeunload", (event) => {
    if (!unsent(sending).length) return;
    sending = null;
    event.preventDefault();
    event.returnValue = "";  // older browsers ask only then
  });
})();
