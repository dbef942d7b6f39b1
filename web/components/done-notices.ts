import type { Job } from "../live/state";
import { pathOfJob } from "../live/job-place";
import { jobWords } from "../live/job-words";
import { say } from "../words/words";
import "../words/more";
import { pictureUrl } from "./picture-frame";
import { studio } from "./studio";

const OVER = new Set(["posted", "refused", "failed", "aborted"]);

/** Whether this browser can say something while its page is hidden. */
export function canTell(): boolean {
  return "Notification" in globalThis && isSecureContext;
}

/** Whether my pictures are told of when they are done and the page is hidden. */
export function tells(): boolean {
  return canTell() && Notification.permission === "granted" && studio.choices.get("tell") === "yes";
}

/** Choose it, or not; for an answer to a gesture, since the browser may ask. Return whether it is so now. */
export async function tell(on: boolean): Promise<boolean> {
  if (on && canTell() && Notification.permission === "default") await Notification.requestPermission();
  const granted = on && canTell() && Notification.permission === "granted";
  studio.choices.set("tell", granted ? "yes" : null);
  return granted;
}

/** What became of my pictures, said where I am: in the page, or by the system while the page is hidden. */
export class DoneNotices {
  #known = new Map<string, string>();

  constructor() {
    studio.live.listen(() => this.#look());
    this.#look();
  }

  #look(): void {
    const { own, generations } = studio.live.state;
    const stages = new Map(own.map((id) => [id, generations.get(id)?.stage ?? ""]));
    for (const [id, stage] of stages) {
      const before = this.#known.get(id);
      const job = generations.get(id);
      if (job && before !== undefined && before !== stage && OVER.has(stage)) this.#say(job);
    }
    this.#known = stages;
  }

  #say(job: Job): void {
    if (document.visibilityState === "visible") this.#toast(job);
    else if (tells()) this.#notify(job);
  }

  /** Whoever looks elsewhere in the page is told what did not come to be; the rest stands in the news. */
  #toast(job: Job): void {
    if (job.stage === "posted") return;
    const { strong, rest } = jobWords(job, true);
    studio.live.notices.say({
      title: [strong, rest].filter(Boolean).join(" · "),
      text: job.generation.prompt,
      action: { label: say("nav.news"), run: () => studio.router.go("/news") },
    });
  }

  #notify(job: Job): void {
    const { id, prompt } = job.generation;
    const { strong, rest } = jobWords(job, true);
    const title = job.stage === "posted" ? say("create.done") : [strong, rest].filter(Boolean).join(" · ");
    // The same tag: several tabs say it once.
    const options = {
      body: prompt,
      tag: id,
      ...(job.sha256 ? { icon: pictureUrl(job.sha256, 256), image: pictureUrl(job.sha256, 512) } : {}),
    };
    try {
      const notification = new Notification(title, options);
      notification.onclick = () => {
        window.focus();
        notification.close();
        studio.router.go(job.stage === "posted" ? pathOfJob(job) : "/news");
      };
    } catch {
      // Some phones take them from a service worker only: there they come by push.
    }
  }
}
