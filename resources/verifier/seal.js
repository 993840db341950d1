"use strict";
// What enumerator_app/cards/{base45,claims,seal}.py says about a code, said the same in a browser.
// The same texts get the same word and the same reason: a test holds both against one corpus.
const Seal = (() => {
  const PREFIX = "TP1:", LONGEST_TEXT = 400, STALE_AFTER_DAYS = 30;
  const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const HEAD = [0xd2, 0x84, 0x4d, 0xa2, 0x01, 0x27, 0x04, 0x48]; // 18([<<{1: -8, 4: kid}>>, ...
  const DAY_MS = 86400000, DAY_ZERO = Date.UTC(2020, 0, 1);
  const FIRST_DAY = -737424, LAST_DAY = 2914634; // the years 1 to 9999
  const KINDS = ["provisional", "active"];
  const bytesOf = (text) => new TextEncoder().encode(text);
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const fromHex = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));

  class Refused extends Error {
    constructor(word, reason, claims = null) { super(word); Object.assign(this, { word, reason: reason || word, claims }); }
  }

  function fromBase45(text) {
    if (text.length % 3 === 1) return null;
    const found = [];
    for (let at = 0; at < text.length; at += 3) {
      const values = Array.from(text.slice(at, at + 3), (character) => BASE45.indexOf(character));
      if (values.includes(-1)) return null;
      const number = values.reduceRight((sum, value) => sum * 45 + value, 0);
      if (number >= 256 ** (values.length - 1)) return null;
      if (values.length === 3) found.push(number >> 8);
      found.push(number & 255);
    }
    return Uint8Array.from(found);
  }

  function readFrame(given) {
    const text = given.replace(/^[\r\n\t]+|[\r\n\t]+$/g, "");
    if (!text.startsWith(PREFIX) || Array.from(text).length > LONGEST_TEXT) throw new Refused("not_genuine", "other_code");
    const raw = fromBase45(text.slice(PREFIX.length));
    if (raw === null || !isOneForm(raw)) throw new Refused("not_genuine", "malformed");
    return { kid: raw.subarray(8, 16), payload: raw.subarray(19, -66), signature: raw.subarray(-64) };
  }

  function isOneForm(raw) {
    const length = raw.length - 85; // 19 before the claims, 66 behind them
    return length >= 24 && length <= 255 && HEAD.every((byte, n) => raw[n] === byte)
      && raw[16] === 0xa0 && raw[17] === 0x58 && raw[18] === length
      && raw[raw.length - 66] === 0x58 && raw[raw.length - 65] === 0x40;
  }

  function toBeSigned({ kid, payload }) {
    return Uint8Array.from([
      0x84, 0x6a, ...bytesOf("Signature1"), 0x4d, ...HEAD.slice(3), ...kid,
      0x49, ...bytesOf("TP1-card\n"), 0x58, payload.length, ...payload,
    ]);
  }

  // The claims: one array of eleven in deterministic CBOR; every other form is refused.
  class Reader {
    constructor(raw) { this.raw = raw; this.at = 0; }
    byte() { if (this.at >= this.raw.length) throw new RangeError(); return this.raw[this.at++]; }
    take(count) {
      if (this.at + count > this.raw.length) throw new RangeError();
      this.at += count;
      return this.raw.subarray(this.at - count, this.at);
    }
    head(major) {
      const first = this.byte(), short = first & 31;
      if (first >> 5 !== major || short > 26) throw new RangeError();
      if (short < 24) return short;
      const size = 1 << (short - 24), value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
      if (value < (size === 1 ? 24 : 256 ** (size / 2))) throw new RangeError(); // not the shortest
      return value;
    }
    integer() { return (this.raw[this.at] >> 5) === 1 ? -1 - this.head(1) : this.head(0); }
    orNull(read) { if (this.raw[this.at] !== 0xf6) return read.call(this); this.at++; return null; }
    text() { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.take(this.head(3))); }
    bytes() { return this.take(this.head(2)); }
  }

  function readClaims(payload) {
    const reader = new Reader(payload);
    if (reader.head(4) !== 11) throw new RangeError();
    const compact = reader.text(), issue = reader.integer(), kind = reader.integer(), district = reader.integer();
    const nameFrom = reader.at, name = reader.text(), nameBytes = reader.at - nameFrom - 1;
    const birthYear = reader.orNull(reader.integer), photo = reader.bytes();
    const [coverFrom, coverTo, issuedOn, expiresOn] = [0, 0, 0, 0].map(() => day(reader.orNull(reader.integer)));
    const number = fullNumber(compact);
    const isCovered = coverFrom !== null && coverTo !== null && coverFrom <= coverTo;
    const isGood = reader.at === payload.length && number !== null && issue >= 1 && issue <= 999
      && (kind === 0 || kind === 1) && district >= 100000 && district <= 999999
      && nameBytes >= 1 && nameBytes <= 12 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)
      && (birthYear === null || (birthYear >= 1880 && birthYear <= 2200))
      && (photo.length === 0 || photo.length === 4)
      && (kind === 1 ? isCovered : coverFrom === null && coverTo === null)
      && issuedOn !== null && expiresOn !== null && issuedOn <= expiresOn;
    if (!isGood) throw new RangeError();
    const [, deviceCode, serial] = number.split("-");
    return {
      number, issue, kind: KINDS[kind], district: String(district), name, birthYear, photo: hexOf(photo),
      coverFrom, coverTo, issuedOn, expiresOn, deviceCode, serial: Number(serial),
    };
  }

  function day(days) {
    if (days === null) return null;
    if (days < FIRST_DAY || days > LAST_DAY) throw new RangeError();
    const written = new Date(DAY_ZERO + days * DAY_MS).toISOString();
    return written.slice(0, 10);
  }

  function fullNumber(compact) {
    const parts = /^([0-9]{4})([A-Z][0-9]{2,3})([0-9]{5})([0-9A-Z]{3})([0-9A-Z])$/.exec(compact);
    if (parts === null) return null;
    const [, regency, device, serial, tag, check] = parts;
    let product = 36; // ISO 7064 MOD 37,36
    for (const character of regency + device + serial + tag) {
      product = ((((product + BASE36.indexOf(character)) % 36) || 36) * 2) % 37;
    }
    return BASE36[(37 - product) % 36] === check ? `${regency}-${device}-${serial}-${tag}${check}` : null;
  }

  function keyOf(kid, list) {
    const office = list.office_keys.filter((key) => key.kid === kid).pop();
    if (office) return { ...office, isOffice: true };
    const device = list.device_keys.filter((key) => key.kid === kid).pop();
    return device ? { ...device, isOffice: false } : null;
  }

  async function provenClaims(text, list, verify) {
    const frame = readFrame(text), key = keyOf(hexOf(frame.kid), list);
    if (key === null) throw new Refused("unknown_key");
    const isSigned = await verify(fromHex(key.public_key), toBeSigned(frame), Uint8Array.from(frame.signature));
    if (!isSigned) throw new Refused("not_genuine", "altered");
    let claims;
    try { claims = readClaims(frame.payload); } catch { throw new Refused("not_genuine", "malformed"); }
    if (claims.district.slice(0, 4) !== list.regency || claims.number.slice(0, 4) !== list.regency) throw new Refused("other_office");
    requireRightSealer(claims, key);
    return claims;
  }

  function requireRightSealer(claims, key) {
    if (key.isOffice) {
      if (claims.kind === "provisional") throw new Refused("not_genuine", "office_sealed_provisional");
      if (claims.issuedOn < key.not_before || claims.issuedOn > key.not_after) throw new Refused("not_genuine", "outside_key_dates");
      return;
    }
    if (claims.kind === "active") throw new Refused("not_genuine", "laptop_claims_cover");
    const last = key.serial_to === null ? claims.serial : key.serial_to;
    if (claims.deviceCode !== key.device_code || claims.serial < key.serial_from || claims.serial > last) throw new Refused("not_genuine", "foreign_serial");
    const vouches = key.valid_serials_up_to === null ? !key.revoked : claims.serial <= key.valid_serials_up_to;
    if (!vouches) throw new Refused("revoked", key.revoked ? "device_stopped" : "device_copied", claims);
  }

  function requireCurrent(claims, list, today) {
    if (list.revoked.includes(claims.number)) throw new Refused("revoked", null, claims);
    const newest = (list.superseded[claims.number] || {})[claims.kind] || 0;
    if (claims.issue < newest) throw new Refused("superseded", null, claims);
    if (today > claims.expiresOn || (claims.coverTo !== null && today > claims.coverTo)) throw new Refused("expired", `expired_${claims.kind}`, claims);
  }

  const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

  // Return {word, reason, claims, age}; never throws for any text.
  async function judge(text, list, today, verify = Ed25519.verify) {
    const at = today > list.issued_on ? today : list.issued_on, age = daysBetween(list.issued_on, at);
    try {
      const claims = await provenClaims(text, list, verify);
      requireCurrent(claims, list, at);
      const state = claims.coverFrom === null ? "recorded" : claims.coverFrom <= at ? "covered" : "not_begun";
      return age > STALE_AFTER_DAYS
        ? { word: "stale_list", reason: `${state}_stale`, claims, age }
        : { word: "genuine", reason: state, claims, age };
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      return { word: refused.word, reason: refused.reason, claims: refused.claims, age };
    }
  }

  // The list is believed through the certificate, and the certificate through the root key.
  async function openList(trust, verify = Ed25519.verify) {
    const { sig, ...certified } = trust.certificate;
    const fields = JSON.stringify(certified, Object.keys(certified).sort());
    const byRoot = await verify(fromHex(trust.root_key), bytesOf(`TP1-cert\n${fields}`), fromHex(sig));
    const whole = /^\{"list":(.*),"signature":"([0-9a-f]{128})"\}$/s.exec(trust.list);
    if (!byRoot || whole === null) return null;
    const byIssuer = await verify(fromHex(certified.public_key), bytesOf(`TP1-list\n${whole[1]}`), fromHex(whole[2]));
    return byIssuer ? JSON.parse(whole[1]) : null;
  }

  return { judge, openList, fromBase45, STALE_AFTER_DAYS };
})();
