// Package server is HTTP: it takes deliveries, renders pages and tells other
// machines how it is. It decides nothing about data: deliveries go to the
// inbox as they are, and pages read what the jobs have made.
package server
