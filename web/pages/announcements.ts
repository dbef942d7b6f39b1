import { studio } from "../components/studio";
import { jobWords } from "../live/job-words";
import { pathOfJob } from "../live/job-place";
import type { Post } from "../live/protocol";
import { pathOfPost } from "../live/route";
import type { Job } from "../live/state";
import { titleOf } from "../live/words";
import { joined } from "../words/figures";
import { say } from "../words/words";

/** A reader who has scrolled no further is at the top, and sees the easel there. */
export const TOP_PX = 80;

/** The page, once it is drawn. */
interface Host {
  readonly renderRoot: ParentNode;
}

/** The sheet, which shows one's own easel. */
interface EaselSheet {
  readonly isOpen: boolean;
  open(): void;
}

/** What is said of one's own pictures where they cannot be seen: that one is in line, and that it is done. */
export class Announcements {
  readonly #host: Host;
  readonly #sheet: EaselSheet;

  constructor(host: Host, sheet: EaselSheet) {
    this.#host = host;
    this.#sheet = sheet;
  }

  /** A picture is in line. It is seen in the dock, on the easel, or in the thread of what it remixes. */
  asked(id: string): void {
    const job = studio.live.state.generations.get(id);
    if (!job) return;
    const { renderRoot } = this.#host;
    const { route } = studio.router;
    const shown = renderRoot.querySelector("prompt-dock") ?? isInSight(renderRoot.querySelector("easel-row"));
    if (route.kind === "post" ? job.generation.parent === route.id : shown) return;
    studio.live.notices.say({
      title: say("job.waiting"),
      text: job.generation.prompt,
      action: { label: say("easel.yours"), run: () => this.#sheet.open() },
    });
  }

  /** A picture is done; the sheet shows what became of it. */
  done(job: Job): void {
    if (this.#sheet.isOpen) return;
    const { strong, rest } = jobWords(job, true);
    const title = job.posted ? say("app.up") : joined([strong, rest]);
    this.#up(pathOfJob(job), title, job.generation.prompt, job.sha256);
  }

  /** A picture of one's own was posted as it is. */
  uploaded(post: Post): void {
    this.#up(pathOfPost(post.id), say("app.up"), titleOf(post), post.media.sha256);
  }

  /** Unless it can be seen: on its own page, or joining the wall. */
  #up(path: string, title: string, text: string, picture: string | null): void {
    const { route } = studio.router;
    const joins = route.kind === "feed" && route.name === "all" && scrollY <= TOP_PX;
    if (location.pathname === path || (joins && path.startsWith("/post/"))) return;
    studio.live.notices.say({
      title,
      text,
      picture,
      action: { label: say("view"), run: () => studio.router.go(path) },
    });
  }
}

/** Whether something reaches below the bar. */
function isInSight(element: Element | null): boolean {
  return element !== null && element.getBoundingClientRect().bottom > TOP_PX;
}
