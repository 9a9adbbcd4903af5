-- Ends a statement that writes a batch of mail in one go, where a condition it was planned on does not hold.
CREATE FUNCTION fail_batch(reason text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the batch cannot be written: %', reason USING ERRCODE = 'serialization_failure';
END $$;

-- Foreign keys of what every message writes cost a sixth of its write, row by row, and say what its writer knows: rows of `message` and
-- `blob_chunk` are only written together with their blob, or copied from a row that refers to it, under the account's lock, under which alone
-- folders go. So they are checked where something is taken away, statement by statement.
ALTER TABLE blob_chunk DROP CONSTRAINT blob_chunk_blob_id_fkey;
ALTER TABLE message DROP CONSTRAINT message_blob_id_fkey;
ALTER TABLE message DROP CONSTRAINT message_account_id_folder_id_fkey;

-- A blob takes its chunks with it, and stays where a message refers to it.
CREATE FUNCTION remove_chunks() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM removed r JOIN message m ON m.blob_id = r.id) THEN
    RAISE EXCEPTION 'a message refers to the blob' USING ERRCODE = 'foreign_key_violation';
  END IF;
  DELETE FROM blob_chunk c USING removed r WHERE c.blob_id = r.id;
  RETURN NULL;
END $$;
CREATE TRIGGER blob_remove_chunks AFTER DELETE ON blob REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION remove_chunks();

CREATE FUNCTION keep_folders_with_messages() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM removed r JOIN message m ON m.account_id = r.account_id AND m.folder_id = r.id) THEN
    RAISE EXCEPTION 'a message is in the folder' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER folder_keep_with_messages AFTER DELETE ON folder REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_folders_with_messages();
