"use strict";
// Ed25519 (RFC 8032): the browser's own where it has it, else in plain integers.
// The plain one is not constant in time; nothing secret is ever given to it.
const Ed25519 = (() => {
  const P = 2n ** 255n - 19n;
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (a, m = P) => ((a % m) + m) % m;
  const power = (base, exponent) => {
    let result = 1n;
    for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
    return result;
  };
  const inverse = (a) => power(a, P - 2n);
  const D = mod(-121665n * inverse(121666n));
  const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
  const ZERO = [0n, 1n, 1n, 0n];

  const little = (bytes) => {
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    return value;
  };

  function point(bytes) {
    const written = little(bytes), sign = written >> 255n, y = mod(written & (2n ** 255n - 1n));
    const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
    const v3 = mod(v * v * v);
    let x = mod(u * v3 * power(u * v3 * v3 * v, (P - 5n) / 8n));
    if (mod(v * x * x) !== u) x = mod(x * ROOT_OF_MINUS_ONE);
    if (mod(v * x * x) !== u || (x === 0n && sign === 1n)) return null;
    if ((x & 1n) !== sign) x = P - x;
    return [x, y, 1n, mod(x * y)];
  }

  function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2));
    const c = mod(2n * t1 * D * t2), d = mod(2n * z1 * z2);
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }

  function times(scalar, base) {
    let result = ZERO;
    for (let n = scalar, p = base; n > 0n; n >>= 1n, p = add(p, p)) if (n & 1n) result = add(result, p);
    return result;
  }

  function written([x, y, z]) {
    const i = inverse(z), value = mod(y * i) | ((mod(x * i) & 1n) << 255n);
    return Uint8Array.from({ length: 32 }, (_, n) => Number((value >> BigInt(8 * n)) & 255n));
  }

  const BASE = point(Uint8Array.of(0x58, ...new Array(31).fill(0x66)));

  function plainVerify(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    const key = point(publicKey), s = little(signature.subarray(32));
    if (key === null || s >= L) return false;
    const r = signature.subarray(0, 32), all = new Uint8Array(64 + message.length);
    all.set(r); all.set(publicKey, 32); all.set(message, 64);
    const k = little(sha512(all)) % L, [x, y, z, t] = key;
    const found = written(add(times(s, BASE), times(k, [mod(-x), y, z, mod(-t)])));
    return found.every((byte, n) => byte === r[n]);
  }

  // SHA-512 (FIPS 180-4). Its constants are the first 64 bits behind the point of the roots of primes.
  const MASK = 2n ** 64n - 1n;
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
  const root = (n, k) => {
    const wanted = BigInt(n) << BigInt(64 * k);
    let low = 0n, high = 1n << 70n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(k) <= wanted) low = middle; else high = middle;
    }
    return low & MASK;
  };
  const K = primes.map((p) => root(p, 3));
  const START = primes.slice(0, 8).map((p) => root(p, 2));
  const turned = (x, n) => ((x >> n) | (x << (64n - n))) & MASK;

  function sha512(message) {
    const length = Math.ceil((message.length + 17) / 128) * 128;
    const padded = new Uint8Array(length), view = new DataView(padded.buffer);
    padded.set(message); padded[message.length] = 0x80;
    view.setBigUint64(length - 8, BigInt(message.length) * 8n);
    const state = START.slice();
    for (let at = 0; at < length; at += 128) mix(state, view, at);
    const result = new Uint8Array(64), out = new DataView(result.buffer);
    state.forEach((word, n) => out.setBigUint64(8 * n, word));
    return result;
  }

  function mix(state, view, at) {
    const w = [];
    for (let n = 0; n < 80; n++) {
      if (n < 16) { w.push(view.getBigUint64(at + 8 * n)); continue; }
      const a = w[n - 15], b = w[n - 2];
      const s0 = turned(a, 1n) ^ turned(a, 8n) ^ (a >> 7n), s1 = turned(b, 19n) ^ turned(b, 61n) ^ (b >> 6n);
      w.push((w[n - 16] + s0 + w[n - 7] + s1) & MASK);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let n = 0; n < 80; n++) {
      const s1 = turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n), choice = (e & f) ^ (~e & MASK & g);
      const t1 = (h + s1 + choice + K[n] + w[n]) & MASK;
      const s0 = turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n), most = (a & b) ^ (a & c) ^ (b & c);
      [a, b, c, d, e, f, g, h] = [(t1 + s0 + most) & MASK, a, b, c, (d + t1) & MASK, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, n) => { state[n] = (state[n] + word) & MASK; });
  }

  async function verify(publicKey, message, signature) {
    const subtle = globalThis.crypto && globalThis.crypto.subtle;
    if (subtle) {
      try {
        const key = await subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
        return await subtle.verify({ name: "Ed25519" }, key, signature, message);
      } catch { /* an older browser: below */ }
    }
    return plainVerify(publicKey, message, signature);
  }

  return { verify, plainVerify, sha512 };
})();
