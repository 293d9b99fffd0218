/* One tag of the platform, in a frame of the desk: the button, the question, and what was answered. */
"use strict";
(() => {
  const { verdict, origin, template } = document.body.dataset;
  const tell = (message) => parent.postMessage({ desk: true, ...message }, origin);
  const grown = () => tell({ kind: "size", height: document.body.offsetHeight });
  if (!template) { tell({ kind: "config", errMsg: verdict }); return; }

  const find = (id) => document.getElementById(id);
  const told = Object.fromEntries(new URLSearchParams(location.search));
  find("ask").textContent = told.words || "订阅";
  find("ask").addEventListener("click", () => {
    find("ask").hidden = true;
    find("question").hidden = false;
    grown();
    find("accept").focus();
  });

  const answer = async (said) => {
    find("question").hidden = true;
    const response = await fetch("/open/answer", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...told, answer: said }),
    });
    const body = await response.json();
    if (!response.ok) { find("status").textContent = "没有办成"; grown(); tell({ kind: "error", errCode: body.errCode }); return; }
    find("status").textContent = said === "accept" ? "已允许" : "已取消";
    grown();
    tell({ kind: "answer", template, status: said });
  };
  find("accept").addEventListener("click", () => answer("accept"));
  find("reject").addEventListener("click", () => answer("reject"));
  grown();
})();
