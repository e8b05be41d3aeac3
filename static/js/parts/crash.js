// Says on the page, in the reader's words, that the program could not start or has stopped. It stands outside the
// program, because that may be what is broken; what was drawn is in the browser's store and comes back with a reload.
let shown = false;

/** Shows the notice once; `key` names the message. */
export function crash(key, error) {
  console.error(error);
  if (shown) {
    return;
  }
  shown = true;
  const words = messages();
  const notice = document.createElement("div");
  notice.className = "crash";
  notice.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = words[key];
  const detail = document.createElement("p");
  detail.className = "crash-detail";
  detail.textContent = String(error?.message ?? error).slice(0, 300);
  notice.append(text, detail, button(words["crash.reload"], () => location.reload()),
    button(words["crash.close"], () => notice.remove()));
  document.body.append(notice);
}

/** Notices what the program did not catch itself. */
export function watch() {
  addEventListener("error", (event) => event.error && crash("crash.stopped", event.error));
  addEventListener("unhandledrejection", (event) => crash("crash.stopped", event.reason));
}

/** The build puts these few messages into the script, because the network may be what failed. */
function messages() {
  const chinese = (stored() ?? navigator.language).startsWith("zh");
  return globalThis.backstepCrashMessages[chinese ? "zh" : "en"];
}

function stored() {
  try {
    return localStorage.getItem("backstep.language");
  } catch {
    return null;
  }
}

function button(label, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "action";
  element.textContent = label;
  element.addEventListener("click", onClick);
  return element;
}
