package certs

import (
	"crypto/x509"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Status is the state of the certificates.
type Status struct {
	Names []Name
}

// Name is the state of one name.
type Name struct {
	Name string
	// NotBefore and NotAfter are of the certificate; zero if there is none.
	NotBefore, NotAfter time.Time
	// Missing is since when there is none; zero if there is one.
	Missing time.Time
	// Served means that handshakes get a certificate that is valid now.
	Served bool
	// Error is what went wrong last, or why the certificate is not valid; empty for
	// nothing. ErrorAt is when.
	Error   string
	ErrorAt time.Time
}

// Status returns the state of each name as of now.
func (m *Manager) Status() Status { return status(m.names, m.from, m.notes, time.Now()) }

func status(names []string, from shelf, notes *notes, now time.Time) Status {
	if len(names) == 0 {
		names = from.found()
	}
	out := Status{Names: make([]Name, 0, len(names))}
	for _, name := range names {
		n := Name{Name: name}
		if leaf := from.leaf(name); leaf == nil {
			n.Missing = notes.began
			if n.Error = from.lacks(name); n.Error != "" {
				n.ErrorAt = now
			}
		} else {
			n.take(leaf, now)
		}
		notes.add(&n)
		out.Names = append(out.Names, n)
	}
	return out
}

// take sets what follows from a certificate.
func (n *Name) take(leaf *x509.Certificate, now time.Time) {
	n.NotBefore, n.NotAfter, n.Served = leaf.NotBefore, leaf.NotAfter, true
	switch {
	case now.Before(leaf.NotBefore):
		n.Served, n.ErrorAt, n.Error = false, now, fmt.Sprintf(
			"the certificate is not valid before %s, and this machine's clock says %s", utc(leaf.NotBefore), utc(now))
	case now.After(leaf.NotAfter):
		n.Served, n.ErrorAt, n.Error = false, now, fmt.Sprintf(
			"the certificate expired at %s, and this machine's clock says %s", utc(leaf.NotAfter), utc(now))
	}
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// anyName is for failures that concern all names.
const anyName = ""

// notes are the last failures, by name.
type notes struct {
	log   *slog.Logger
	began time.Time
	mu    sync.Mutex
	last  map[string]failure
}

type failure struct {
	text string
	at   time.Time
}

func newNotes(log *slog.Logger) *notes {
	return &notes{log: log, began: time.Now(), last: map[string]failure{}}
}

// failed records and logs a failure.
func (n *notes) failed(name string, err error, args ...any) {
	n.log.Error("certificate", append([]any{"name", name, "err", err}, args...)...)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last[name] = failure{err.Error(), time.Now()}
}

// succeeded forgets the last failure.
func (n *notes) succeeded(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.last, name)
}

// add adds the last failure.
func (n *notes) add(to *Name) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range []string{anyName, to.Name} {
		f, ok := n.last[name]
		switch {
		case !ok:
		case to.Error == "":
			to.Error, to.ErrorAt = f.text, f.at
		default:
			to.Error += "; " + f.text
		}
	}
}
