"use strict";
// Reads QR codes (ISO/IEC 18004, versions 1 to 16) out of a picture: all of them, at any angle.
const Qr = (() => {
  const MOST_VERSION = 16;
  // Error correction words a block, and blocks, by level and version (table 9 of the standard).
  const WORDS = {
    L: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24],
    M: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28],
    Q: [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24],
    H: [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30],
  };
  const BLOCKS = {
    L: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6],
    M: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10],
    Q: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17],
    H: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16],
  };
  const LEVELS = ["M", "L", "H", "Q"]; // by the two bits of the format
  const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const MASKS = [
    (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (r, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
    (r, c) => ((r >> 1) + Math.floor(c / 3)) % 2 === 0, (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
    (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
  ];

  // ------------------------------------------------------------ black and white

  function grey(rgba, width, height) {
    const found = new Uint8Array(width * height);
    for (let i = 0, at = 0; i < found.length; i++, at += 4) {
      const ink = (77 * rgba[at] + 151 * rgba[at + 1] + 28 * rgba[at + 2]) >> 8, alpha = rgba[at + 3];
      found[i] = alpha === 255 ? ink : 255 - ((255 - ink) * alpha) / 255;
    }
    return found;
  }

  // A point is dark if it is darker than its neighbourhood: shadows over a table do no harm.
  function darkPoints(light, width, height, share) {
    const sums = new Float64Array((width + 1) * (height + 1)), dark = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0, line = 0; x < width; x++) {
        line += light[y * width + x];
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + line;
      }
    }
    const half = Math.max(8, Math.round(Math.min(width, height) / share));
    for (let y = 0; y < height; y++) {
      const top = Math.max(0, y - half), bottom = Math.min(height, y + half + 1);
      for (let x = 0; x < width; x++) {
        const left = Math.max(0, x - half), right = Math.min(width, x + half + 1), w = width + 1;
        const sum = sums[bottom * w + right] - sums[top * w + right] - sums[bottom * w + left] + sums[top * w + left];
        const mean = sum / ((bottom - top) * (right - left));
        dark[y * width + x] = light[y * width + x] < mean * 0.9 - 3 ? 1 : 0;
      }
    }
    return { dark, width, height };
  }

  // ------------------------------------------------------------ the three large squares

  function isFinder(runs) {
    const total = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
    if (total < 7 || runs.includes(0)) return false;
    const module = total / 7, slack = Math.max(module * 0.6, 1);
    return Math.abs(runs[0] - module) <= slack && Math.abs(runs[1] - module) <= slack
      && Math.abs(runs[2] - 3 * module) <= 2 * slack
      && Math.abs(runs[3] - module) <= slack && Math.abs(runs[4] - module) <= slack;
  }

  // The five runs through a point along a direction, and where their middle lies; null if they do not fit.
  function across({ dark, width, height }, x, y, dx, dy, most) {
    const runs = [0, 0, 0, 0, 0];
    const at = (n) => {
      const px = x + n * dx, py = y + n * dy;
      return px < 0 || py < 0 || px >= width || py >= height ? -1 : dark[py * width + px];
    };
    if (at(0) !== 1) return null;
    let n = 0;
    for (const [run, ink] of [[2, 1], [1, 0], [0, 1]]) while (at(n) === ink && runs[run] <= most) { runs[run]++; n--; }
    const start = n;
    n = 1;
    for (const [run, ink] of [[2, 1], [3, 0], [4, 1]]) while (at(n) === ink && runs[run] <= 2 * most) { runs[run]++; n++; }
    if (!isFinder(runs)) return null;
    return { middle: start + 1 + runs[0] + runs[1] + (runs[2] - 1) / 2, module: (n - start - 1) / 7 };
  }

  function finders(picture) {
    const { dark, width, height } = picture, found = [];
    for (let y = 0; y < height; y++) {
      const runs = [0, 0, 0, 0, 0];
      let ink = 0;
      for (let x = 0; x <= width; x++) {
        const now = x < width ? dark[y * width + x] : 1 - ink;
        if (now === ink) { runs[4]++; continue; }
        if (ink === 1 && isFinder(runs)) note(picture, found, x, y, runs);
        runs.shift(); runs.push(1);
        ink = now;
      }
    }
    return found.filter((one) => one.seen >= 2);
  }

  function note(picture, found, end, y, runs) {
    const total = runs.reduce((a, b) => a + b), x = Math.round(end - runs[4] - runs[3] - runs[2] / 2 - 0.5);
    const down = across(picture, x, y, 0, 1, total);
    if (down === null) return;
    const cy = y + down.middle, side = across(picture, x, Math.round(cy), 1, 0, total);
    if (side === null) return;
    const cx = x + side.middle, module = (down.module + side.module) / 2;
    if (Math.max(down.module, side.module) > 2 * Math.min(down.module, side.module)) return;
    const near = found.find((one) => Math.hypot(one.x - cx, one.y - cy) < 2.5 * Math.max(module, one.module));
    if (!near) { found.push({ x: cx, y: cy, module, seen: 1 }); return; }
    const n = near.seen++;
    near.x = (near.x * n + cx) / (n + 1); near.y = (near.y * n + cy) / (n + 1); near.module = (near.module * n + module) / (n + 1);
  }

  // ------------------------------------------------------------ which three belong together

  function corners(found) {
    const some = found.slice().sort((a, b) => b.seen - a.seen).slice(0, 60), sets = [];
    for (let i = 0; i < some.length; i++) for (let j = i + 1; j < some.length; j++) for (let k = j + 1; k < some.length; k++) {
      const set = corner(some[i], some[j], some[k]);
      if (set) sets.push(set);
    }
    return sets.sort((a, b) => a.oddness - b.oddness).slice(0, 400);
  }

  function corner(a, b, c) {
    const modules = [a.module, b.module, c.module], least = Math.min(...modules), most = Math.max(...modules);
    if (most > 1.7 * least) return null;
    const far = (p, q) => Math.hypot(p.x - q.x, p.y - q.y);
    const [ab, bc, ca] = [far(a, b), far(b, c), far(c, a)], longest = Math.max(ab, bc, ca);
    const [origin, one, two] = longest === bc ? [a, b, c] : longest === ca ? [b, c, a] : [c, a, b];
    const ux = one.x - origin.x, uy = one.y - origin.y, vx = two.x - origin.x, vy = two.y - origin.y;
    const u = Math.hypot(ux, uy), v = Math.hypot(vx, vy);
    const lean = Math.max(Math.abs(ux), Math.abs(uy)) / u; // a line through a leaning square is longer
    const module = (lean * (a.module + b.module + c.module)) / 3;
    const size = (u + v) / 2 / module + 7, turn = (ux * vx + uy * vy) / (u * v);
    if (size < 17 || size > 95 || Math.max(u, v) > 1.5 * Math.min(u, v) || Math.abs(turn) > 0.45) return null;
    const clockwise = ux * vy - uy * vx > 0;
    const oddness = Math.abs(u - v) / (u + v) + Math.abs(turn) + (most - least) / most + (u + v) / 1e5;
    return { origin, right: clockwise ? one : two, below: clockwise ? two : one, module, size, oddness };
  }

  // ------------------------------------------------------------ from the picture to modules

  function projection(from, to) { // the 3 x 3 matrix that takes four points to four points
    const rows = [];
    for (let n = 0; n < 4; n++) {
      const [x, y] = from[n], [u, v] = to[n];
      rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]);
    }
    for (let i = 0; i < 8; i++) {
      let best = i;
      for (let r = i + 1; r < 8; r++) if (Math.abs(rows[r][i]) > Math.abs(rows[best][i])) best = r;
      [rows[i], rows[best]] = [rows[best], rows[i]];
      if (Math.abs(rows[i][i]) < 1e-9) return null;
      for (let r = 0; r < 8; r++) {
        if (r === i) continue;
        const factor = rows[r][i] / rows[i][i];
        for (let c = i; c < 9; c++) rows[r][c] -= factor * rows[i][c];
      }
    }
    const m = rows.map((row, n) => row[8] / row[n]);
    return (x, y) => { const d = m[6] * x + m[7] * y + 1; return [(m[0] * x + m[1] * y + m[2]) / d, (m[3] * x + m[4] * y + m[5]) / d]; };
  }

  const inkAt = ({ dark, width, height }, x, y) => {
    const px = Math.round(x), py = Math.round(y);
    return px < 0 || py < 0 || px >= width || py >= height ? 0 : dark[py * width + px];
  };

  // The small square near the fourth corner: dark middle, light ring, dark ring.
  function alignment(picture, set, size) {
    const { origin, right, below } = set, steps = size - 7;
    const ux = (right.x - origin.x) / steps, uy = (right.y - origin.y) / steps;
    const vx = (below.x - origin.x) / steps, vy = (below.y - origin.y) / steps;
    const startX = origin.x + (ux + vx) * (size - 10), startY = origin.y + (uy + vy) * (size - 10);
    const reach = Math.max(4, Math.min(9, size / 6)), step = Math.max(0.25, 1 / set.module);
    let best = 0, places = [];
    for (let b = -reach; b <= reach; b += step) for (let a = -reach; a <= reach; a += step) {
      const x = startX + a * ux + b * vx, y = startY + a * uy + b * vy;
      if (!inkAt(picture, x, y)) continue;
      let score = 0;
      for (let j = -2; j <= 2; j++) for (let i = -2; i <= 2; i++) {
        const isDark = Math.max(Math.abs(i), Math.abs(j)) !== 1 ? 1 : 0;
        if (inkAt(picture, x + i * ux + j * vx, y + i * uy + j * vy) === isDark) score++;
      }
      const near = score - (Math.abs(a) + Math.abs(b)) * 0.05;
      if (near > best + 1e-9 && score > best) { best = score; places = [[x, y]]; }
      else if (score === best) places.push([x, y]);
    }
    if (best < 22) return null;
    const [fx, fy] = places[0], close = places.filter(([x, y]) => Math.hypot(x - fx, y - fy) < 2 * set.module);
    return [close.reduce((sum, p) => sum + p[0], 0) / close.length, close.reduce((sum, p) => sum + p[1], 0) / close.length];
  }

  function modulesOf(picture, set, size, fourth) {
    const { origin, right, below } = set, end = size - 3.5;
    const last = fourth ? size - 6.5 : end;
    const to = fourth || [right.x + below.x - origin.x, right.y + below.y - origin.y];
    const place = projection([[3.5, 3.5], [end, 3.5], [3.5, end], [last, last]], [[origin.x, origin.y], [right.x, right.y], [below.x, below.y], to]);
    if (place === null) return null;
    const grid = [];
    for (let r = 0; r < size; r++) {
      const line = new Uint8Array(size);
      for (let c = 0; c < size; c++) {
        let dark = 0;
        for (const [i, j] of [[0.5, 0.5], [0.5, 0.5], [0.3, 0.5], [0.7, 0.5], [0.5, 0.3], [0.5, 0.7]]) dark += inkAt(picture, ...place(c + i, r + j));
        line[c] = dark >= 3 ? 1 : 0;
      }
      grid.push(line);
    }
    return grid;
  }

  function timing(grid) {
    let good = 0;
    for (let n = 8; n < grid.length - 8; n++) good += (grid[6][n] === 1 - (n & 1) ? 1 : 0) + (grid[n][6] === 1 - (n & 1) ? 1 : 0);
    return good / (2 * (grid.length - 16));
  }

  // ------------------------------------------------------------ from modules to text

  function formatOf(grid) {
    const size = grid.length, one = [], two = [];
    for (let c = 0; c <= 5; c++) one.push(grid[8][c]);
    one.push(grid[8][7], grid[8][8], grid[7][8]);
    for (let r = 5; r >= 0; r--) one.push(grid[r][8]);
    for (let r = size - 1; r >= size - 7; r--) two.push(grid[r][8]);
    for (let c = size - 8; c < size; c++) two.push(grid[8][c]);
    const read = [one, two].map((bits) => bits.reduce((sum, bit) => (sum << 1) | bit, 0));
    let best = { distance: 4, value: -1 };
    for (let value = 0; value < 32; value++) {
      let rest = value << 10;
      for (let n = 14; n >= 10; n--) if (rest & (1 << n)) rest ^= 0x537 << (n - 10);
      const word = ((value << 10) | rest) ^ 0x5412;
      for (const bits of read) {
        let distance = 0;
        for (let x = bits ^ word; x; x &= x - 1) distance++;
        if (distance < best.distance) best = { distance, value };
      }
    }
    return best.value < 0 ? null : { level: LEVELS[best.value >> 3], mask: MASKS[best.value & 7] };
  }

  function isData(size, version) {
    const taken = Array.from({ length: size }, () => new Uint8Array(size));
    const fill = (r0, c0, h, w) => { for (let r = r0; r < r0 + h; r++) taken[r].fill(1, c0, c0 + w); };
    fill(0, 0, 9, 9); fill(0, size - 8, 9, 8); fill(size - 8, 0, 8, 9); fill(6, 0, 1, size); fill(0, 6, size, 1);
    if (version >= 7) { fill(0, size - 11, 6, 3); fill(size - 11, 0, 3, 6); }
    const centres = [];
    if (version >= 2) {
      const count = Math.floor(version / 7) + 2, step = Math.ceil((size - 13) / (count * 2 - 2)) * 2;
      for (let at = size - 7; centres.length < count - 1; at -= step) centres.unshift(at);
      centres.unshift(6);
    }
    const last = centres.length - 1;
    centres.forEach((r, i) => centres.forEach((c, j) => {
      const isFinderCorner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!isFinderCorner) fill(r - 2, c - 2, 5, 5);
    }));
    return taken;
  }

  function codewords(grid, version, mask) {
    const size = grid.length, taken = isData(size, version), found = [];
    let byte = 0, bits = 0;
    for (let right = size - 1, up = true; right >= 1; right -= 2, up = !up) {
      if (right === 6) right = 5;
      for (let n = 0; n < size; n++) {
        const r = up ? size - 1 - n : n;
        for (let c = right; c > right - 2; c--) {
          if (taken[r][c]) continue;
          byte = (byte << 1) | (grid[r][c] ^ (mask(r, c) ? 1 : 0));
          if (++bits === 8) { found.push(byte); byte = 0; bits = 0; }
        }
      }
    }
    return found;
  }

  function corrected(words, version, level) {
    const blocks = BLOCKS[level][version - 1], extra = WORDS[level][version - 1], total = words.length;
    const short = Math.floor(total / blocks), shorts = blocks - (total % blocks), parts = Array.from({ length: blocks }, () => []);
    let at = 0;
    for (let n = 0; n <= short - extra; n++) for (let b = 0; b < blocks; b++) if (n < short - extra || b >= shorts) parts[b].push(words[at++]);
    for (let n = 0; n < extra; n++) for (let b = 0; b < blocks; b++) parts[b].push(words[at++]);
    const found = [];
    for (const part of parts) {
      const fixed = repaired(part, extra);
      if (fixed === null) return null;
      found.push(...fixed.slice(0, part.length - extra));
    }
    return found;
  }

  const EXP = new Uint8Array(512), LOG = new Uint8Array(256);
  for (let n = 0, x = 1; n < 255; n++) { EXP[n] = EXP[n + 255] = x; LOG[x] = n; x <<= 1; if (x & 256) x ^= 0x11d; }
  const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);
  const inverse = (a) => EXP[255 - LOG[a]];

  // Reed-Solomon over GF(256): the block with its errors mended, or null if there are too many.
  function repaired(block, extra) {
    const length = block.length, syndromes = [];
    for (let n = 0; n < extra; n++) syndromes.push(block.reduce((sum, word) => times(sum, EXP[n]) ^ word, 0));
    if (syndromes.every((one) => one === 0)) return block;
    let locator = [1], before = [1], discrepancyBefore = 1, gap = 1, count = 0; // Berlekamp and Massey
    for (let n = 0; n < extra; n++) {
      let discrepancy = syndromes[n];
      for (let i = 1; i <= count; i++) discrepancy ^= times(locator[i] || 0, syndromes[n - i]);
      if (discrepancy === 0) { gap++; continue; }
      const factor = times(discrepancy, inverse(discrepancyBefore)), kept = locator.slice();
      before.forEach((value, i) => { locator[i + gap] = (locator[i + gap] || 0) ^ times(factor, value); });
      for (let i = 0; i < locator.length; i++) locator[i] = locator[i] || 0;
      if (2 * count <= n) { count = n + 1 - count; before = kept; discrepancyBefore = discrepancy; gap = 1; } else gap++;
    }
    if (2 * count > extra) return null;
    const places = [];
    const valueAt = (polynomial, x) => polynomial.reduceRight((sum, value) => times(sum, x) ^ value, 0);
    for (let n = 0; n < length; n++) if (valueAt(locator, EXP[(255 - n) % 255]) === 0) places.push(n);
    if (places.length !== count) return null;
    const evaluator = new Array(extra).fill(0);
    for (let i = 0; i < extra; i++) for (let j = 0; j <= i && j < locator.length; j++) evaluator[i] ^= times(syndromes[i - j], locator[j]);
    const slope = locator.map((value, i) => (i % 2 ? value : 0)).slice(1); // the formal derivative
    const fixed = block.slice();
    for (const n of places) {
      const x = EXP[(255 - n) % 255], below = valueAt(slope, x);
      if (below === 0) return null;
      fixed[length - 1 - n] ^= times(EXP[n], times(valueAt(evaluator, x), inverse(below)));
    }
    return fixed;
  }

  function textOf(data, version) {
    let at = 0;
    const left = () => data.length * 8 - at;
    const take = (count) => { let value = 0; for (let n = 0; n < count; n++, at++) value = (value << 1) | ((data[at >> 3] >> (7 - (at & 7))) & 1); return value; };
    const wide = version < 10 ? 0 : 1;
    let text = "", bytes = [];
    const flush = () => { if (bytes.length) text += decoded(bytes); bytes = []; };
    while (left() >= 4) {
      const mode = take(4);
      if (mode === 0) break;
      if (mode === 7) { const first = take(8); take(first < 128 ? 0 : first < 192 ? 8 : 16); continue; }
      const sizes = { 1: [10, 12], 2: [9, 11], 4: [8, 16] }[mode];
      if (!sizes || left() < sizes[wide]) return null;
      let count = take(sizes[wide]);
      if (mode !== 4) flush();
      if (mode === 4) { if (left() < 8 * count) return null; while (count--) bytes.push(take(8)); }
      else if (mode === 2) {
        for (; count >= 2; count -= 2) { if (left() < 11) return null; const pair = take(11); if (pair >= 2025) return null; text += ALPHANUMERIC[Math.floor(pair / 45)] + ALPHANUMERIC[pair % 45]; }
        if (count) { if (left() < 6) return null; const one = take(6); if (one >= 45) return null; text += ALPHANUMERIC[one]; }
      } else {
        for (; count >= 3; count -= 3) { if (left() < 10) return null; text += String(take(10)).padStart(3, "0"); }
        if (count) { const size = count === 2 ? 7 : 4; if (left() < size) return null; text += String(take(size)).padStart(count, "0"); }
      }
    }
    flush();
    return text;
  }

  function decoded(bytes) {
    const raw = Uint8Array.from(bytes);
    try { return new TextDecoder("utf-8", { fatal: true }).decode(raw); } catch { return new TextDecoder("latin1").decode(raw); }
  }

  function decode(grid) {
    const size = grid.length, version = (size - 17) / 4, format = formatOf(grid);
    if (format === null) return null;
    const data = corrected(codewords(grid, version, format.mask), version, format.level);
    return data === null ? null : textOf(data, version) || null;
  }

  // Seen from the side the fourth corner is off by up to two modules: look around it.
  const AROUND = [];
  for (let b = -4; b <= 4; b++) for (let a = -4; a <= 4; a++) AROUND.push([a * 0.4, b * 0.4]);
  AROUND.sort((one, two) => Math.hypot(...one) - Math.hypot(...two));

  function readAround(picture, set, size, [x, y]) {
    for (const [a, b] of AROUND) {
      const grid = modulesOf(picture, set, size, [x + a * set.module, y + b * set.module]);
      const text = grid !== null && timing(grid) >= 0.75 ? decode(grid) : null;
      if (text) return text;
    }
    return null;
  }

  function readSet(picture, set) {
    const middle = Math.round((set.size - 17) / 4), versions = [0, 1, -1, 2, -2].map((n) => middle + n);
    for (const version of versions) {
      if (version < 1 || version > MOST_VERSION) continue;
      const size = 17 + 4 * version, fourth = version > 1 ? alignment(picture, set, size) : null;
      let isClose = false;
      for (const place of fourth ? [fourth, null] : [null]) {
        const grid = modulesOf(picture, set, size, place), fit = grid === null ? 0 : timing(grid);
        isClose = isClose || fit >= 0.6;
        if (fit < 0.8) continue;
        const mirrored = grid.map((_, r) => Uint8Array.from(grid, (line) => line[r]));
        const text = decode(grid) || decode(mirrored);
        if (text) return text;
      }
      const found = fourth && isClose ? readAround(picture, set, size, fourth) : null;
      if (found) return found;
    }
    return null;
  }

  // Return the text of each code in RGBA points, from top to bottom; an empty array if there is none.
  function read(rgba, width, height) {
    const light = grey(rgba, width, height), found = [];
    for (const share of [12, 30]) {
      const picture = darkPoints(light, width, height, share), used = new Set();
      for (const set of corners(finders(picture))) {
        const three = [set.origin, set.right, set.below];
        if (three.some((one) => used.has(one))) continue;
        const text = readSet(picture, set);
        if (text === null) continue;
        three.forEach((one) => used.add(one));
        if (!found.some((one) => one.text === text)) found.push({ text, x: set.origin.x, y: set.origin.y });
      }
      if (found.length) break;
    }
    return found.sort((a, b) => a.y - b.y || a.x - b.x).map((one) => one.text);
  }

  return { read };
})();
