// Loaded before the program by --import, in its main and every worker thread: whatever reaches for
// another machine is refused and written to NETWORK_RECORD, and so is that this hook was there.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { isMainThread } from 'node:worker_threads';

const thread = isMainThread ? 'main' : 'worker';
const record = (what) => appendFileSync(process.env.NETWORK_RECORD, `${thread} ${what}\n`);
const refuse = (what) => {
  record(what);
  throw new Error(`No network here: ${what}.`);
};
const isLoopback = (host) => /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(host);

/** Wraps a method so that a call to another machine is refused; `hostOf` says which a call means. */
function watch(object, name, hostOf) {
  const original = object[name];
  object[name] = function (...given) {
    const host = hostOf(...given);
    if (host !== null && !isLoopback(host)) refuse(`${name} ${host}`);
    return original.apply(this, given);
  };
}

/** The host that a connection or a server names in any of Node's forms; null for a pipe. */
function named(missing) {
  const host = (first, second) => {
    // net.connect hands over its arguments as one array
    if (Array.isArray(first)) return host(...first);
    if (typeof first === 'object' && first !== null) {
      return typeof first.path === 'string' || first.fd !== undefined || first._handle
        ? null
        : (first.host ?? missing);
    }
    if (typeof first === 'string' && Number.isNaN(Number(first))) return null;
    return typeof second === 'string' ? second : missing;
  };
  return host;
}

watch(net.Socket.prototype, 'connect', named('localhost'));
// a server that names no host listens to every machine
watch(net.Server.prototype, 'listen', named('every machine'));
watch(dgram.Socket.prototype, 'connect', (_, host) => (typeof host === 'string' ? host : '::1'));
watch(dgram.Socket.prototype, 'send', (...given) =>
  // the address is the last text after the message
  String(given.slice(1).findLast((part) => typeof part === 'string') ?? '::1'),
);
watch(dns, 'lookup', (host) => host);
watch(dns.promises, 'lookup', (host) => host);
for (const resolver of [
  dns,
  dns.promises,
  dns.Resolver.prototype,
  dns.promises.Resolver.prototype,
]) {
  for (const name of Object.getOwnPropertyNames(resolver)) {
    if (/^(resolve|reverse$)/.test(name)) watch(resolver, name, (host) => `a name server: ${host}`);
  }
}
watch(globalThis, 'fetch', (target) => new URL(target.url ?? target).hostname);
syncBuiltinESMExports();
record('is watched');
