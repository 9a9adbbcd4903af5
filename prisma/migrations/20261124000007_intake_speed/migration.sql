-- Ends a statement that writes a batch of mail in one go, where a condition it was planned on does not hold.
CREATE FUNCTION fail_batch(reason text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the batch cannot be written: %', reason USING ERRCODE = 'serialization_failure';
END $$;
