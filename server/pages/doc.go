// Package pages serves the web pages, one file for each. A handler finds the
// person named in the URL, asks query, and passes the value to ui.
package pages
