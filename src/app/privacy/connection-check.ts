/**
 * Tries to reach another origin in every way that a page has, and reports what the browser did. The address is in the reserved top-level
 * domain `.invalid` (RFC 6761): no such host exists, so nothing is sent even where the browser blocks nothing.
 */

/** The outcome of one attempt. `failed` = nothing got through, but the browser did not report that the policy stopped it. */
export type AttemptOutcome = 'blocked' | 'failed' | 'notBlocked';

/** One attempt and its outcome. */
export interface ConnectionAttempt {
  readonly kind: string;
  /** The directive of the Content-Security-Policy that stopped it; null when none did. */
  readonly directive: string | null;
  readonly outcome: AttemptOutcome;
}

const origin = 'https://exfiltration-check.invalid';

/** Each way out: starts an attempt towards an address; may throw. */
const attempts: Readonly<Record<string, (address: string) => unknown>> = {
  fetch: (address) => fetch(address, { mode: 'no-cors' }),
  XMLHttpRequest: (address) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.send('x');
  },
  WebSocket: (address) => new WebSocket(address.replace('https', 'wss')).close(),
  // Closed later, because the browser never makes, and so never blocks, an attempt that is closed at once.
  EventSource: (address) => {
    const source = new EventSource(address);
    setTimeout(() => source.close(), 250);
  },
  beacon: (address) => navigator.sendBeacon(address, 'x'),
  image: (address) => {
    new Image().src = address;
  },
  script: (address) => insert('script', { src: address }),
  'style sheet': (address) => insert('link', { rel: 'stylesheet', href: address }),
  frame: (address) => insert('iframe', { src: address }),
  audio: (address) => insert('audio', { src: address, preload: 'auto' }),
  object: (address) => insert('object', { data: address }),
};

/**
 * Tries them all, one after the other.
 * @param waitMs time that the browser gets to report that its policy stopped an attempt.
 */
export async function checkConnections(waitMs = 300): Promise<ConnectionAttempt[]> {
  const outcomes: ConnectionAttempt[] = [];
  for (const [kind, start] of Object.entries(attempts)) outcomes.push(await tryOne(kind, start, waitMs));
  return outcomes;
}

async function tryOne(
  kind: string,
  start: (address: string) => unknown,
  waitMs: number,
): Promise<ConnectionAttempt> {
  const address = `${origin}/${encodeURIComponent(kind)}`;
  const violated = new Promise<string>((resolve) => {
    const listen = (event: SecurityPolicyViolationEvent): void => {
      // Some browsers report a blocked address with its path, others only its origin. Attempts run one at a time, so the origin is enough.
      if (!event.blockedURI.includes('exfiltration-check.invalid')) return;
      document.removeEventListener('securitypolicyviolation', listen);
      resolve(event.effectiveDirective);
    };
    document.addEventListener('securitypolicyviolation', listen);
    setTimeout(() => document.removeEventListener('securitypolicyviolation', listen), waitMs + 50);
  });
  const settled = attempt(start, address);
  const directive = await Promise.race([violated, after(waitMs).then(() => null)]);
  if (directive !== null) return { kind, directive, outcome: 'blocked' };
  const through = await Promise.race([settled, after(50).then(() => false)]);
  return { kind, directive: null, outcome: through ? 'notBlocked' : 'failed' };
}

/** True when the attempt itself reported success. */
async function attempt(start: (address: string) => unknown, address: string): Promise<boolean> {
  try {
    return (await start(address)) instanceof Response;
  } catch {
    return false;
  }
}

function insert(tag: string, attributes: Readonly<Record<string, string>>): void {
  const element = document.createElement(tag);
  // Drawn but invisible, because browsers do not load an object that is hidden.
  Object.assign(element.style, { position: 'fixed', left: '-9px', width: '1px', height: '1px' });
  element.setAttribute('aria-hidden', 'true');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  setTimeout(() => element.remove(), 250);
}

function after(waitMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, waitMs));
}

/** One security header: what it should be and what this page came with. */
export interface HeaderLine {
  readonly name: string;
  readonly expected: string;
  readonly received: string | null;
}

/** The security headers that this page's own address answers with. */
export async function readHeaders(expected: Readonly<Record<string, string>>): Promise<HeaderLine[]> {
  const answer = await fetch(location.href.split('#')[0]!, { method: 'HEAD', cache: 'no-store' });
  return Object.entries(expected).map(([name, value]) => ({
    name,
    expected: value,
    received: answer.headers.get(name),
  }));
}
