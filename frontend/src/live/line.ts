/**
 * One line to the stream for all tabs of a browser, which allows six connections to a host: the tab that holds the lock
 * has the connection and passes on what it hears; another takes over when it closes.
 */

export interface Change {
  seq: number;
  topic: string;
  kind: string;
  id: string;
}
export type State = "waiting" | "live" | "lost" | "off" | "session" | "role";
interface Want {
  topics: string[];
  after: number;
  version: number;
}
interface Heard {
  event: string;
  seq: number | null;
  changes: Change[];
  covers: Record<string, number>;
}
type Word =
  | { word: "who" }
  | { word: "want"; tab: string; want: Want }
  | { word: "bye"; tab: string }
  | { word: "heard"; heard: Heard }
  | { word: "state"; state: State };

const MOST_TOPICS = 150;
const SILENT_MS = 40_000;
const LOST_TURN_MS = 50_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const GATHER_MS = 60;

/** The tab that has the connection. */
class Leader {
  private wants = new Map<string, Want>();
  private covers: Record<string, number> = {};
  private source: EventSource | null = null;
  private seq = 0;
  private failures = 0;
  private timer = 0;
  private watchdog = 0;

  constructor(
    private readonly url: string,
    private readonly say: (word: Word) => void,
  ) {}

  /** Take note of what a tab shows, and open anew where the connection does not cover it. */
  want(tab: string, want: Want): void {
    const known = this.wants.get(tab);
    if (known && known.version >= want.version && this.covers[tab] === known.version) return;
    this.wants.set(tab, want);
    this.later(GATHER_MS);
  }

  bye(tab: string): void {
    this.wants.delete(tab);
  }

  close(): void {
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    this.source?.close();
    this.source = null;
  }

  private later(delay: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), delay);
  }

  /** Open a connection for what all tabs show, from what the one that knows least has. */
  private open(): void {
    this.close();
    const all = [...this.wants].map(([tab, want]) => (this.covers[tab] === want.version ? this.seq : want.after));
    const topics = [...new Set([...this.wants.values()].flatMap((want) => want.topics))].slice(-MOST_TOPICS);
    if (!topics.length) return;
    const covers = Object.fromEntries([...this.wants].map(([tab, want]) => [tab, want.version]));
    this.seq = Math.min(...all);
    this.covers = covers;
    const query = new URLSearchParams([...topics.sort().map((topic): [string, string] => ["topic", topic]), ["after", String(this.seq)]]);
    const source = new EventSource(`${this.url}?${query}`);
    this.source = source;
    for (const event of ["open", "change", "beat", "reload", "ended"]) {
      // "open" is also the browser's own event: the server's has data.
      source.addEventListener(event, (message) => message instanceof MessageEvent && this.hear(event, message, covers));
    }
    source.addEventListener("error", () => void this.failed(source));
    this.watch();
  }

  private hear(event: string, message: MessageEvent<string>, covers: Record<string, number>): void {
    this.failures = 0;
    this.watch();
    const seq = message.lastEventId ? Number(message.lastEventId) : null;
    const data = JSON.parse(message.data) as unknown;
    if (seq !== null) this.seq = seq;
    if (event === "ended") {
      this.close();
      this.say({ word: "state", state: (data as { why: "session" | "role" }).why });
      return;
    }
    this.say({ word: "state", state: "live" });
    this.say({ word: "heard", heard: { event, seq, changes: event === "change" ? (data as Change[]) : [], covers } });
  }

  /** A connection can be dead without either end knowing: then no sign of life comes. */
  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = window.setTimeout(() => {
      this.say({ word: "state", state: "lost" });
      this.open();
    }, SILENT_MS);
  }

  /** The browser comes back by itself after a break, but not after an answer that is no stream: ask what it means. */
  private async failed(source: EventSource): Promise<void> {
    if (source !== this.source) return;
    this.say({ word: "state", state: "lost" });
    if (source.readyState !== EventSource.CLOSED) return;
    const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)] ?? 30_000;
    this.close();
    const status = await fetch(source.url, { method: "GET", headers: { Accept: "text/event-stream" } }).then(
      (answer) => {
        void answer.body?.cancel();
        return answer.status;
      },
      () => 0,
    );
    if (status === 401 || status === 204) this.say({ word: "state", state: status === 401 ? "session" : "off" });
    else this.later(wait * (0.75 + Math.random() / 2));
  }
}

/** A tab's end of the line: it says what it shows, and is told what changed. */
export class Line {
  private readonly tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  private readonly channel: BroadcastChannel;
  private leader: Leader | null = null;
  private want: Want;
  private turn = 0;

  constructor(
    private readonly url: string,
    private readonly name: string,
    after: number,
    private readonly told: (changes: Change[] | null) => void,
    private readonly shown: (state: State) => void,
  ) {
    this.want = { topics: [], after, version: 0 };
    this.channel = new BroadcastChannel(name);
    this.channel.addEventListener("message", (event: MessageEvent<Word>) => this.take(event.data));
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Show other topics than before. */
  show(topics: string[]): void {
    const sorted = [...new Set(topics)].sort();
    if (this.want.version && sorted.join() === this.want.topics.join()) return;
    const first = !this.want.version;
    this.want = { topics: sorted, after: this.want.after, version: this.want.version + 1 };
    this.state();
    if (first) this.queue(false);
  }

  private state(): void {
    this.send({ word: "want", tab: this.tab, want: this.want });
  }

  /** To the other tabs and to oneself. */
  private send(word: Word): void {
    this.channel.postMessage(word);
    this.take(word);
  }

  private take(word: Word): void {
    if (word.word === "who") this.channel.postMessage({ word: "want", tab: this.tab, want: this.want });
    else if (word.word === "want") this.leader?.want(word.tab, word.want);
    else if (word.word === "bye") this.leader?.bye(word.tab);
    else if (word.word === "state") this.shown(word.state);
    else this.hear(word.heard);
  }

  private hear({ event, seq, changes, covers }: Heard): void {
    this.expect();
    if (covers[this.tab] !== this.want.version) return;
    const fresh = changes.filter((change) => change.seq > this.want.after && this.want.topics.includes(change.topic));
    if (seq !== null) this.want.after = event === "reload" ? seq : Math.max(this.want.after, seq);
    if (event === "reload") this.told(null);
    else if (fresh.length) this.told(fresh);
  }

  /** Where the browser has no locks (plain HTTP from another machine) each tab in view has its own connection. */
  private queue(steal: boolean): void {
    if (!navigator.locks) return this.look();
    const options: LockOptions = steal ? { steal: true } : {};
    navigator.locks.request(this.name, options, () => this.lead()).catch(() => {
      // Another tab took the turn, since this one was not heard of.
      this.leader?.close();
      this.leader = null;
      this.queue(false);
    });
    this.expect();
  }

  /** Have the connection until the page goes. */
  private lead(): Promise<never> {
    this.leader?.close();
    this.leader = new Leader(this.url, (word) => this.send(word));
    this.leader.want(this.tab, this.want);
    this.channel.postMessage({ word: "who" });
    return new Promise<never>(() => {});
  }

  /** A tab that leads may be put to sleep by its system: one in view that hears nothing takes its turn. */
  private expect(): void {
    clearTimeout(this.turn);
    if (!this.leader && navigator.locks) this.turn = window.setTimeout(() => !document.hidden && this.queue(true), LOST_TURN_MS);
  }

  private look(): void {
    if (navigator.locks) return this.expect();
    if (document.hidden) {
      this.leader?.close();
      this.leader = null;
    } else if (!this.leader) {
      this.leader = new Leader(this.url, (word) => this.take(word));
      this.leader.want(this.tab, this.want);
    }
  }

  private leave(): void {
    this.channel.postMessage({ word: "bye", tab: this.tab });
    this.leader?.close();
  }
}
