/**
 * FROM of openings that hold but for their time: everything else that can end one is looked at here, so that neither the engine nor
 * the panel ever believes more. Whoever selects adds `WHERE o.expires_at >` the present.
 */
export const VALID_OPENINGS = `relay_opening o
  JOIN account a ON a.id = o.account_id AND a.deleted_at IS NULL AND a.suspended_at IS NULL AND NOT a.no_relay
    AND NOT a.app_passwords_only AND a.credentials_version = o.credentials_version
  JOIN domain d ON d.id = a.domain_id AND d.deleted_at IS NULL AND d.suspended_at IS NULL AND d.pop_before_smtp`;
