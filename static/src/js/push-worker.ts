/**
 * Kept by the browser to show notices while the site is closed. It stores nothing and answers no requests:
 * pages always come from the server.
 */
interface Told {
  title?: string;
  body?: string;
  link?: string;
  tag?: string;
}
interface PushMessage extends Event {
  data: { json(): Told } | null;
  waitUntil(work: Promise<unknown>): void;
}
interface NoticeClick extends Event {
  notification: Notification;
  waitUntil(work: Promise<unknown>): void;
}
interface Page {
  url: string;
  focus(): Promise<unknown>;
}
interface Worker {
  registration: { showNotification(title: string, options: NotificationOptions): Promise<void> };
  clients: { matchAll(options: object): Promise<Page[]>; openWindow(url: string): Promise<unknown> };
  location: Location;
}
const worker = self as unknown as Worker;

/** Only pages of ours are opened, whatever a notice says. */
function inside(link: unknown): string {
  const url = new URL(typeof link === "string" ? link : "/messages/", worker.location.origin);
  return url.origin === worker.location.origin ? url.href : new URL("/messages/", worker.location.origin).href;
}

function read(event: PushMessage): Told {
  try {
    return event.data?.json() ?? {};
  } catch {
    return {};
  }
}

self.addEventListener("push", (event) => {
  const push = event as PushMessage;
  const told = read(push);
  const options = { body: told.body ?? "", tag: told.tag ?? "", data: inside(told.link), icon: "/static/img/favicon.svg" };
  push.waitUntil(worker.registration.showNotification(told.title ?? "Nhịp Cầu", options));
});

async function open(link: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window" });
  const there = pages.find((page) => page.url === link);
  await (there ? there.focus() : worker.clients.openWindow(link));
}

self.addEventListener("notificationclick", (event) => {
  const click = event as NoticeClick;
  click.notification.close();
  click.waitUntil(open(inside(click.notification.data)));
});

export {};
