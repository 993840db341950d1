"""The schema of the laptop's file as it was released first: it never changes."""

from typing import Final

REGISTRATION: Final = """
CREATE TABLE registration (
  id INTEGER NOT NULL PRIMARY KEY,
  subject VARCHAR NOT NULL UNIQUE,
  number VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  custody VARCHAR NOT NULL,
  revision VARCHAR NOT NULL,
  source VARCHAR NOT NULL,
  pending VARCHAR,
  day VARCHAR NOT NULL,
  name_folded VARCHAR NOT NULL,
  nik_reversed VARCHAR NOT NULL,
  nik VARCHAR NOT NULL,
  document_seen VARCHAR NOT NULL,
  kk_number VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  birth_place VARCHAR NOT NULL,
  birth_date DATE,
  date_source VARCHAR NOT NULL,
  sex VARCHAR NOT NULL,
  mother_name VARCHAR NOT NULL,
  address VARCHAR NOT NULL,
  rt VARCHAR NOT NULL,
  rw VARCHAR NOT NULL,
  village_code VARCHAR NOT NULL,
  phone VARCHAR NOT NULL,
  phone_owner VARCHAR NOT NULL,
  email VARCHAR NOT NULL,
  occupation VARCHAR NOT NULL,
  workplace VARCHAR NOT NULL,
  works_now VARCHAR NOT NULL,
  works_since INTEGER,
  monthly_income INTEGER,
  consent_method VARCHAR NOT NULL,
  consent_witness VARCHAR NOT NULL,
  witness_role VARCHAR NOT NULL,
  consent_at VARCHAR,
  consent_text_version VARCHAR NOT NULL,
  photo VARCHAR,
  no_photo_reason VARCHAR NOT NULL,
  ticket VARCHAR NOT NULL,
  visit_id VARCHAR,
  group_id VARCHAR,
  latitude_udeg INTEGER,
  longitude_udeg INTEGER,
  location_source VARCHAR NOT NULL,
  registered_at VARCHAR NOT NULL,
  ended_on DATE,
  ended_reason VARCHAR NOT NULL,
  programmes JSON NOT NULL,
  heirs JSON NOT NULL,
  paradata JSON NOT NULL,
  kpj VARCHAR,
  cover_from DATE,
  cover_to DATE,
  card_seal VARCHAR,
  returned_field VARCHAR,
  returned_reason VARCHAR,
  case_kind VARCHAR,
  issue INTEGER NOT NULL DEFAULT 0,
  printed_at VARCHAR,
  printed_kind VARCHAR
);
CREATE INDEX registration_number ON registration(number);
CREATE INDEX registration_nik ON registration(nik_reversed);
CREATE INDEX registration_name ON registration(name_folded);
CREATE INDEX registration_birth_date ON registration(birth_date);
CREATE INDEX registration_village ON registration(village_code);
CREATE INDEX registration_day ON registration(day);
CREATE INDEX registration_state ON registration(state);
CREATE INDEX registration_unsent ON registration(id) WHERE custody = 'saved';
CREATE INDEX registration_pending ON registration(pending) WHERE pending IS NOT NULL;
CREATE VIRTUAL TABLE registration_search USING fts5(
  name, label, content='', contentless_delete=1, tokenize='trigram'
);
"""

JOURNAL: Final = """
CREATE TABLE entry (
  n INTEGER NOT NULL PRIMARY KEY,
  hash VARCHAR NOT NULL UNIQUE,
  epoch VARCHAR NOT NULL,
  seq INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  subject VARCHAR,
  header BLOB NOT NULL,
  salt BLOB,
  body BLOB,
  stage VARCHAR NOT NULL DEFAULT 'open',
  outcome VARCHAR,
  code VARCHAR
);
CREATE INDEX entry_subject ON entry(subject);
CREATE INDEX entry_open ON entry(n) WHERE stage = 'open';
CREATE TABLE notice (
  id INTEGER NOT NULL PRIMARY KEY,
  feed_hash VARCHAR NOT NULL UNIQUE,
  n INTEGER NOT NULL,
  digest VARCHAR NOT NULL,
  salt VARCHAR,
  kind VARCHAR NOT NULL,
  subject VARCHAR,
  revision VARCHAR,
  content VARCHAR
);
CREATE INDEX notice_subject ON notice(subject);
CREATE INDEX notice_revision ON notice(revision) WHERE kind = 'revision';
CREATE INDEX notice_kind ON notice(kind);
CREATE TABLE acknowledged (subject VARCHAR NOT NULL PRIMARY KEY, revision VARCHAR NOT NULL);
CREATE TABLE bucket (n INTEGER NOT NULL PRIMARY KEY, total VARCHAR NOT NULL);
CREATE TABLE erased (subject VARCHAR NOT NULL PRIMARY KEY, at VARCHAR NOT NULL);
"""

KEEPINGS: Final = """
CREATE TABLE photo (
  id INTEGER NOT NULL PRIMARY KEY,
  sha256 VARCHAR NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  entry INTEGER,
  thumbnail BLOB NOT NULL,
  jpeg BLOB NOT NULL
);
CREATE INDEX photo_unsent ON photo(entry) WHERE sent = 0;
CREATE TABLE draft (
  form_id VARCHAR NOT NULL PRIMARY KEY,
  payload VARCHAR NOT NULL,
  photo VARCHAR,
  updated VARCHAR NOT NULL
);
CREATE TABLE setting (name VARCHAR NOT NULL PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE content_digest (digest VARCHAR NOT NULL PRIMARY KEY, subject VARCHAR NOT NULL);
CREATE TABLE document (
  name VARCHAR NOT NULL PRIMARY KEY, content BLOB NOT NULL, kept_at VARCHAR NOT NULL
);
"""

SELF: Final = """
CREATE TABLE head (
  id INTEGER NOT NULL PRIMARY KEY,
  epoch VARCHAR NOT NULL,
  seq INTEGER NOT NULL,
  hash VARCHAR,
  n INTEGER NOT NULL,
  serial INTEGER NOT NULL
);
CREATE TABLE sync (
  id INTEGER NOT NULL PRIMARY KEY,
  server_epoch VARCHAR,
  feed_n INTEGER NOT NULL,
  feed_hash VARCHAR,
  owed INTEGER NOT NULL,
  counter INTEGER NOT NULL,
  office_time VARCHAR,
  finished_at VARCHAR,
  heads_agree INTEGER NOT NULL
);
CREATE TABLE identity (
  id INTEGER NOT NULL PRIMARY KEY,
  device VARCHAR NOT NULL,
  signing_key BLOB NOT NULL,
  office VARCHAR,
  regency VARCHAR,
  device_code VARCHAR,
  label VARCHAR,
  root_key VARCHAR,
  server_url VARCHAR,
  ca_certificate VARCHAR
);
INSERT INTO head (id, epoch, seq, hash, n, serial) VALUES (1, '', 0, NULL, 0, 0);
INSERT INTO sync (id, feed_n, owed, counter, heads_agree) VALUES (1, 0, 0, 0, 0);
"""
