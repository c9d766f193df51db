// `tls.checkServerIdentity`: whether a certificate was issued for a host (RFC 6125).
'use strict';

const { codes: { ERR_TLS_CERT_ALTNAME_FORMAT, ERR_TLS_CERT_ALTNAME_INVALID } } = require('internal/errors');
const { isIP } = require('internal/net_address');
const { domainToASCII } = require('internal/url');

/** Without the dot that ends a complete name. */
function withoutFinalDot(host) {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** ASCII letters alone are the same in both cases. */
function toLowerCase(text) {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function labelsOf(host) {
  return toLowerCase(withoutFinalDot(host)).split('.');
}

/** Whether a pattern of a certificate covers a host, given by its labels. */
function covers(labels, pattern, wildcards) {
  if (!pattern) return false;
  const patterns = labelsOf(pattern);
  if (labels.length !== patterns.length) return false;
  if (patterns.includes('')) return false;
  // Names in a certificate are ASCII.
  if (patterns.some((label) => /[^\u0021-\u007F]/u.test(label))) return false;
  for (let i = labels.length - 1; i > 0; i--) {
    if (labels[i] !== patterns[i]) return false;
  }
  const [host] = labels;
  const [first] = patterns;
  const parts = first.split('*', 3);
  if (parts.length === 1 || first.includes('xn--')) return host === first;
  if (!wildcards || parts.length > 2) return false;
  // A whole top-level domain is not for anybody.
  if (patterns.length <= 2) return false;
  const [prefix, suffix] = parts;
  return prefix.length + suffix.length <= host.length && host.startsWith(prefix) && host.endsWith(suffix);
}

const JSON_STRING = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/;

/** Splits alternative names, of which some are in quotes because they hold a comma or a quote themselves. */
function splitAltNames(altNames) {
  const result = [];
  let current = '';
  let offset = 0;
  while (offset !== altNames.length) {
    const nextSeparator = altNames.indexOf(', ', offset);
    const nextQuote = altNames.indexOf('"', offset);
    if (nextQuote !== -1 && (nextSeparator === -1 || nextQuote < nextSeparator)) {
      current += altNames.slice(offset, nextQuote);
      const match = JSON_STRING.exec(altNames.slice(nextQuote));
      if (match === null) throw new ERR_TLS_CERT_ALTNAME_FORMAT();
      current += JSON.parse(match[0]);
      offset = nextQuote + match[0].length;
    } else if (nextSeparator !== -1) {
      current += altNames.slice(offset, nextSeparator);
      result.push(current);
      current = '';
      offset = nextSeparator + 2;
    } else {
      current += altNames.slice(offset);
      offset = altNames.length;
    }
  }
  result.push(current);
  return result;
}

/** An address in the one form that can be compared. */
function canonicalAddress(address) {
  return internalBinding('tls').canonicalAddress(address);
}

/**
 * @param {string} hostname
 * @param {object} cert  as `tlsSocket.getPeerCertificate()` gives it
 * @returns {Error | undefined} ERR_TLS_CERT_ALTNAME_INVALID where the certificate is not for that host
 */
function checkServerIdentity(hostname, cert) {
  const { subject, subjectaltname: altNames } = cert;
  const dnsNames = [];
  const addresses = [];
  hostname = `${hostname}`;
  if (altNames) {
    const names = altNames.includes('"') ? splitAltNames(altNames) : altNames.split(', ');
    for (const name of names) {
      if (name.startsWith('DNS:')) dnsNames.push(name.slice(4));
      else if (name.startsWith('IP Address:')) addresses.push(canonicalAddress(name.slice(11)));
    }
  }

  const host = withoutFinalDot(hostname);
  let valid = false;
  let reason = 'Unknown reason';
  if (isIP(host)) {
    valid = addresses.includes(canonicalAddress(host));
    if (!valid) reason = `IP: ${host} is not in the cert's list: ${addresses.join(', ')}`;
  } else if (dnsNames.length > 0 || subject?.CN) {
    const ascii = domainToASCII(host) || host;
    const labels = labelsOf(ascii);
    if (dnsNames.length > 0) {
      valid = dnsNames.some((pattern) => covers(labels, pattern, true));
      if (!valid) reason = `Host: ${hostname}. is not in the cert's altnames: ${altNames}`;
    } else {
      // The subject counts where there are no names of hosts beside it.
      const { CN } = subject;
      valid = Array.isArray(CN) ? CN.some((name) => covers(labels, name, true)) : covers(labels, CN, true);
      if (!valid) reason = `Host: ${hostname}. is not cert's CN: ${CN}`;
    }
  } else {
    reason = 'Cert does not contain a DNS name';
  }
  return valid ? undefined : new ERR_TLS_CERT_ALTNAME_INVALID(reason, hostname, cert);
}

module.exports = { checkServerIdentity };
