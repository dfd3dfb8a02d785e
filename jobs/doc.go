// Package jobs runs the background work: it drains the inbox, derives metrics
// across records, carries out long requests and prunes. All jobs have the same
// contract: Run blocks until its context ends, finishes what it has started,
// and returns.
package jobs
