package alert

import "time"

// Certificate is the state of the TLS certificate for a name.
type Certificate struct {
	Name string
	// NotBefore and NotAfter are zero if there is none.
	NotBefore, NotAfter time.Time
	// Missing is since when there is none; zero if there is one.
	Missing time.Time
	// Error is what went wrong last; empty for nothing.
	Error string
}

const (
	// missingAfter is how long it may take to obtain a certificate.
	missingAfter = time.Hour
	// renewedBy is how long before its end a certificate should have been renewed:
	// authorities' clients renew at a third of the lifetime.
	renewedBy = 21 * 24 * time.Hour
)

func (c Certificate) missing() bool { return c.NotAfter.IsZero() }

// Due is when the certificate should have been renewed. Short-lived ones have less
// time.
func (c Certificate) Due() time.Time {
	return c.NotAfter.Add(-min(renewedBy, c.NotAfter.Sub(c.NotBefore)/4))
}

// certificates reports the certificate with the least time left.
func (e *evaluation) certificates() {
	var worst *Condition
	for _, c := range e.Inside.Certificates {
		found := Condition{Subject: Subject{Kind: CertificateEnds}, Since: c.Due(),
			Evidence: Evidence{Name: c.Name, Ends: c.NotAfter, Detail: c.Error}}
		switch {
		case c.missing():
			if e.Running.Between(c.Missing, e.Now) <= missingAfter {
				continue
			}
			found.Since = c.Missing
		case e.Now.Before(c.NotBefore):
			found.Since, found.Evidence.Ends = e.Now, time.Time{}
		case e.Now.Before(c.Due()):
			continue
		}
		if worst == nil || found.Evidence.Ends.Before(worst.Evidence.Ends) {
			worst = &found
		}
	}
	if worst != nil {
		e.add(*worst)
	}
}
