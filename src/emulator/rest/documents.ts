import {
  type AccountRecord,
  getMessageError,
  type MediaFile,
  type MessageRecord,
  type OwnedNumber,
  sentAt,
} from "../state/records.ts";

export const API_PATH = "/2010-04-01";

const API_VERSION = "2010-04-01";

/** Formats a time by RFC 2822 with a numeric zone, for example "Fri, 20 Nov 2026 17:31:00 +0000". */
function formatRfc2822(at: number): string {
  return new Date(at).toUTCString().replace("GMT", "+0000");
}

function toAccountUri(sid: string): string {
  return `${API_PATH}/Accounts/${sid}`;
}

function toMessageUri({ accountSid, sid }: { readonly accountSid: string; readonly sid: string }): string {
  return `${toAccountUri(accountSid)}/Messages/${sid}`;
}

export function toAccountDocument(account: AccountRecord) {
  const uri = toAccountUri(account.sid);
  return {
    sid: account.sid,
    friendly_name: account.friendlyName,
    status: account.status,
    type: account.type,
    auth_token: account.authToken,
    owner_account_sid: account.sid,
    date_created: formatRfc2822(account.createdAt),
    date_updated: formatRfc2822(account.updatedAt),
    uri: `${uri}.json`,
    subresource_uris: {
      messages: `${uri}/Messages.json`,
      incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
    },
  };
}

export function toMessageDocument(message: MessageRecord) {
  const uri = toMessageUri(message);
  const sent = sentAt(message);
  const error = getMessageError(message);
  return {
    account_sid: message.accountSid,
    api_version: API_VERSION,
    body: message.body,
    date_created: formatRfc2822(message.createdAt),
    date_sent: sent === null ? null : formatRfc2822(sent),
    date_updated: formatRfc2822(message.updatedAt),
    direction: message.direction,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    from: message.from,
    messaging_service_sid: null,
    num_media: String(message.numMedia),
    num_segments: String(message.numSegments),
    price: null,
    price_unit: "USD",
    sid: message.sid,
    status: message.state.status,
    subresource_uris: { media: `${uri}/Media.json`, feedback: `${uri}/Feedback.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

export function toMediaDocument(file: MediaFile) {
  return {
    sid: file.sid,
    account_sid: file.accountSid,
    parent_sid: file.messageSid,
    content_type: file.contentType,
    date_created: formatRfc2822(file.createdAt),
    date_updated: formatRfc2822(file.createdAt),
    uri: `${toMessageUri({ accountSid: file.accountSid, sid: file.messageSid })}/Media/${file.sid}.json`,
  };
}

export function toNumberDocument(number: OwnedNumber) {
  const uri = `${toAccountUri(number.accountSid)}/IncomingPhoneNumbers/${number.sid}`;
  return {
    sid: number.sid,
    account_sid: number.accountSid,
    friendly_name: number.friendlyName,
    phone_number: number.phoneNumber,
    api_version: API_VERSION,
    address_requirements: "none",
    address_sid: null,
    beta: false,
    bundle_sid: null,
    capabilities: { voice: false, sms: true, mms: true, fax: false },
    date_created: formatRfc2822(number.createdAt),
    date_updated: formatRfc2822(number.updatedAt),
    emergency_address_sid: null,
    emergency_address_status: "unregistered",
    emergency_status: "Inactive",
    identity_sid: null,
    origin: "twilio",
    sms_application_sid: "",
    sms_fallback_method: number.smsFallbackMethod,
    sms_fallback_url: number.smsFallbackUrl,
    sms_method: number.smsMethod,
    sms_url: number.smsUrl,
    status: "in-use",
    status_callback: number.statusCallback,
    status_callback_method: number.statusCallbackMethod,
    trunk_sid: null,
    type: null,
    uri: `${uri}.json`,
    voice_application_sid: "",
    voice_caller_id_lookup: false,
    voice_fallback_method: "POST",
    voice_fallback_url: "",
    voice_method: "POST",
    voice_receive_mode: "voice",
    voice_url: "",
    subresource_uris: { assigned_add_ons: `${uri}/AssignedAddOns.json` },
  };
}
