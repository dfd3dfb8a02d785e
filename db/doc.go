// Package db is the only package that speaks SQL. It keeps two SQLite files
// in the data directory:
//
//   - inbox.db, append-only: the bodies of deliveries and the facts of their
//     arrival. Only Inbox writes it, and an Inbox that answers nil has made
//     the bytes durable.
//   - garner.db, everything else, the state of each delivery included, which
//     is committed together with the records that the delivery made.
//
// Each file has one writing connection and a few read-only ones. Nothing in
// this program may open the files in any other way: closing a foreign
// descriptor drops the locks that SQLite holds on them.
package db
