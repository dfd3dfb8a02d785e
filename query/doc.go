// Package query is the read side: what pages, notifications and exports want to
// know, as plain values. It speaks no HTTP and writes no HTML.
package query
