/* What the player says, in English and Chinese. */
(() => {
  "use strict";

  const WORDS = {
    en: {
      player: "3D player",
      plot: "3D figure; drag, or Shift and arrows, to turn; scroll, or + and -, to zoom",
      play: "Play",
      pause: "Pause",
      space: "space",
      back: "One frame back",
      forward: "One frame forward",
      loop: "Loop",
      frame: "Frame",
      speed: "Speed",
      figure: "Figure",
      skeleton: "skeleton",
      avatar: "avatar",
      trail: "Trail",
      none: "none",
      overlay: "Joints on the video",
      views: "View",
      front: "Front",
      side: "Side",
      top: "Top",
      corner: "Corner",
      follow: "Follow",
      left: "left",
      right: "right",
      path: "path",
      stands: "foot stands",
      hollow: "hollow: not seen",
      interpolated: "not seen",
      absent: "nobody seen",
      missing: "The 3D view cannot be shown, because Plotly's script did not load. Reload the page.",
    },
    zh: {
      player: "3D 播放器",
      plot: "3D 人物；拖动或按 Shift 加方向键旋转，滚轮或 + 与 - 键缩放",
      play: "播放",
      pause: "暂停",
      space: "空格",
      back: "后退一帧",
      forward: "前进一帧",
      loop: "循环",
      frame: "帧",
      speed: "速度",
      figure: "人物",
      skeleton: "骨架",
      avatar: "虚拟形象",
      trail: "轨迹",
      none: "无",
      overlay: "在视频上显示关节",
      views: "视角",
      front: "正面",
      side: "侧面",
      top: "俯视",
      corner: "斜角",
      follow: "跟随",
      left: "左侧",
      right: "右侧",
      path: "路径",
      stands: "脚着地",
      hollow: "空心：未看到",
      interpolated: "未看到",
      absent: "未看到人",
      missing: "无法显示 3D 视图：Plotly 脚本未能加载。请刷新页面。",
    },
  };

  /** Of the player's words: what the data ask for, else what the page or the browser speaks. */
  function languageOf(data) {
    const tags = data.language ? [data.language] : [document.documentElement.lang, navigator.language];
    return tags.some((tag) => /^zh\b/i.test(tag)) ? "zh" : "en";
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { WORDS, languageOf });
})();
