package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"garner/db"
	"garner/health/alert"
	"garner/ui/mail"
	"garner/ui/text"
)

// signSummary is the name of the signal of the last weekly summary.
const signSummary = "summary"

// WriteSummary writes the weekly summary when it is due, so that missing
// notifications are noticed. The first one is due at the schedule's next time after the start.
func (p *Dispatcher) WriteSummary(ctx context.Context, now time.Time, f *alert.Facts) error {
	if p.Summary == nil || len(p.destinations()) == 0 {
		return nil
	}
	signs, err := p.Store.Signals(ctx)
	if err != nil {
		return err
	}
	last, ok := signs[signSummary]
	if !ok {
		return p.Store.SetSignal(ctx, signSummary, db.Signal{At: now})
	}
	if due := nextByClock(p.Summary, last.At.In(p.zone())); due.IsZero() || now.Before(due) {
		return nil
	}
	view, err := p.summaryView(ctx, now, f)
	if err != nil {
		return err
	}
	var list []db.Notification
	for _, place := range p.destinations() {
		// The key is that of the previous summary: a crash before the signal is
		// written makes no second one.
		m, err := p.write(ctx, now, place, fmt.Sprintf("summary%d", last.At.UnixMilli()), eventSummary, view,
			Notification{Type: "summary", Event: map[string]any{"headline": view.Title}})
		if err != nil {
			return err
		}
		list = append(list, m)
	}
	if err := p.Store.PutNotifications(ctx, list); err != nil {
		return err
	}
	p.Hurry()
	return p.Store.SetSignal(ctx, signSummary, db.Signal{At: now})
}

// nextByClock is when a schedule is due next after t, by the clock of t's zone: an
// hour that the clock skips becomes the instant of the jump, and of an hour that
// occurs twice the first counts. Zero for never.
func nextByClock(s cron.Schedule, t time.Time) time.Time {
	said := s.Next(t.Add(OffsetAt(t, t.Location())).UTC())
	if said.IsZero() {
		return said
	}
	return WallClock(said.Year(), said.Month(), said.Day(), said.Hour(), said.Minute(), t.Location(), false)
}

func (p *Dispatcher) summaryView(ctx context.Context, now time.Time, f *alert.Facts) (mail.View, error) {
	open, err := p.Store.OpenIncidents(ctx)
	if err != nil {
		return mail.View{}, err
	}
	past, err := p.Store.IncidentsSince(ctx, now.AddDate(0, 0, -7))
	if err != nil {
		return mail.View{}, err
	}
	arriving := 0
	for _, person := range f.People {
		if now.Sub(person.News) < 48*time.Hour {
			arriving++
		}
	}
	view := mail.View{Title: "All is well", Link: p.link("/sync"),
		Foot: "Garner sends this once a week. If it does not arrive, check Garner."}
	view.Parts = []mail.Part{{Lines: []string{
		fmt.Sprintf("In the last two days, data arrived from %d of %d people.", arriving, len(f.People))}}}
	if arriving == 0 {
		view.Title = "No data is arriving"
	}
	if never := neverSent(f); len(never) > 0 {
		view.Title = fmt.Sprintf("No data has ever arrived from %d of %d people", len(never), len(f.People))
		view.Parts = append(view.Parts, mail.Part{Headline: "No data has ever arrived from",
			Items: some(never, func(name string) string { return name })})
	}
	names := namesOf(f)
	clock, err := p.clock(ctx)
	if err != nil {
		return mail.View{}, err
	}
	headline := func(e alert.Incident) string {
		return fmt.Sprintf("%s, since %s", text.Explain(&e, names.of(&e), now, p.zone(), clock).Headline,
			e.Since.In(p.zone()).Format("Mon 2 Jan "+clock.Minutes()))
	}
	if len(open) > 0 {
		view.Title = fmt.Sprintf("Open alerts: %d", len(open))
		view.Parts = append(view.Parts, mail.Part{Headline: "Open", Items: some(open, headline)})
	}
	var over []alert.Incident
	for _, e := range past {
		if !e.Closed.IsZero() {
			over = append(over, e)
		}
	}
	if len(over) > 0 {
		view.Parts = append(view.Parts, mail.Part{Headline: "Closed in the last week", Items: some(over, headline)})
	}
	return view, nil
}

// neverSent names the people from whom no data has come long after they were
// added: consent is missing, or the user id is mistyped.
func neverSent(f *alert.Facts) (names []string) {
	for i := range f.People {
		if p := &f.People[i]; p.News.IsZero() && f.Now.Sub(p.Since) > alert.KnownAfter {
			if name := p.Name; p.Reach.IsZero() {
				names = append(names, name)
			} else {
				names = append(names, name+" (only old data)")
			}
		}
	}
	return names
}

// some returns the words of a few and counts the rest.
func some[T any](list []T, words func(T) string) []string {
	var out []string
	for i, e := range list {
		if i == 20 {
			return append(out, fmt.Sprintf("and %d more", len(list)-i))
		}
		out = append(out, words(e))
	}
	return out
}
