package ui

import (
	"fmt"
	"slices"
	"strings"

	"garner/health"
	"garner/health/history"
	"garner/query"
	"garner/ui/text"
)

// resend is what can be done about any day that Garmin has.
const resend = "If Garmin Connect shows these days, send them again with Summary Resender in Garmin's portal."

var remedies = map[query.Remedy]string{
	query.Resend:        resend,
	query.PerhapsUnworn: "Most likely the watch was not worn. " + resend,
	query.SyncWatch:     "Sync the watch. It stores several days, and Garmin then sends them.",
	query.SyncOrResend: "Sync the watch if it still has that day; otherwise send it again with Summary Resender in " +
		"Garmin's portal.",
	query.AskPersonal:     "Garner can ask Garmin's Personal API for these days with the key.",
	query.NothingAtGarmin: "Where Garmin was asked and has nothing, the watch was not worn or did not sync.",
	query.EnterKey:        "Garmin refuses the key. With a new one, Garner asks for these days.",
	query.ConnectOrKey:    "Connect, or enter a key for Garmin's Personal API: then Garner can ask for these days.",
	query.Request:         "Garmin can be asked to send these days again.",
	query.Reprocess:       "It arrived and is stored, but could not be processed. Process it again after an update.",
}

// Gaps are the lines of a list of gaps.
func (n *Names) Gaps(list []query.Gap) []GapRow {
	var out []GapRow
	for i := range list {
		out = append(out, n.gap(&list[i]))
	}
	return out
}

func (n *Names) gap(g *query.Gap) GapRow {
	row := GapRow{Person: n.People[g.Person], From: g.From, To: g.To, Kind: g.Kind, Open: g.Open,
		Help: remedies[g.Remedy]}
	n.ask(&row, g)
	for i, key := range g.Types {
		if i == 0 {
			row.Type = n.Types[key]
			continue
		}
		row.Type.Title += ", " + n.Types[key].Title
	}
	switch {
	case g.Kind == health.Failed:
		row.Link = &Link{Text: "Show parked deliveries", URL: "/inbox?state=parked"}
	case g.Kind == health.Partial:
		row.Why = "The day ends early, and later days came"
	case g.Why != health.NoReason:
		row.Why = text.ReasonWord(g.Why)
		row.Why = strings.ToUpper(row.Why[:1]) + row.Why[1:]
	case g.Cause != nil:
		row.Why = n.Words(g.Cause).Headline
		row.Link = &Link{Text: "Open the alert", URL: fmt.Sprintf("/alerts/%d", g.Cause.ID)}
	}
	return row
}

// ask says what a request for history can do about a gap, and leads there.
func (n *Names) ask(row *GapRow, g *query.Gap) {
	report := &Link{Text: "Show the requests", URL: backfillURL(row.Person.Slug)}
	switch g.Remedy {
	case query.Request:
		if g.Ask.May {
			row.Ask = &Link{Text: "Ask for these days", URL: askURL(row.Person.Slug, g.Types, g.From, g.To)}
		}
	case query.AskPersonal:
		if g.Ask.May {
			row.Pull = connectionURL(row.Person.Slug) + "/ask"
		}
	case query.EnterKey, query.ConnectOrKey:
		if g.Ask.May {
			row.Ask = &Link{Text: "Connection and key", URL: connectionURL(row.Person.Slug)}
		}
	case query.Requested:
		row.Help, row.Ask = "Garmin was asked for these days: "+n.before(false, g.Ask.At, g.Ask.Came)+".", report
		if g.Ask.Why == history.AlreadyPlanned {
			row.Help = "Garmin will be asked for these days: planned " + n.before(true, g.Ask.At, 0) + "."
		}
	case query.NotRequestable:
		row.Help, row.Ask = "Garmin cannot be asked for these days: "+text.NotAskable(g.Ask.Why)+".", report
	}
}

// Coverage fills a view with what was counted, but for the filters and the
// addresses of other pages.
func (n *Names) Coverage(v *CoverageView, s *query.Shares) {
	v.Total, v.GapsTotal = s.Total, len(s.Gaps)
	for _, key := range s.Types {
		v.Types = append(v.Types, n.Types[key])
	}
	for _, p := range s.People {
		v.People = append(v.People, CoverageRow{Person: n.People[p.Person], Days28: p.Days28, Days365: p.Days365,
			Longest: p.Longest, LongestOf: n.Types[p.LongestOf].Title, Open: p.Open})
	}
	v.Sentence, v.Status = coverageSentence(s)
	if s.Total == 0 {
		none := noPeople(n.Operates)
		v.Sentence, v.Status, v.Detail = none.Sentence, none.Status, none.Detail
	}
	if s.Total > s.Counted {
		v.Detail = fmt.Sprintf("Counted for the %s shown of %s.", Plural(s.Counted, "person", "people"), Count(s.Total))
	}
}

func coverageSentence(s *query.Shares) (string, Status) {
	switch {
	case s.Counted == 0:
		return "There is no person with that name.", NoData
	case len(s.Gaps) == 0:
		return "Nothing is missing in the last year.", OK
	case s.Open > 0:
		return Plural(s.Open, "gap is", "gaps are") + " still open.", Late
	}
	return Plural(len(s.Gaps), "gap", "gaps") + " in the last year, none of them open.", OK
}

// Calendar is the view of a person's year.
func (n *Names) Calendar(person PersonLink, c *query.Calendar) PersonCoverageView {
	v := PersonCoverageView{Person: person, Year: c.Year, Today: c.Today, Gaps: n.Gaps(c.Gaps)}
	v.Sentence, v.Status = calendarSentence(person.Name, c)
	if len(c.Years) == 0 {
		v.Empty = &Empty{What: "This page shows a calendar by day and type.", Why: "No data has arrived yet.",
			When: "After the next sync of the watch."}
	}
	for _, y := range c.Years {
		v.Years = append(v.Years, CoverageYear{Year: y.Year, Share: y.Share})
	}
	for _, r := range c.Rows {
		row := CoverageTypeRow{Type: n.Types[r.Type], Share: r.Share}
		for _, state := range r.Days {
			row.Days = append(row.Days, CoverageDay{State: state})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func calendarSentence(name string, c *query.Calendar) (string, Status) {
	switch {
	case len(c.Years) == 0:
		return "No data has arrived from " + name + " yet.", NoData
	case c.Share.Of == 0:
		return fmt.Sprintf("No data was expected from %s in %d.", name, c.Year), NoData
	case c.Share.Got == c.Share.Of:
		return fmt.Sprintf("No data is missing from %s in %d.", name, c.Year), OK
	}
	status := OK
	if slices.ContainsFunc(c.Gaps, func(g query.Gap) bool { return g.Open }) {
		status = Late
	}
	return fmt.Sprintf("%d%% of the data expected from %s in %d has arrived.",
		c.Share.Got*100/c.Share.Of, name, c.Year), status
}
