// Node's `url`: URLs of the web, their conversion from and to files, and the older parser of Node.

'use strict';

const { URL, URLSearchParams } = require('web/url');
const {
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  fileURLToPathBuffer,
  pathToFileURL,
  urlToHttpOptions,
} = require('internal/url');
const { defineLazyProperties } = require('internal/util');
const { Url, urlParse, urlFormat, urlResolve, urlResolveObject } = require('internal/url/legacy');

module.exports = {
  Url,
  parse: urlParse,
  resolve: urlResolve,
  resolveObject: urlResolveObject,
  format: urlFormat,
  URL,
  URLPattern: undefined,
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer,
  urlToHttpOptions,
};
defineLazyProperties(module.exports, 'web/url_pattern', ['URLPattern']);
