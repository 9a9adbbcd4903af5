-- FUTURERELEASE (RFC 4865): not to be tried before; and REQUIRETLS (RFC 8689): over verified TLS or not at all.
ALTER TABLE queue_message
  ADD COLUMN not_before  timestamptz,
  ADD COLUMN require_tls boolean NOT NULL DEFAULT false;

-- Why an entry was held when it came, for people to read; null where a person held it.
ALTER TABLE queue_entry ADD COLUMN hold_reason text;
