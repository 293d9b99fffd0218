/* Stands in for the platform's jweixin-1.6.0.js on the desk: wx.config, wx.ready, wx.error and the
   tag wx-open-subscribe. The desk judges the signature; each tag is a frame of the desk. */
"use strict";
(() => {
  const desk = new URL(document.currentScript.src).origin;
  const page = location.href.split("#")[0];
  const waiting = [], failing = [];
  let state = "", verdict = {};

  const frame = (asked, title) => {
    const made = document.createElement("iframe");
    made.src = `${desk}/open/tag?${new URLSearchParams({ ...asked, url: page })}`;
    made.title = title;
    return made;
  };

  /* Words of the button: what stands in the tag's own template, which is data to the page. */
  const words = (tag) => {
    const drawn = [...tag.querySelectorAll("script[type='text/wxtag-template'], template")].find((each) => each.slot !== "style");
    const text = new DOMParser().parseFromString(drawn ? drawn.innerHTML : "", "text/html").body;
    text.querySelectorAll("style").forEach((style) => style.remove());
    return text.textContent.trim();
  };

  const draw = (tag, told) => {
    const asked = { ...told, template: tag.getAttribute("template") || "", words: words(tag) };
    const made = frame(asked, words(tag) || "订阅通知");
    tag.append(made);
    addEventListener("message", (event) => {
      if (event.source !== made.contentWindow || event.origin !== desk) return;
      const { kind, height, template, status, errCode } = event.data;
      if (kind === "size") made.style.height = `${height}px`;
      if (kind === "error") tag.dispatchEvent(new CustomEvent("error", { detail: { errMsg: "subscribe:fail", errCode } }));
      if (kind === "answer") {
        const subscribeDetails = JSON.stringify({ [template]: JSON.stringify({ status }) });
        tag.dispatchEvent(new CustomEvent("success", { detail: { errMsg: "subscribe:ok", subscribeDetails } }));
      }
    });
  };

  const judged = (told, openTags) => {
    if (state !== "ok") { failing.forEach((hear) => hear(verdict)); return; }
    if (openTags.includes("wx-open-subscribe")) document.querySelectorAll("wx-open-subscribe").forEach((tag) => draw(tag, told));
    waiting.forEach((go) => go());
  };

  window.wx = {
    config({ appId, timestamp, nonceStr, signature, openTagList = [] }) {
      const told = { appid: appId, timestamp, nonce: nonceStr, signature };
      const asking = frame(told, "");
      asking.hidden = true;
      addEventListener("message", function hear(event) {
        if (event.source !== asking.contentWindow || event.origin !== desk) return;
        removeEventListener("message", hear);
        asking.remove();
        verdict = { errMsg: event.data.errMsg };
        state = verdict.errMsg === "config:ok" ? "ok" : "bad";
        judged(told, openTagList);
      });
      document.body.append(asking);
    },
    ready(go) { if (state === "ok") go(); else waiting.push(go); },
    error(hear) { if (state === "bad") hear(verdict); else failing.push(hear); },
  };
})();
