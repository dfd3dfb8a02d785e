// Package query is the read side: it answers the questions of pages, notifications
// and exports with plain values. It has no HTTP and no HTML.
package query
