// The shortcodes that a training message is likely to use; others stay as they were written.

const EMOJI = {
  smile: "😄", slightly_smiling_face: "🙂", blush: "😊", grin: "😁", joy: "😂", wink: "😉", thinking_face: "🤔", neutral_face: "😐",
  confused: "😕", cry: "😢", sweat_smile: "😅", sunglasses: "😎", star_struck: "🤩", wave: "👋", "+1": "👍", thumbsup: "👍",
  "-1": "👎", thumbsdown: "👎", clap: "👏", pray: "🙏", muscle: "💪", point_right: "👉", point_down: "👇", raised_hands: "🙌",
  handshake: "🤝", tada: "🎉", rocket: "🚀", fire: "🔥", star: "⭐", star2: "🌟", sparkles: "✨", bulb: "💡", books: "📚",
  book: "📖", memo: "📝", pencil2: "✏️", pencil: "📝", clipboard: "📋", calendar: "📅", date: "📅", alarm_clock: "⏰",
  hourglass_flowing_sand: "⏳", stopwatch: "⏱️", clock9: "🕘", dart: "🎯", trophy: "🏆", medal: "🏅", seedling: "🌱", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", bar_chart: "📊", moneybag: "💰", briefcase: "💼", speech_balloon: "💬", eyes: "👀", ear: "👂", brain: "🧠",
  heart: "❤️", green_heart: "💚", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️", question: "❓",
  exclamation: "❗", grey_question: "❔", information_source: "ℹ️", no_entry: "⛔", lock: "🔒", unlock: "🔓", bell: "🔔", no_bell: "🔕",
  repeat: "🔁", arrows_counterclockwise: "🔄", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", pushpin: "📌", mag: "🔍",
  link: "🔗", email: "📧", envelope: "✉️", telephone_receiver: "📞", coffee: "☕", sunny: "☀️", palm_tree: "🌴", mountain: "⛰️",
  compass: "🧭", key: "🔑", gear: "⚙️", hammer_and_wrench: "🛠️", busts_in_silhouette: "👥", bust_in_silhouette: "👤", one: "1️⃣", two: "2️⃣",
  three: "3️⃣", four: "4️⃣", five: "5️⃣", large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", red_circle: "🔴", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", eight_ball: "🎱", checkered_flag: "🏁", triangular_flag_on_post: "🚩", "100": "💯", hourglass: "⌛", speaking_head_in_silhouette: "🗣️",
};

/** The character of a shortcode's name, or null. */
export const emojiNamed = (name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : null);

/** Text with the known :shortcodes: replaced. */
export const withEmoji = (text) =>
  text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiNamed(name) ?? whole);
