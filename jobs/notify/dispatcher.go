package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"

	"garner/db"
)

// Dispatcher sends notifications to their destinations. They are rows, written in
// one transaction with the change that they report. One counts as sent once the
// receiver has accepted it, so a crash in between sends it again with the same key.
type Dispatcher struct {
	Store *db.Store
	Log   *slog.Logger
	// Destinations are where notifications go, and Zone is the reader's clock:
	// Redirect replaces them. Notifications about a person also go to the mail of
	// their own account, by the server of a mail channel among the destinations.
	Destinations []Destination
	Zone         *time.Location
	// Quiet are the hours in which nothing is sent.
	Quiet QuietHours
	// PerHour is how many notifications a destination gets in any hour; more than
	// that are sent as one digest.
	PerHour int
	// Summary is when the weekly summary is written; nil for never.
	Summary cron.Schedule
	// Links lead to PublicURL, which LinkTo replaces, or to Base if it is empty.
	PublicURL, Base string
	// Changed, where not nil, is called after something was sent or failed.
	Changed func()

	mu    sync.Mutex // guards Destinations, Zone and PublicURL
	hurry chan struct{}
}

// NewDispatcher makes a dispatcher ready to Run.
func NewDispatcher(p *Dispatcher) *Dispatcher {
	p.hurry = make(chan struct{}, 1)
	return p
}

// Redirect replaces the destinations and the reader's clock, while it runs.
// What waits for a destination that is no more is given up.
func (p *Dispatcher) Redirect(destinations []Destination, zone *time.Location) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Destinations, p.Zone = destinations, zone
}

// LinkTo replaces the public address, while it runs; empty for none.
func (p *Dispatcher) LinkTo(publicURL string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.PublicURL = publicURL
}

// link is the absolute address of a page.
func (p *Dispatcher) link(path string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.TrimRight(cmp.Or(p.PublicURL, p.Base), "/") + path
}

// destinations are those of the installation, each with its clock.
func (p *Dispatcher) destinations() []Destination {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := slices.Clone(p.Destinations)
	for i := range list {
		list[i].Zone = cmp.Or(list[i].Zone, p.Zone)
	}
	return list
}

func (p *Dispatcher) zone() *time.Location {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Zone
}

// Hurry makes Run look for notifications at once.
func (p *Dispatcher) Hurry() {
	select {
	case p.hurry <- struct{}{}:
	default:
	}
}

const (
	// postEvery is how often Run looks for notifications that are due.
	postEvery = 20 * time.Second
	// giveUpAfter is how long a notification is tried.
	giveUpAfter = 48 * time.Hour
	// sendWithin limits one try.
	sendWithin = 30 * time.Second
	// lastWords is how long a try may continue while the program ends.
	lastWords = 5 * time.Second
)

// Run sends what is due until ctx ends.
func (p *Dispatcher) Run(ctx context.Context) error {
	if err := p.Store.HurryMessages(ctx, time.Now(), ""); err != nil {
		p.Log.Error("make notifications due", "err", err)
	}
	ticker := time.NewTicker(postEvery)
	defer ticker.Stop()
	for {
		if err := p.RunOnce(ctx, time.Now()); err != nil && ctx.Err() == nil {
			p.Log.Error("send notifications", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-p.hurry:
		}
	}
}

// RunOnce sends what is due at now, to all destinations in parallel, so that one
// that hangs does not delay others.
func (p *Dispatcher) RunOnce(ctx context.Context, now time.Time) error {
	places, err := p.places(ctx)
	if err != nil {
		return err
	}
	if err := p.gather(ctx, now, places); err != nil {
		return err
	}
	unsent, err := p.Store.UnsentNotifications(ctx)
	if err != nil || len(unsent) == 0 {
		return err
	}
	due, gone := sorted(now, places, unsent)
	for _, m := range gone {
		if err := p.Store.EndMessage(ctx, now, m.ID, db.GivenUp, "the destination is no longer configured"); err != nil {
			return err
		}
	}
	// Places with one address share its hourly limit, so they take turns.
	turns := map[string][]int{}
	for i, place := range places {
		if len(due[i]) > 0 && !p.quiet(now, place) { // retries and digests keep quiet too
			turns[place.Address] = append(turns[place.Address], i)
		}
	}
	var group errgroup.Group
	for _, turn := range turns {
		group.Go(func() error {
			for _, i := range turn {
				if err := p.serve(ctx, now, places[i], due[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// longestHold is longer than any notification is held: what is due later was
// written while the clock was wrong.
const longestHold = 25 * time.Hour

// sorted returns what is due by the number of its place, and what is of places
// that are configured no more. What waits holds back what came after it of the
// same incident: a recovery is not sent before its beginning.
func sorted(now time.Time, places []Destination,
	unsent []db.Notification) (due map[int][]db.Notification, gone []db.Notification) {
	type thread struct {
		place    int
		incident int64
	}
	due = map[int][]db.Notification{}
	waits := map[thread]bool{}
	for _, m := range unsent {
		i := slices.IndexFunc(places, func(place Destination) bool {
			return place.Kind == m.Channel && place.Address == m.Destination && place.takes(m.Person)
		})
		of := thread{i, m.Incident}
		switch {
		case i < 0:
			gone = append(gone, m)
		case m.Due.After(now) && !m.Due.After(now.Add(longestHold)):
			waits[of] = true
		case m.Incident == 0 || !waits[of]:
			due[i] = append(due[i], m)
		}
	}
	return due, gone
}

// gather makes one digest of what was given up for a destination. It waits until
// the destination accepts it, so that nothing is lost if a mail server is down for
// long.
func (p *Dispatcher) gather(ctx context.Context, now time.Time, places []Destination) error {
	for _, place := range places {
		list, err := p.Store.GivenUpNotifications(ctx, place.Kind, place.Address, place.Person)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			continue
		}
		m, err := p.digest(ctx, now, place, list, fmt.Sprintf("They could not be delivered within %d hours.",
			int(giveUpAfter.Hours())))
		if err != nil {
			return err
		}
		// The alert that notifications cannot be sent continues from where they ended.
		m.Created, m.Attempts = list[0].Created, 2
		if err := p.Store.PutDigest(ctx, now, m, list); err != nil {
			return err
		}
	}
	return nil
}

// serve sends what is due for one destination, within its hourly limit.
func (p *Dispatcher) serve(ctx context.Context, now time.Time, place Destination, due []db.Notification) error {
	spent, err := p.Store.Spent(ctx, place.Address, now.Add(-time.Hour), now)
	if err != nil {
		return err
	}
	single, together := share(due, p.PerHour-len(spent))
	if len(together) > 0 {
		digest, err := p.digest(ctx, now, place, together,
			fmt.Sprintf("More than %d notifications were due within an hour, so they are combined here.", p.PerHour-1))
		if err != nil {
			return err
		}
		if err := p.Store.PutDigest(ctx, now, digest, together); err != nil {
			return err
		}
		p.Hurry() // it is a notification like any other
	}
	for _, m := range single {
		// If one fails, the others to the same destination wait for the next round.
		if ok, err := p.send(ctx, now, place, m); err != nil || !ok {
			return err
		}
	}
	return nil
}

// share splits what is due into what is sent separately and what goes into one
// digest, given how many more may be sent within the hour. The last one is left
// for the digest.
func share(due []db.Notification, left int) (single, together []db.Notification) {
	switch {
	case left <= 0:
		return nil, nil
	case len(due) == 1 || len(due) < left:
		return due, nil
	}
	for _, m := range due {
		if m.Event == eventDigest {
			return []db.Notification{m}, nil // what it contains has waited longest
		}
	}
	return nil, due
}

// send tries one notification once and reports whether it was accepted.
func (p *Dispatcher) send(ctx context.Context, now time.Time, place Destination,
	m db.Notification) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err // it is sent after the next start
	}
	if err := p.Store.Try(ctx, now, m.ID); err != nil {
		return false, err
	}
	answer, failure := p.deliver(ctx, place, m)
	if ctx.Err() != nil && failure != nil {
		return false, nil // not a failure: the program ends
	}
	defer func() {
		if p.Changed != nil {
			p.Changed()
		}
	}()
	switch {
	case failure == nil:
		// The destination works: retry what failed there before.
		return true, errors.Join(
			p.Store.EndMessage(ctx, now, m.ID, db.Sent, answer),
			p.Store.HurryMessages(ctx, now, m.Destination),
		)
	case now.Sub(m.Created) > giveUpAfter && m.Event != eventDigest:
		p.Log.Error("notification given up", "notification", m.ID, "channel", m.Channel, "err", failure)
		return false, p.Store.EndMessage(ctx, now, m.ID, db.GivenUp, failure.Error())
	}
	p.Log.Warn("notification not sent", "notification", m.ID, "channel", m.Channel, "attempt", m.Attempts+1,
		"err", failure)
	return false, p.Store.RetryMessage(ctx, m.ID, now.Add(retryAfter(m.Attempts+1, now.Sub(m.Created))), failure.Error(),
		Uncertain(failure))
}

// deliver passes one notification to its channel and returns the answer.
func (p *Dispatcher) deliver(ctx context.Context, place Destination, m db.Notification) (string, error) {
	var n Notification
	if err := json.Unmarshal(m.Body, &n); err != nil {
		return "", err
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendWithin)
	defer cancel()
	// When the program ends, a notification that is being sent gets a little more
	// time: its answer keeps it from being sent twice.
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(lastWords, cancel) })
	defer stop()
	return place.Channel.Send(end, n)
}

// retryAfter is how long after a failed try the next one is due: a minute,
// doubled each time, an hour at most; six hours for what was once given up.
func retryAfter(attempts int, age time.Duration) time.Duration {
	if age > giveUpAfter {
		return 6 * time.Hour
	}
	return min(time.Minute<<min(max(attempts-1, 0), 10), time.Hour)
}

// Failing returns since when notifications cannot be delivered, and why: zero if
// they can. A member's own mail does not count: an address that they mistyped is no
// fault of the installation, and if the mail server fails, so does its other mail.
func (p *Dispatcher) Failing(ctx context.Context) (since time.Time, why string, err error) {
	unsent, err := p.Store.UnsentNotifications(ctx)
	if err != nil {
		return since, "", err
	}
	for _, m := range unsent {
		if m.Attempts > 1 && m.Person == 0 && (since.IsZero() || m.Created.Before(since)) {
			since, why = m.Created, m.Channel+": "+m.Answer
		}
	}
	return since, why, nil
}
