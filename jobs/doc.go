// Package jobs does what no one waits for: it drains the inbox, derives
// metrics across records, carries out long requests and prunes. Each piece of
// background work has one contract: Run blocks until its context ends,
// finishes what it holds, and returns.
package jobs
