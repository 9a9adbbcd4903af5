/**
 * Every operation there is. A test walks role × operation over this list, and fails for one that its table of who may does not
 * name; another finds those that are defined and not listed here.
 */
import { checkRules } from './access-rules/check-rules.ts';
import { exportRules } from './access-rules/export-rules.ts';
import { getRules } from './access-rules/get-rules.ts';
import { listVersions } from './access-rules/list-versions.ts';
import { listOpenings } from './access-rules/pop-before-smtp/list-openings.ts';
import { revokeOpenings } from './access-rules/pop-before-smtp/revoke-openings.ts';
import { restoreVersion } from './access-rules/restore-version.ts';
import { saveRules } from './access-rules/save-rules.ts';
import { testRules } from './access-rules/test-rules.ts';
import { createAccount } from './accounts/create-account.ts';
import { deleteAccounts } from './accounts/delete-accounts.ts';
import { getAccount } from './accounts/get-account.ts';
import { listAccounts } from './accounts/list-accounts.ts';
import { purgeAccounts } from './accounts/purge-accounts.ts';
import { resetPassword } from './accounts/reset-password.ts';
import { restoreAccounts } from './accounts/restore-accounts.ts';
import { resumeAccounts } from './accounts/resume-accounts.ts';
import { setNoRelay } from './accounts/set-no-relay.ts';
import { suspendAccounts } from './accounts/suspend-accounts.ts';
import { updateAccount } from './accounts/update-account.ts';
import { createAlias } from './addresses/create-alias.ts';
import { createForward } from './addresses/create-forward.ts';
import { createResponder } from './addresses/create-responder.ts';
import { deleteAddresses } from './addresses/delete-addresses.ts';
import { listAddresses } from './addresses/list-addresses.ts';
import { updateAlias } from './addresses/update-alias.ts';
import { updateForward } from './addresses/update-forward.ts';
import { updateResponder } from './addresses/update-responder.ts';
import { createAppPassword } from './app-passwords/create-app-password.ts';
import { getAppPasswords } from './app-passwords/get-app-passwords.ts';
import { requireAppPasswords } from './app-passwords/require-app-passwords.ts';
import { revokeAppPasswords } from './app-passwords/revoke-app-passwords.ts';
import { listAudit } from './audit/list-audit.ts';
import { listSessions } from './auth/list-sessions.ts';
import { revokeOtherSessions } from './auth/revoke-other-sessions.ts';
import { revokeSession } from './auth/revoke-session.ts';
import { allowNetwork } from './bans/allow-network.ts';
import { createBan } from './bans/create-ban.ts';
import { disallowNetworks } from './bans/disallow-networks.ts';
import { liftBans } from './bans/lift-bans.ts';
import { listAllowed } from './bans/list-allowed.ts';
import { listBans } from './bans/list-bans.ts';
import { restoreBans } from './bans/restore-bans.ts';
import { deleteCertificates } from './certificates/delete-certificates.ts';
import { listCertificates } from './certificates/list-certificates.ts';
import { uploadCertificate } from './certificates/upload-certificate.ts';
import { getDashboard } from './dashboard/get-dashboard.ts';
import { listDeleted } from './deleted/list-deleted.ts';
import { createDomain } from './domains/create-domain.ts';
import { deleteDomains } from './domains/delete-domains.ts';
import { getDomain } from './domains/get-domain.ts';
import { listDomains } from './domains/list-domains.ts';
import { purgeDomains } from './domains/purge-domains.ts';
import { restoreDomains } from './domains/restore-domains.ts';
import { resumeDomains } from './domains/resume-domains.ts';
import { setCatchAll } from './domains/set-catch-all.ts';
import { setPopBeforeSmtp } from './domains/set-pop-before-smtp.ts';
import { suspendDomains } from './domains/suspend-domains.ts';
import { updateDomain } from './domains/update-domain.ts';
import { engineStatus } from './engine/engine-status.ts';
import { listConnections } from './engine/list-connections.ts';
import { deleteHeld } from './held-mail/delete-held.ts';
import { listHeld } from './held-mail/list-held.ts';
import { listHeldMessages } from './held-mail/list-held-messages.ts';
import { releaseHeld } from './held-mail/release-held.ts';
import { createOperator } from './operators/create-operator.ts';
import { createPasswordLink } from './operators/create-password-link.ts';
import { deleteOperators } from './operators/delete-operators.ts';
import { getOperator } from './operators/get-operator.ts';
import { listOperators } from './operators/list-operators.ts';
import { restoreOperators } from './operators/restore-operators.ts';
import { resumeOperators } from './operators/resume-operators.ts';
import { suspendOperators } from './operators/suspend-operators.ts';
import { updateOperator } from './operators/update-operator.ts';
import { changePassword } from './profile/change-password.ts';
import { getProfile } from './profile/get-profile.ts';
import { updateProfile } from './profile/update-profile.ts';
import { deleteEntries } from './queue/delete-entries.ts';
import { holdEntries } from './queue/hold-entries.ts';
import { listQueue } from './queue/list-queue.ts';
import { releaseEntries } from './queue/release-entries.ts';
import { retryEntries } from './queue/retry-entries.ts';
import { summariseQueue } from './queue/summarise-queue.ts';
import { getSendAs } from './send-as/get-send-as.ts';
import { grantSendAs } from './send-as/grant-send-as.ts';
import { revokeSendAs } from './send-as/revoke-send-as.ts';
import { getSendLimits } from './send-limits/get-send-limits.ts';
import { updateSendLimits } from './send-limits/update-send-limits.ts';
import { listSettings } from './settings/list-settings.ts';
import { updateSetting } from './settings/update-setting.ts';
import { readPreferences } from './webmail/preferences/read-preferences.ts';
import { updatePreferences } from './webmail/preferences/update-preferences.ts';
import { listSenders } from './webmail/senders/list-senders.ts';

export const OPERATIONS = [
  getDashboard,
  getProfile,
  updateProfile,
  changePassword,
  listSessions,
  revokeSession,
  revokeOtherSessions,
  createAppPassword,
  getAppPasswords,
  revokeAppPasswords,
  requireAppPasswords,
  createOperator,
  listOperators,
  getOperator,
  updateOperator,
  suspendOperators,
  resumeOperators,
  deleteOperators,
  restoreOperators,
  createPasswordLink,
  createDomain,
  listDomains,
  getDomain,
  updateDomain,
  suspendDomains,
  resumeDomains,
  deleteDomains,
  restoreDomains,
  purgeDomains,
  setCatchAll,
  uploadCertificate,
  listCertificates,
  deleteCertificates,
  createAccount,
  listAccounts,
  getAccount,
  updateAccount,
  resetPassword,
  suspendAccounts,
  resumeAccounts,
  deleteAccounts,
  restoreAccounts,
  purgeAccounts,
  createAlias,
  createForward,
  createResponder,
  listAddresses,
  updateAlias,
  updateForward,
  updateResponder,
  deleteAddresses,
  listDeleted,
  listQueue,
  summariseQueue,
  retryEntries,
  holdEntries,
  releaseEntries,
  deleteEntries,
  setPopBeforeSmtp,
  setNoRelay,
  getRules,
  checkRules,
  testRules,
  saveRules,
  listVersions,
  restoreVersion,
  exportRules,
  listOpenings,
  revokeOpenings,
  listBans,
  createBan,
  liftBans,
  restoreBans,
  listAllowed,
  allowNetwork,
  disallowNetworks,
  getSendLimits,
  updateSendLimits,
  listHeld,
  listHeldMessages,
  releaseHeld,
  deleteHeld,
  getSendAs,
  grantSendAs,
  revokeSendAs,
  listSettings,
  updateSetting,
  engineStatus,
  listConnections,
  listAudit,
  readPreferences,
  listSenders,
  updatePreferences,
] as const;
