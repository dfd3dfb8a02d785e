package pages

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"garner/db"
	"garner/health"
	"garner/health/alert"
	"garner/ui"
	"garner/ui/chart"
)

// syncRows is how many people the matrix shows at once.
const syncRows = 100

// sync shows whether data arrive, and if not, whose side it is on.
func (s *Site) sync(r *http.Request) (answer, error) {
	v, err := s.look(r, "Sync", ui.NavSync)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	out := ui.SyncView{Query: strings.TrimSpace(q.Get("q")), Sort: "name", Troubled: q.Get("only") == "problems",
		Total: len(v.facts.People)}
	if q.Get("sort") == "silence" {
		out.Sort = "silence"
	}
	out.Sentence, out.Status, out.Detail, out.Fix = v.sentence()
	if out.Lamps, err = s.lamps(r, v); err != nil {
		return answer{}, err
	}
	if out.Volumes, err = s.volumes(r, v); err != nil {
		return answer{}, err
	}
	for _, j := range v.columns() {
		out.Types = append(out.Types, v.types[v.facts.Types[j].Key])
	}
	shown := v.matching(&out)
	out.Matching = len(shown)
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 || from >= len(shown) {
		from = 0
	}
	to := min(from+syncRows, len(shown))
	out.First = from + 1
	if from > 0 {
		out.Prev = page("/sync", q, max(from-syncRows, 0))
	}
	if to < len(shown) {
		out.Next = page("/sync", q, to)
	}
	for _, i := range shown[from:to] {
		out.Rows = append(out.Rows, v.syncRow(i))
	}
	return render(ui.Sync(v.p, out))
}

// page is the address of another page of a list.
func page(path string, q url.Values, from int) string {
	other := url.Values{}
	for k, vals := range q {
		other[k] = vals
	}
	other.Set("from", strconv.Itoa(from))
	return path + "?" + other.Encode()
}

// matching gives the places of the people that the filters leave, in order.
func (v *statusPage) matching(f *ui.SyncView) []int {
	var out []int
	for i, p := range v.facts.People {
		named := f.Query == "" || strings.Contains(strings.ToLower(p.Name), strings.ToLower(f.Query))
		if named && (!f.Troubled || v.troubled(i)) {
			out = append(out, i)
		}
	}
	if f.Sort == "silence" {
		slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(v.silenceRank(b), v.silenceRank(a)) })
	}
	return out
}

// troubled says whether a person or any of their types wants a look.
func (v *statusPage) troubled(i int) bool {
	f := v.found.People[i]
	for j, pair := range v.facts.People[i].Types {
		if state := f.Types[j].State; !pair.News.IsZero() && (state == alert.Overdue || state == alert.NotShared) {
			return true
		}
	}
	return f.State.Troubled()
}

func (v *statusPage) silenceRank(i int) int64 {
	news := v.facts.People[i].News
	if news.IsZero() {
		return -1
	}
	return int64(v.p.Now.Sub(news))
}

func (v *statusPage) syncRow(i int) ui.SyncRow {
	p, f := v.facts.People[i], v.found.People[i]
	row := ui.SyncRow{Person: *v.link(p.ID), State: ui.SyncState(f.State.String()), Received: p.News,
		Note: pauseNote(p.Pauses, v.p.Now)}
	for _, j := range v.columns() {
		row.Cells = append(row.Cells, ui.SyncCell{State: ui.SyncState(f.Types[j].State.String()), Received: p.Types[j].News})
	}
	return row
}

// columns are the places of the types that have come for anyone; the others
// would be columns of nothing.
func (v *statusPage) columns() []int {
	if v.cols != nil {
		return v.cols
	}
	for j := range v.facts.Types {
		if slices.ContainsFunc(v.facts.People, func(p alert.Person) bool { return !p.Types[j].News.IsZero() }) {
			v.cols = append(v.cols, j)
		}
	}
	return v.cols
}

// pauseNote says until when someone is paused.
func pauseNote(pauses []alert.Span, now time.Time) string {
	for _, s := range pauses {
		if !s.From.After(now) && s.To.After(now) {
			return "paused until " + s.To.Add(-time.Second).In(now.Location()).Format("Mon 2 Jan")
		}
	}
	return ""
}

// lamps are the three links of the chain.
func (s *Site) lamps(r *http.Request, v *statusPage) ([]ui.Lamp, error) {
	signs, err := s.store.Signals(r.Context())
	if err != nil {
		return nil, err
	}
	told, err := s.lampTold(r, v)
	return []ui.Lamp{s.lampFromGarmin(v, signs["probe"]), lampStored(v), told}, err
}

func (s *Site) lampFromGarmin(v *statusPage, probe db.Signal) ui.Lamp {
	l := ui.Lamp{From: "Garmin", To: "Garner", Status: ui.OK}
	in := v.facts.Inside
	switch {
	case v.found.News.IsZero():
		l.Status, l.Line = ui.NoData, "Nothing has come yet."
	case v.has(alert.NothingArrives):
		l.Status, l.Line = ui.Down, "No data has arrived since "+ui.When(v.found.News, v.p.Now)+"."
	case v.has(alert.TypeStopped):
		l.Status, l.Line = ui.Late, "Data come, but not of every type."
	default:
		l.Line = "The newest data came " + ui.Ago(v.found.News, v.p.Now) + "."
	}
	switch {
	case !in.UnreachableSince.IsZero():
		l.Status, l.Detail = ui.Down, "The public address has not answered since "+ui.When(in.UnreachableSince, v.p.Now)+"."
	case !s.Public:
		l.Detail = "No public address is set, so it is not tried from here."
	case probe.Value == 1:
		l.Detail = "The public address answered " + ui.Ago(probe.At, v.p.Now) + "."
	case !probe.At.IsZero():
		l.Detail = "From here the public address has never answered. That may be this network's router, which does not " +
			"lead back inside: " + probe.Detail
	}
	return l
}

func lampStored(v *statusPage) ui.Lamp {
	l := ui.Lamp{From: "Garner", To: "stored", Status: ui.OK, Line: "Everything received is processed.",
		Link: &ui.Link{Text: "Inbox", URL: "/inbox"}}
	in := v.facts.Inside
	switch {
	case v.has(alert.Backlogged):
		l.Status, l.Line = ui.Down, fmt.Sprintf("%s, the oldest since %s. They are safe.",
			ui.Plural(int(in.Waiting), "message waits", "messages wait"), ui.When(in.OldestWaiting, v.p.Now))
	case in.Waiting > 0:
		l.Status, l.Line = ui.Running, ui.Plural(int(in.Waiting), "message is", "messages are")+" being processed."
	}
	if in.Parked > 0 {
		l.Status, l.Detail = worse(l.Status, ui.Late), ui.Plural(int(in.Parked), "delivery",
			"deliveries")+" could not be processed."
		l.Link = &ui.Link{Text: "Show parked deliveries", URL: "/inbox?state=parked"}
	}
	if v.has(alert.DiskLow) {
		l.Status, l.Detail = ui.Down, "The disk is nearly full."
	}
	return l
}

func (s *Site) lampTold(r *http.Request, v *statusPage) (ui.Lamp, error) {
	l := ui.Lamp{From: "stored", To: "you", Status: ui.OK, Link: &ui.Link{Text: "Alerts", URL: "/alerts"}}
	sent, _, err := s.store.LastNotifications(r.Context())
	if err != nil {
		return l, err
	}
	newest := db.Notification{}
	for _, m := range sent {
		if m.Ended.After(newest.Ended) {
			newest = m
		}
	}
	switch {
	case !v.facts.Inside.MailSince.IsZero():
		l.Status, l.Line = ui.Down, "Notices cannot be sent since "+ui.When(v.facts.Inside.MailSince, v.p.Now)+"."
		l.Detail = v.facts.Inside.MailError
	case !slices.ContainsFunc(s.Channels, func(c Channel) bool { return c.Key != "heartbeat" && c.Configured() }):
		l.Status, l.Line = ui.NoData, "No notification channel is set up."
	case newest.Ended.IsZero():
		l.Line = "No notification has been sent yet."
	default:
		l.Line = "The last notice went out " + ui.Ago(newest.Ended, v.p.Now) + "."
	}
	if err := s.Watch.Stalled(v.p.Now); err != nil {
		l.Status, l.Line, l.Detail = ui.Down, "The silence check is not running.", err.Error()
	}
	return l, nil
}

func worse(a, b ui.Status) ui.Status {
	if a == ui.Down {
		return a
	}
	return b
}

// has says whether a condition of a kind holds.
func (v *statusPage) has(kind alert.Kind) bool {
	return slices.ContainsFunc(v.found.Conditions, func(c alert.Condition) bool { return c.Kind == kind })
}

// volumes counts what came of each type by days.
func (s *Site) volumes(r *http.Request, v *statusPage) ([]ui.Volume, error) {
	counts, err := s.store.Volumes(r.Context(), v.p.Now, alert.LearnDays-1)
	if err != nil {
		return nil, err
	}
	today := health.DayOf(v.p.Now.Unix(), 0)
	var out []ui.Volume
	for _, t := range v.facts.Types {
		n := counts[t.Key]
		if n == nil {
			continue
		}
		vol := ui.Volume{Type: v.types[t.Key], Status: ui.OK}
		for i, count := range n {
			day := today - health.Day(len(n)-1-i)
			vol.Days = append(vol.Days, ui.VolumeDay{Day: day, Count: count, State: v.heard(day, today)})
		}
		usual := int(math.Round(health.Median(n[:len(n)-1])))
		vol.Words = fmt.Sprintf("%s today, usually %s a day", ui.Count(n[len(n)-1]), ui.Count(usual))
		for _, c := range v.found.Conditions {
			if c.Type == t.Key && c.Kind == alert.TypeStopped {
				vol.Status, vol.Words = ui.Down, "nothing since "+ui.When(c.Since, v.p.Now)
			} else if c.Type == t.Key && c.Kind == alert.Collapsed {
				vol.Status = ui.Late
			}
		}
		out = append(out, vol)
	}
	return out, nil
}

// heard says whether a day's count means something.
func (v *statusPage) heard(day, today health.Day) chart.Absence {
	from := day.Midnight()
	switch {
	case day == today:
		return chart.Awaited
	case v.facts.ObservableTime.Between(from, from.Add(24*time.Hour)) == 0:
		return chart.NotExpected
	}
	return chart.Present
}
