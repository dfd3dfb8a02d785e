package ui

import (
	"slices"
	"strings"
	"time"

	"garner/health"
	"garner/health/history"
	"garner/query"
	"garner/ui/text"
)

// BackfillForm is the form of a person, with the types that can be asked for; nil
// where none can.
func (n *Names) BackfillForm(person PersonLink, b *query.Backfill) *BackfillForm {
	form := &BackfillForm{Action: backfillPlanURL(person.Slug)}
	for _, t := range b.Types {
		if t.Access == history.Granted {
			form.Types = append(form.Types, n.Types[t.Type])
		}
	}
	if len(form.Types) == 0 {
		return nil
	}
	return form
}

// BackfillPlan is the view of what can be asked for in a range.
func (n *Names) BackfillPlan(person PersonLink, form BackfillForm, plan *query.BackfillPlan) BackfillPlanView {
	v := BackfillPlanView{Person: person, Form: form, Status: OK}
	windows, rest := parts{of: len(plan.Types)}, parts{of: len(plan.Types)}
	days := 0
	for _, t := range plan.Types {
		for _, r := range t.Windows {
			v.Requests++
			days += r.Days()
			windows.add(r, "", n.Types[t.Type].Title)
		}
		for _, p := range n.rest(t.Rest, len(plan.Types) == 1) {
			rest.add(p.Range, p.Why, n.Types[t.Type].Title)
		}
	}
	v.Windows, v.Rest = windows.list(), rest.list()
	v.Sentence = Plural(v.Requests, "request", "requests") + " for " + Plural(days, "day", "days") +
		" of data can be made."
	if v.Requests == 0 {
		v.Sentence, v.Status = "Nothing of this can be asked for.", NoData
	}
	return v
}

// rest are the parts of a type that cannot be asked for, in whole days. Details are
// for one type alone: with several, neighbors with the same reason are one part, since
// the report has each request.
func (n *Names) rest(list []history.Part, details bool) (out []part) {
	for i := range list {
		p := part{wholeDays(&list[i]), BackfillPart{Why: text.NotAskable(list[i].Why)}}
		if details {
			p.Why = n.whyNot(&list[i])
		}
		last := len(out) - 1
		switch {
		case p.Empty():
		case !details && last >= 0 && out[last].Why == p.Why && out[last].From == p.To:
			out[last].From = p.From
		default:
			out = append(out, p)
		}
	}
	return out
}

// wholeDays are the days in UTC that a part touches. What is in the future begins after
// today, so it can be empty.
func wholeDays(p *history.Part) history.Range {
	const day = 24 * 60 * 60
	floor := func(at int64) int64 { return health.DayOf(at, 0).Midnight().Unix() }
	r := history.Range{From: floor(p.From), To: floor(p.To + day - 1)}
	if p.Why == history.InFuture {
		r.From = floor(p.From + day - 1)
	}
	return r
}

// whyNot says why a part cannot be asked for, and what became of the request that
// stands in the way.
func (n *Names) whyNot(p *history.Part) string {
	why := text.NotAskable(p.Why)
	if p.Span == nil {
		return why
	}
	return why + " (" + n.before(p.Span.State == history.Planned, p.Span.At, p.Span.Came) + ")"
}

// before is when a request was planned or answered, in unix seconds, and what came.
func (n *Names) before(planned bool, at, came int64) string {
	text := n.Dated(time.Unix(at, 0), n.Now)
	switch {
	case planned:
		return "since " + text
	case came > 0:
		return text + ", " + Plural(int(came), "record", "records") + " came"
	}
	return text + ", no records came"
}

// parts are ranges with the titles of the types for which they are the same, of so
// many types.
type parts struct {
	all []part
	of  int
}

type part struct {
	history.Range
	BackfillPart
}

func (p *parts) add(r history.Range, why, title string) {
	at := slices.IndexFunc(p.all, func(o part) bool { return o.Range == r && o.Why == why })
	if at < 0 {
		at = len(p.all)
		p.all = append(p.all, part{r, BackfillPart{Range: windowRange(time.Unix(r.From, 0), time.Unix(r.To, 0)),
			Days: r.Days(), Why: why}})
	}
	p.all[at].Types = append(p.all[at].Types, title)
}

// list is the newest range first.
func (p *parts) list() (out []BackfillPart) {
	slices.SortStableFunc(p.all, func(a, b part) int { return int(b.From - a.From) })
	for _, one := range p.all {
		one.All = p.of > 1 && len(one.Types) == p.of
		out = append(out, one.BackfillPart)
	}
	return out
}

// types names the types of a part.
func (p BackfillPart) types() string {
	if p.All {
		return "all types"
	}
	return strings.Join(p.Types, ", ")
}

// BackfillPeople is the view of some of so many people.
func (n *Names) BackfillPeople(list []query.BackfillPerson, total int) BackfillPeopleView {
	v := BackfillPeopleView{Summary: Summary{Sentence: "No request is planned.", Status: NoData}}
	planned, accepted, ended := 0, 0, 0
	for _, p := range list {
		row := BackfillPersonRow{BackfillPerson: p, Person: n.People[p.Person], Connection: "connected", Historic: "shared",
			Then: n.next(p.Next)}
		switch p.Access {
		case history.HistoryNotShared:
			row.Historic = "not shared"
		case history.MustReconnect:
			row.Connection, row.Historic, row.Then = "must connect again", missing, ""
			ended++
		case history.NotConnected:
			row.Connection, row.Historic, row.Then = "not connected", missing, ""
		}
		v.Rows = append(v.Rows, row)
		planned, accepted = planned+p.Planned, accepted+p.Accepted
	}
	switch {
	case total == 0:
		v.Summary = noPeople(n.Operates)
	case planned > 0:
		v.Sentence, v.Status = Plural(planned, "request for history is", "requests for history are")+" planned.", Running
	case accepted > 0:
		v.Sentence, v.Status = "All requests are answered.", OK
	}
	if ended > 0 {
		v.Sentence += " " + Plural(ended, "person must", "people must") + " connect again."
		v.Status = Late
	}
	if total > len(list) {
		v.Detail = "Counted for the " + Plural(len(list), "person", "people") + " shown of " + Count(total) + "."
	}
	return v
}

// toConnect leads from what says that a person must connect to where they can.
func (p Page) toConnect(person PersonLink, e Empty) Empty {
	e.Next = p.connectLink(person.Slug)
	return e
}

// connectLink leads to where a person can connect; nil for those who may not do so.
func (p Page) connectLink(slug string) *Link {
	if slug == "" || !p.Operates && !p.Changes {
		return nil
	}
	return &Link{"Connect to Garmin", connectionURL(slug)}
}
