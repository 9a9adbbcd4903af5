-- New values cannot be used in the transaction that adds them: what follows names none.
ALTER TYPE address_kind ADD VALUE IF NOT EXISTS 'forward';
ALTER TYPE address_kind ADD VALUE IF NOT EXISTS 'responder';

-- Takes what no address of the domain takes; null: it is refused.
ALTER TABLE domain ADD COLUMN catch_all_account_id bigint REFERENCES account (id) ON DELETE SET NULL;
CREATE INDEX domain_catch_all_idx ON domain (catch_all_account_id) WHERE catch_all_account_id IS NOT NULL;

-- Messages taken in an hour and in a day; null: as the settings say, 0: any number.
ALTER TABLE account
  ADD COLUMN receive_per_hour int CHECK (receive_per_hour >= 0),
  ADD COLUMN receive_per_day  int CHECK (receive_per_day >= 0);
CREATE TRIGGER account_receive_notify AFTER UPDATE OF receive_per_hour, receive_per_day
  ON account FOR EACH STATEMENT EXECUTE FUNCTION notify_directory();

-- Where a forward leads besides the accounts of address_target, which keep a copy.
CREATE TABLE forward_destination (
  address_id  bigint NOT NULL REFERENCES address (id) ON DELETE CASCADE,
  destination text NOT NULL,
  PRIMARY KEY (address_id, destination)
);
CREATE TRIGGER forward_destination_notify AFTER INSERT OR UPDATE OR DELETE ON forward_destination
  FOR EACH STATEMENT EXECUTE FUNCTION notify_directory();

-- What a responder answers; the accounts of address_target keep a copy of what came.
CREATE TABLE responder (
  address_id    bigint PRIMARY KEY REFERENCES address (id) ON DELETE CASCADE,
  subject       text NOT NULL,
  body          text NOT NULL,
  interval_days int NOT NULL CHECK (interval_days BETWEEN 1 AND 365)
);
CREATE TRIGGER responder_notify AFTER INSERT OR UPDATE OR DELETE ON responder
  FOR EACH STATEMENT EXECUTE FUNCTION notify_directory();

-- Whom a responder answered last when; ref names the reply, so that a second try at the same message sends the same reply.
CREATE TABLE responder_reply (
  address_id bigint NOT NULL REFERENCES address (id) ON DELETE CASCADE,
  sender     text NOT NULL,
  at         timestamptz NOT NULL,
  ref        text NOT NULL,
  PRIMARY KEY (address_id, sender)
);
CREATE INDEX responder_reply_at_idx ON responder_reply (address_id, at);
