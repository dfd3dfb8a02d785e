// Package pages is what people see: one file for each page. A handler finds the
// person that the address names, asks query, and hands the value to ui.
package pages
