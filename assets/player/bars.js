/* The player's own HTML. */
(() => {
  "use strict";

  const SIGNS = {
    back: "M3 3h2v10H3zM13 3v10L6 8z",
    forward: "M11 3h2v10h-2zM3 3v10l7-5z",
    loop: "M4 4h7V2l3.5 3L11 8V6H5v2H3V5zM12 12H5v2l-3.5-3L5 8v2h6V8h2v3z",
  };

  /** The bars below the plot; `words` are the player's own, so nothing needs escaping. */
  function bars(words) {
    const sign = (name) => `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${SIGNS[name]}"/></svg>`;
    const button = (name, key) =>
      `<button type="button" class="pose3d-sign pose3d-${name}" aria-label="${words[name]}"
        title="${words[name]} (${key})">${sign(name)}</button>`;
    return `
    <div class="pose3d-legend"></div>
    <div class="pose3d-stage">
      <div class="pose3d-plot" role="img" aria-label="${words.plot}"></div>
      <div class="pose3d-count" role="status" hidden></div>
    </div>
    <div class="pose3d-bar">
      <input type="range" class="pose3d-scrub" min="0" step="1" value="0" aria-label="${words.frame}">
      <output class="pose3d-label"></output>
    </div>
    <div class="pose3d-bar pose3d-more">
      <span class="pose3d-keys">
        ${button("back", "←")}
        <button type="button" class="pose3d-play"></button>
        ${button("forward", "→")}
        ${button("loop", "L")}
        <select class="pose3d-speed" aria-label="${words.speed}" title="${words.speed}"></select>
      </span>
      <label class="pose3d-pick pose3d-joints"><input type="checkbox"> ${words.overlay}</label>
      <label class="pose3d-pick" title="${words.figure} (A)">${words.figure} <select class="pose3d-figure"></select></label>
      <label class="pose3d-pick" title="${words.place} (O)">${words.place} <select class="pose3d-place"></select></label>
      <label class="pose3d-pick">${words.trail} <select class="pose3d-trail"></select></label>
      <span class="pose3d-views" role="group" aria-label="${words.views}"></span>
    </div>`;
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { bars });
})();
