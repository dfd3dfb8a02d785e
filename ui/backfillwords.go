package ui

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"garner/health"
	"garner/health/history"
	"garner/query"
)

// BackfillChoice is which part of a person's windows a page shows. Year 0 is the
// newest with windows, an empty Type all; From counts the lines before.
type BackfillChoice struct {
	Year       int
	Type       string
	From, Rows int
}

// Backfill is the view of a person's windows, but for its form and the addresses
// of other pages.
func (n *Names) Backfill(person PersonLink, b *query.Backfill, c BackfillChoice) BackfillView {
	v := BackfillView{Person: person, Grid: n.grid(b, c.Year), Report: n.report(b, c)}
	progress := progressOf(b)
	refused := 0
	for _, o := range refusals {
		refused += b.Counts[o]
	}
	v.Cancel = b.Counts[history.WindowPlanned] + b.Counts[history.WindowRateLimited]
	v.Summary = backfillSummary(progress, refused)
	if progress.Total > 0 {
		progress.Then = n.next(b.Next)
		v.Progress, v.Announce = &progress, announce(person.Name, progress)
	}
	v.Cannot = CannotAsk(person.Name, b)
	return v
}

// progressOf counts the windows of the newest connection.
func progressOf(b *query.Backfill) (p BackfillProgress) {
	for _, t := range b.Types {
		for _, w := range t.Windows {
			if w.Earlier || w.Outcome == history.WindowCanceled {
				continue
			}
			p.Total++
			switch w.Outcome {
			case history.WindowPlanned, history.WindowRateLimited, history.WindowAsked:
				continue
			case history.WindowArrived:
				p.Arrived++
			case history.WindowAccepted:
				p.Accepted++
			}
			p.Answered++
		}
	}
	return p
}

func backfillSummary(p BackfillProgress, refused int) Summary {
	switch {
	case p.Total == 0:
		return Summary{Sentence: "No history was asked for yet.", Status: NoData}
	case p.Answered < p.Total:
		return Summary{Sentence: "History is being asked for.", Status: Running,
			Detail: "Garmin accepts a request first, and sends its data later."}
	case refused > 0:
		return Summary{Sentence: "All requests are answered, " + Count(refused) + " of them without data.", Status: Late,
			Detail: "The report says what Garmin answered."}
	case p.Accepted > 0:
		return Summary{Sentence: "All requests are answered.", Status: OK,
			Detail: "Garmin accepted " + Count(p.Accepted) + " of them and has sent no data for these yet."}
	}
	return Summary{Sentence: "All requests are answered.", Status: OK}
}

// text is the progress in words.
func (p BackfillProgress) text() string {
	text := fmt.Sprintf("%s of %s answered, %s brought data", Count(p.Answered), Count(p.Total), Count(p.Arrived))
	if p.Then != "" {
		text += "; next request " + p.Then
	}
	return text
}

// next says when a request is made; empty for a zero instant.
func (n *Names) next(at time.Time) string {
	switch wait := at.Sub(n.Now); {
	case at.IsZero():
		return ""
	case wait < time.Second:
		return "as soon as Garmin’s limits allow"
	case wait < time.Hour:
		return "in " + Duration(wait)
	}
	return n.When(at, n.Now)
}

// announce changes in ten steps: more would be chatter.
func announce(name string, p BackfillProgress) string {
	if p.Answered == p.Total {
		return "All requests for the history of " + name + " are answered."
	}
	return "Requests for the history of " + name + " answered: " + strconv.Itoa(p.Answered*10/p.Total*10) + " percent."
}

// CannotAsk says why no type of a person can be asked for; nil if one can.
func CannotAsk(name string, b *query.Backfill) *Empty {
	access := history.NoBackfill
	for _, t := range b.Types {
		if t.Access == history.Granted {
			return nil
		}
		if access == history.NoBackfill || t.Access == history.HistoryNotShared {
			access = t.Access
		}
	}
	switch access {
	case history.MustReconnect:
		return &Empty{What: "No history can be asked for: " + name + " must connect again.",
			Why: "Garmin no longer accepts the connection. What was stored stays."}
	case history.HistoryNotShared:
		return &Empty{What: "No history can be asked for: Historical data is not shared.",
			Why: name + " can connect again and switch on Historical data on Garmin’s consent page. It is off by default. " +
				"What was stored stays."}
	case history.TypeNotShared:
		return &Empty{What: "No history can be asked for: " + name + " shares no data.",
			Why: "The permissions can be switched on in Garmin Connect, or by connecting again."}
	}
	return &Empty{What: "No history can be asked for: " + name + " is not connected to Garmin.",
		Why: "Garmin sends days again only for people who connected here."}
}

var accessNotes = map[history.Access]string{history.TypeNotShared: "not shared",
	history.HistoryNotShared: "Historical data is not shared"}

// grid has the windows of a year, 0 for the newest with windows; nil without any.
func (n *Names) grid(b *query.Backfill, year int) *BackfillGrid {
	g := &BackfillGrid{Years: yearsOf(b)}
	if len(g.Years) == 0 {
		return nil
	}
	g.Year = g.Years[0]
	if slices.Contains(g.Years, year) {
		g.Year = year
	}
	for m := time.December; m >= time.January; m-- {
		if slices.ContainsFunc(b.Types, func(t query.BackfillType) bool {
			return slices.ContainsFunc(t.Windows, func(w query.BackfillWindow) bool { return touches(&w, g.Year, m) })
		}) {
			g.Months = append(g.Months, m)
		}
	}
	for i := range b.Types {
		t := &b.Types[i]
		row := BackfillRow{Type: n.Types[t.Type], Note: accessNotes[t.Access]}
		if row.Note == "" && !t.Earliest.IsZero() {
			row.Note = "Garmin gives it from " + Date(health.DayOf(t.Earliest.Unix(), 0))
		}
		for _, m := range g.Months {
			row.Cells = append(row.Cells, n.marks(t, g.Year, m))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// yearsOf are the years, in UTC, that windows touch, newest first.
func yearsOf(b *query.Backfill) (out []int) {
	for _, t := range b.Types {
		for _, w := range t.Windows {
			for y := w.From.UTC().Year(); y <= w.To.Add(-time.Second).UTC().Year(); y++ {
				if !slices.Contains(out, y) {
					out = append(out, y)
				}
			}
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

// touches reports whether a window has a day of a month in UTC.
func touches(w *query.BackfillWindow, year int, month time.Month) bool {
	begins := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	return w.From.Before(begins.AddDate(0, 1, 0)) && w.To.After(begins)
}

// marks are the outcomes of the windows of a type that touch a month. Those of earlier
// connections count only where there is no newer one: they can be asked for again.
func (n *Names) marks(t *query.BackfillType, year int, month time.Month) (out []BackfillMark) {
	for _, earlier := range []bool{false, true} {
		for i := range t.Windows {
			w := &t.Windows[i]
			if w.Earlier != earlier || !touches(w, year, month) {
				continue
			}
			mark := BackfillMark{Outcome: w.Outcome, Word: n.outcomeWord(w), Title: windowRange(w.From, w.To)}
			if earlier {
				mark.Word += ", earlier connection"
			}
			out = append(out, mark)
		}
		if len(out) > 0 {
			break
		}
	}
	return slices.CompactFunc(out, func(a, b BackfillMark) bool { return a.Word == b.Word })
}

// windowRange is a half-open range of time, in days of UTC where it has whole ones.
func windowRange(from, to time.Time) string {
	from, to = from.UTC(), to.UTC()
	if from.Truncate(24*time.Hour) != from || to.Truncate(24*time.Hour) != to {
		const layout = "Mon 2 Jan 2006 15:04"
		return from.Format(layout) + " to " + to.Format(layout) + " UTC"
	}
	first, last := health.DayOf(from.Unix(), 0), health.DayOf(to.Unix()-1, 0)
	if first == last {
		return Date(first)
	}
	return Dates(first, last)
}

// report lists the windows that were asked for, the last asked first.
func (n *Names) report(b *query.Backfill, c BackfillChoice) BackfillReport {
	out := BackfillReport{Type: n.Types[c.Type]}
	var all []BackfillLine
	for _, t := range b.Types {
		for _, w := range t.Windows {
			if !w.Asked.IsZero() && (c.Type == "" || c.Type == t.Type) {
				all = append(all, BackfillLine{BackfillWindow: w, Type: n.Types[t.Type]})
			}
		}
	}
	slices.SortFunc(all, func(a, b BackfillLine) int {
		if d := b.Asked.Compare(a.Asked); d != 0 {
			return d
		}
		return int(b.ID - a.ID)
	})
	out.Total = len(all)
	from := min(max(c.From, 0), len(all))
	out.Lines = all[from:min(from+c.Rows, len(all))]
	for i := range out.Lines {
		line := &out.Lines[i]
		line.Range, line.Word = windowRange(line.From, line.To), n.outcomeWord(&line.BackfillWindow)
		if line.Earlier {
			line.Word += ", earlier connection"
		}
	}
	return out
}

// answer is Garmin's own, with its status.
func (l BackfillLine) answer() string {
	switch {
	case l.Status == 0:
		return orDash(l.Answer)
	case l.Answer == "":
		return strconv.Itoa(l.Status)
	}
	return strconv.Itoa(l.Status) + " " + l.Answer
}
