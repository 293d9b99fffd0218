/* 有结果时通知我: shows the platform's buttons and sends on what was answered. Without the platform's
   script, or where it will not work, the page says what to do instead. */
"use strict";
(() => {
  const page = document.getElementById("asking");
  const noTags = document.getElementById("no-tags");
  const tags = [...page.querySelectorAll("wx-open-subscribe")];
  const PATIENCE = 8000; // milliseconds for the buttons to appear

  const giveUp = () => { noTags.hidden = false; };
  const appeared = () => tags.some((tag) => tag.offsetHeight > 0);

  /* The detail is {"ID": "{\"status\":\"accept\"}"} as text in text; anything but accept is no. */
  const answer = (detail, template) => {
    try {
      return JSON.parse(JSON.parse(detail.subscribeDetails)[template]).status === "accept" ? "accept" : "reject";
    } catch {
      return "";
    }
  };

  const send = (template, value) => {
    const form = document.getElementById("said");
    if (!value) { location.reload(); return; } // the platform's event tells us what was said
    form.elements.template.value = template;
    form.elements.value.value = value;
    form.submit();
  };

  if (!window.wx || typeof window.wx.config !== "function") { giveUp(); return; }
  noTags.hidden = true;
  document.addEventListener("WeixinOpenTagsError", giveUp);
  for (const tag of tags) {
    tag.addEventListener("success", (event) => send(tag.dataset.template, answer(event.detail, tag.dataset.template)));
    tag.addEventListener("error", () => { document.getElementById("not-done").hidden = false; });
  }
  window.wx.error(giveUp);
  window.wx.ready(() => setTimeout(() => { if (!appeared()) giveUp(); }, PATIENCE));
  setTimeout(() => { if (!appeared()) giveUp(); }, PATIENCE);
  window.wx.config({
    debug: false,
    appId: page.dataset.app,
    timestamp: Number(page.dataset.timestamp),
    nonceStr: page.dataset.nonce,
    signature: page.dataset.signature,
    jsApiList: ["checkJsApi"], // empty, and some versions draw no tags
    openTagList: ["wx-open-subscribe"],
  });
})();
