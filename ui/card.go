package ui

import (
	"time"

	"garner/health"
	"garner/health/alert"
	"garner/query"
	"garner/ui/chart"
	uitext "garner/ui/text"
)

// Home shows a page of people.
func (n *Names) Home(p Page, h *query.Home, s *query.Status, b query.Backlog) HomeView {
	v := HomeView{Summary: n.Summarise(s, p.DemoLoads), Query: h.Search, Total: h.Total,
		Sorting: Sorting{Path: "/", Search: h.Search, By: h.By}}
	switch {
	case h.Total == 0: // the page leads to the form by itself
		v.Summary = noPeople(n.Operates)
		v.Fix = nil
	case b.Unsettled > 0 && v.Fix == nil:
		v.Fix = &Link{Text: Count(b.Unsettled) + " " + attention(b.Unsettled), URL: "/inbox"}
	}
	for i := range h.Cards {
		v.Cards = append(v.Cards, newCard(p, &h.Cards[i]))
	}
	for i := range h.Lines {
		v.Cards = append(v.Cards, newLine(p, &h.Lines[i]))
	}
	if h.Next > 0 {
		v.Next = v.Sorting.from(h.Next)
	}
	return v
}

// DemoProgress says how far a demo is from having all its past, empty if it
// has.
func DemoProgress(b query.Backlog) string {
	if b.Waiting == 0 {
		return ""
	}
	return Plural(b.Waiting, "delivery", "deliveries") + " still to be processed"
}

// newCard shows a person whole.
func newCard(p Page, c *query.Card) PersonCard {
	out := newLine(p, &c.Latest)
	if n := c.Night; n != nil {
		out.Night = &Night{Day: n.Day, Start: n.Start, End: n.End, Asleep: n.Asleep, Score: n.Score, ScoreWord: n.ScoreWord,
			Stages: stageBlocks(n.Levels, n.Start.UnixMilli(), n.End.UnixMilli()), Tentative: n.Tentative}
	}
	if c.Activity != nil {
		line := newActivity(c.Activity)
		line.URL = dayURL(c.Person.Slug, c.Activity.Day)
		out.Activity = &line
	}
	out.Devices = c.Devices
	for i := range c.Trends {
		switch spark := newSpark(p.UnitsOf(c.Person.Units), &c.Trends[i]); c.Trends[i].Name {
		case "resting_heart_rate":
			out.RestingSpark = spark
			if out.RestingHR.OK {
				out.RestingHR.Note, out.RestingHR.Status = besideUsual(out.Units, &c.Trends[i])
			}
		case "hrv":
			out.HRVSpark = spark
		case "sleep":
			out.SleepSpark = spark
			if out.Night != nil {
				out.Night.Note, out.Night.Status = besideUsual(out.Units, &c.Trends[i])
			}
		}
	}
	return out
}

// besideUsual says how the newest value of a metric lies to its usual range, empty where there
// is none. One that is not of the last day is never green.
func besideUsual(u Units, t *query.Trend) (string, Status) {
	at := t.Newest()
	if at < 0 || !t.Days[at].Known {
		return "", ""
	}
	d := &t.Days[at]
	where, status := "in", OK
	switch u.place(t.Metric, d.Usual, d.Value) {
	case -1:
		where, status = "below", Running
	case 1:
		where, status = "above", Running
	}
	if at < len(t.Days)-1 {
		status = NoData
	}
	return where + " your usual " + u.Number(valueOf(t.Metric, d.Usual.Low)) + dash +
		u.Number(valueOf(t.Metric, d.Usual.High)), status
}

// newSpark is the sparkline of a metric; without marks if there are no two values.
func newSpark(u Units, t *query.Trend) Spark {
	var out Spark
	var low, high, band Value
	n := 0
	for _, d := range t.Days {
		out.Marks = append(out.Marks, chart.TrendMark{From: d.Day, To: d.Day, Low: d.Value, High: d.Value, Has: d.Has,
			State: d.State.Absence, SoFar: d.SoFar, Usual: d.Usual, Known: d.Known})
		if !d.Has {
			continue
		}
		x := Val(d.Value, t.Unit, 0)
		if n++; n == 1 || x.V < low.V {
			low = x
		}
		if n == 1 || x.V > high.V {
			high = x
		}
		if d.Known {
			band = Word(u.Format(Val(d.Usual.Low, t.Unit, 0)) + " to " + u.Format(Val(d.Usual.High, t.Unit, 0)))
		}
	}
	if n < 2 {
		return Spark{}
	}
	out.Title = t.Label + " on " + fullDays(t.Whole()) + ": " + u.Format(low) + " to " + u.Format(high)
	if band.OK {
		out.Title += ", usual " + u.Format(band)
	}
	return out
}

// newLine shows a person as a line of a list does.
func newLine(p Page, l *query.Latest) PersonCard {
	c := PersonCard{Person: PersonLink{l.Person.Name, l.Person.Slug}, Private: l.Private,
		Units:    p.UnitsOf(l.Person.Units),
		DataUpTo: l.DataUpTo, Received: l.Received}
	c.Status, c.Note = personState(l.State, p.Now)
	if !l.Came {
		c.Note = "Nothing has arrived yet. The first data usually arrives after the next watch sync."
		return c
	}
	if l.State == nil {
		return c
	}
	if c.Status == OK {
		c.Note = ""
	}
	c.Day, c.Today, c.Simulated = l.Day, l.Today, l.Simulated && !p.Demo
	c.ActivityWhy = l.ActivityWhy
	c.RestingHR = newVital(l.RestingHR, health.BPM, l.Today)
	c.Steps = newVital(l.Steps, health.None, l.Today)
	c.BodyBattery = newVital(l.BodyBattery, health.None, l.Today)
	c.RestingHR.soFar()
	c.Steps.soFar()
	c.BodyBattery.soFar()
	c.HRV = newVital(l.HRV, health.Millisecond, l.Today)
	if l.HRV.OK && l.HRVBand != nil {
		c.HRV.compare(c.Units, *l.HRVBand)
	}
	c.NightWhy = l.Sleep.Why
	if l.Sleep.OK {
		c.Night = &Night{Day: l.Sleep.Day, Asleep: time.Duration(l.Sleep.Value) * time.Second}
	}
	c.Strip = deliveryMarks(l.Person.Slug, l.Today-health.Day(len(l.Strip))+1, l.Strip)
	return c
}

// personState says in a few words how a person's data arrive.
func personState(s *query.PersonState, now time.Time) (Status, string) {
	if s == nil {
		return "", ""
	}
	state := stateOf(s.State)
	switch {
	case s.State == alert.Overdue, s.State == alert.Late:
		return state.Status(), "no data for " + uitext.Length(now.Sub(s.News))
	case s.State == alert.Paused && !s.PausedUntil.IsZero():
		return state.Status(), pausedNote(s.PausedUntil, now)
	}
	return state.Status(), state.Word()
}

// newVital shows a value, with its date where that is not today.
func newVital(n query.Newest, unit health.Unit, today health.Day) Vital {
	if !n.OK {
		return Vital{Why: n.Why.Within()}
	}
	v := Vital{Value: Val(n.Value, unit, 0)}
	if n.Day != today {
		v.Age, v.Old = "of "+ShortDate(n.Day), true
	}
	return v
}

// soFar says of a value of today that the day is not over.
func (v *Vital) soFar() {
	if v.OK && !v.Old {
		v.Age = "so far today"
	}
}

// compare says how a value lies to what is usual for the person.
func (v *Vital) compare(u Units, usual health.Band) {
	v.Low, v.High, v.Status = usual.Low, usual.High, OK
	where := "in"
	m := health.Metric{Unit: v.Unit}
	switch u.place(m, usual, v.V) {
	case -1:
		where, v.Status = "below", Late
	case 1:
		where = "above"
	}
	if v.Old { // green is for what is fresh
		v.Status = NoData
	}
	v.Note = where + " your usual " + u.Number(valueOf(m, v.Low)) + dash + u.Number(valueOf(m, v.High))
}

func newActivity(a *query.Activity) ActivityLine {
	return ActivityLine{Name: a.Name, Start: onClock(a.Start, a.Offset), Duration: a.Duration,
		Distance: sportOf(a.Sport).distance(a.Meters), Calories: positive(a.Kilocalories, health.Kilocalorie),
		HeartAvg: positive(a.BPM, health.BPM), Device: a.Device, Part: a.Part, Second: a.Second}
}

// positive is a value, or none if it is 0.
func positive(x float64, unit health.Unit) Value {
	if x <= 0 {
		return Value{Unit: unit}
	}
	return Val(x, unit, 0)
}

// NewPeople shows everyone with how their data arrive, and their accounts.
func NewPeople(people []query.Standing, accounts []query.AccountInfo, connections map[int64]*query.ConnectionDetail,
	now time.Time) (v PeopleView) {
	of := map[int64]*query.AccountInfo{}
	for i, a := range accounts {
		if a.PersonID == 0 {
			v.Accounts = append(v.Accounts, a)
			continue
		}
		of[a.PersonID] = &accounts[i]
	}
	for _, s := range people {
		row := PersonRow{Person: PersonLink{s.Person.Name, s.Person.Slug}, Units: Units(s.Person.Units),
			Since: s.Person.Created, Account: of[s.Person.ID]}
		if len(s.Person.UserIDs) > 0 {
			row.GarminUserID = s.Person.UserIDs[0]
		}
		row.Status, row.StatusText = personState(s.State, now)
		if c := connections[s.Person.ID]; c != nil {
			row.Connection = *c
		}
		v.People = append(v.People, row)
	}
	return v
}
