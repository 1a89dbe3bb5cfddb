// Receiving by scan: every scan is sent in its turn while the next is read already; a beep and a buzz say how it went.
"use strict";

class Dock {
  constructor(root) {
    this.root = root;
    this.board = root.querySelector("[data-dock-board]");
    this.scan = root.querySelector("[data-dock-scan]");
    this.code = root.querySelector("[data-dock-code]");
    this.sent = Promise.resolve();
    this.unsent = [];
    root.addEventListener("submit", (event) => this.submitted(event));
    // A scanner types: wherever the finger was last, its code lands in the box.
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input:not([type=radio]), select, textarea");
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !typing) this.code.focus();
    });
    this.offerCamera();
  }

  submitted(event) {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    const data = new FormData(form, event.submitter);
    const scanned = form === this.scan;
    if (scanned) {
      if (!this.code.value.trim()) return;
      data.set("key", this.fresh());
      this.code.value = "";
      this.root.querySelector("[data-dock-quantity]").value = "";
    } else if (event.submitter) {
      event.submitter.disabled = true;
    }
    const warehouse = this.board.querySelector("#dock-warehouse");
    if (warehouse && !data.get("warehouse")) data.set("warehouse", warehouse.value);
    const back = scanned || document.activeElement === this.code;
    this.sent = this.sent.then(() => this.send([...this.unsent.splice(0), data])).then(() => back && this.code.focus());
  }

  fresh() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
  }

  async send(all) {
    for (const [at, data] of all.entries()) {
      try {
        const answer = await fetch(location.href, { method: "POST", body: data, headers: { "X-Part": "board" } });
        if (answer.redirected || answer.status >= 500) throw new Error(String(answer.status));
        this.show(await answer.text());
      } catch {
        // Its key makes it count once, however often it is sent.
        this.unsent.push(...all.slice(at));
        this.offline();
        return;
      }
    }
  }

  show(html) {
    const open = new Set([...this.board.querySelectorAll("[data-dock-group][open]")].map((each) => each.dataset.dockGroup));
    const before = this.board.querySelector("[data-dock-group]");
    const first = before ? before.dataset.dockGroup : "";
    this.board.innerHTML = html;
    const now = this.board.querySelector("[data-dock-group]");
    // What was folded or unfolded by hand stays so, as long as the same return is worked on.
    if (now && now.dataset.dockGroup === first) {
      for (const each of this.board.querySelectorAll("[data-dock-group]")) if (each !== now) each.open = open.has(each.dataset.dockGroup);
    }
    this.signal(this.board.querySelector("[data-dock-answer]").dataset.tone);
  }

  offline() {
    const said = document.createElement("div");
    said.className = "alert alert-danger";
    said.setAttribute("role", "alert");
    said.textContent = `${this.root.dataset.offline} (${this.unsent.length})`;
    this.board.querySelector("[data-dock-answer]").replaceChildren(said);
    for (const button of this.board.querySelectorAll("button:disabled")) button.disabled = false;
    this.signal("bad");
  }

  // One short high tone for good, two low ones for bad, and the phone shakes alike.
  signal(tone) {
    const bad = tone === "bad";
    if (navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate(bad ? [120, 60, 120] : tone === "warning" ? [60, 40, 60] : 40);
    try {
      this.sound ||= new AudioContext();
      const beeps = bad ? [220, 180] : tone === "warning" ? [520, 520] : [880];
      for (const [n, pitch] of beeps.entries()) {
        const voice = this.sound.createOscillator();
        const volume = this.sound.createGain();
        voice.frequency.value = pitch;
        volume.gain.value = 0.08;
        voice.connect(volume).connect(this.sound.destination);
        voice.start(this.sound.currentTime + n * 0.16);
        voice.stop(this.sound.currentTime + n * 0.16 + 0.1);
      }
    } catch {
      // A browser without sound still shows it.
    }
  }

  // The camera reads codes where the browser itself can.

  offerCamera() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    const button = this.root.querySelector("[data-dock-camera]");
    button.hidden = false;
    button.addEventListener("click", () => (this.stream ? this.closeCamera() : this.openCamera()));
  }

  async openCamera() {
    const video = this.root.querySelector("[data-dock-video]");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      this.signal("bad");
      return;
    }
    video.srcObject = this.stream;
    video.hidden = false;
    await video.play();
    this.look(video, new BarcodeDetector());
  }

  async look(video, detector) {
    if (!this.stream) return;
    const found = await detector.detect(video).catch(() => []);
    const code = found.length ? found[0].rawValue : "";
    // The same code again only after it was out of sight: a hand that rests is one scan.
    if (code && code !== this.seen) {
      this.code.value = code;
      this.scan.requestSubmit();
    }
    this.seen = code;
    setTimeout(() => this.look(video, detector), code ? 700 : 200);
  }

  closeCamera() {
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
    this.root.querySelector("[data-dock-video]").hidden = true;
  }
}

for (const root of document.querySelectorAll("[data-dock]")) root.dock = new Dock(root);
