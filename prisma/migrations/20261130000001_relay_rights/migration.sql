-- A mailbox that takes app passwords only opens no relaying any more: engines have to hear of it (see `valid-openings.ts`).
DROP TRIGGER account_relay_notify ON account;
CREATE TRIGGER account_relay_notify
  AFTER UPDATE OF no_relay, credentials_version, suspended_at, deleted_at, app_passwords_only ON account
  FOR EACH STATEMENT EXECUTE FUNCTION notify_relay_rights();
