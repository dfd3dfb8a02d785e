// Package health defines the terms and rules of the data of a person:
// records and their version order, days, metrics, coverage. It is pure Go
// without I/O and imports nothing of ours, so that every rule here can be
// tested as arithmetic.
package health
