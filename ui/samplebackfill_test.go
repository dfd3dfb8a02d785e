package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"garner/health/history"
	"garner/query"
)

// sampleBackfill has a window of every outcome, and a connection that was replaced.
func sampleBackfill() *query.Backfill {
	b := &query.Backfill{Connection: 2, Counts: map[history.Outcome]int{}, Next: sampleNow.Add(40 * time.Second)}
	sleeps := query.BackfillType{Type: "sleeps", Earliest: sampleNow.AddDate(-2, 0, 0)}
	for i, o := range outcomes {
		w := query.BackfillWindow{Outcome: o, Earlier: i > 8}
		w.ID, w.To = int64(i), sampleNow.UTC().Truncate(24*time.Hour).AddDate(0, 0, -30*i-10)
		w.From = w.To.AddDate(0, 0, -30)
		w.Due, w.Records = sampleNow.Add(time.Hour), 1412
		if i > 1 {
			w.Asked, w.Attempts, w.Status = sampleNow.Add(-time.Duration(i)*time.Hour), i, 409
			w.Answered, w.Answer = w.Asked.Add(time.Second), `duplicate <backfill> "processed" at 2026-11-22T08:00:00Z`
			w.First, w.Last = w.Asked.Add(time.Minute), w.Asked.Add(time.Hour)
		}
		sleeps.Windows = append(sleeps.Windows, w)
		b.Counts[o]++
	}
	b.Types = []query.BackfillType{sleeps, {Type: "hrv", Access: history.TypeNotShared}}
	return b
}

func sampleNames() *Names {
	n := &Names{Now: sampleNow, Operates: true, People: map[int64]PersonLink{1: ada, 2: hostile, 3: ben, 4: mira},
		Types: map[string]SyncType{}}
	for _, t := range sampleTypes {
		n.Types[t.Key] = t
	}
	return n
}

func samplePlan() *query.BackfillPlan {
	const d = 86400
	at := int64(sampleDay) * d
	span := &history.Span{State: history.Accepted, At: sampleNow.Unix(), Came: 12}
	plan := history.Plan{Windows: []history.Range{{From: at - 40*d, To: at - 10*d}, {From: at - 60*d + 77, To: at - 50*d}},
		Rest: []history.Part{{Range: history.Range{From: at - 10*d, To: at}, Why: history.TooNew},
			{Range: history.Range{From: at - 50*d, To: at - 40*d}, Why: history.AlreadyAccepted, Span: span}}}
	return &query.BackfillPlan{Connection: 1, Types: []query.TypePlan{{Type: "sleeps", Plan: plan},
		{Type: "hrv", Plan: history.Plan{Rest: []history.Part{{Range: history.Range{From: at - 9*d, To: at},
			Why: history.TypeOff}}}}}}
}

// backfillPages are the pages of history in their states.
func backfillPages() map[string]templ.Component {
	n, b := sampleNames(), sampleBackfill()
	p := samplePage("Backfill of Zoë", NavBackfill, &hostile)
	stranger := p
	stranger.Operates, stranger.Changes = false, false
	full := n.Backfill(hostile, b, BackfillChoice{Rows: 5})
	full.Form, full.Report.Next = n.BackfillForm(hostile, b), "/p/zoe/backfill?from=5"
	full.Notice = "3 requests planned."
	form := *full.Form
	form.From, form.To = "2026-09-01", "2026-11-23"
	wrong := form
	wrong.From, wrong.FromError, wrong.ToError, wrong.TypeError = "soon", "Give a day.", "It is in the future.", "No such type."
	none := &query.Backfill{Types: []query.BackfillType{{Type: "sleeps", Access: history.HistoryNotShared}}}
	people := []query.BackfillPerson{{Person: 1, Planned: 96, Accepted: 37, Arrived: 21, Refused: 2, Next: sampleNow},
		{Person: 2, Access: history.HistoryNotShared}, {Person: 3, Access: history.MustReconnect},
		{Person: 4, Access: history.NotConnected}}
	return map[string]templ.Component{
		"backfill":        Backfill(p, full),
		"backfill-none":   Backfill(p, n.Backfill(hostile, none, BackfillChoice{Rows: 5})),
		"backfill-reader": Backfill(stranger, n.Backfill(hostile, b, BackfillChoice{Type: "hrv", Rows: 5})),
		"backfill-plan":   BackfillPlan(p, n.BackfillPlan(hostile, form, samplePlan())),
		"backfill-wrong": BackfillPlan(p, BackfillPlanView{Person: hostile, Status: NoData, Sentence: "Choose days.",
			Form: wrong}),
		"backfill-people":    BackfillPeople(samplePage("Backfill", NavBackfill, nil), n.BackfillPeople(people, 300)),
		"backfill-no-people": BackfillPeople(samplePage("Backfill", NavBackfill, nil), n.BackfillPeople(nil, 0)),
	}
}

func TestTheBackfillPageNamesEveryOutcomeInWords(t *testing.T) {
	t.Parallel()
	n, b := sampleNames(), sampleBackfill()
	said := map[string]bool{}
	for _, year := range []int{2026, 2025} {
		v := n.Backfill(hostile, b, BackfillChoice{Year: year, Rows: 50})
		_, doc := render(t, Backfill(samplePage("Backfill", NavBackfill, &hostile), v))
		doc.Find("[data-testid=grid] td p").Each(func(_ int, s *goquery.Selection) {
			said[strings.Join(strings.Fields(strings.ReplaceAll(s.Text(), thin, " ")), " ")] = true
		})
		if got := doc.Find("progress").AttrOr("value", ""); got != "6" {
			t.Errorf("%s are answered", got)
		}
		if got := doc.Find("label[for=answered]").Text(); got != "6 of 9 answered, 1 brought data; next request in 40"+thin+"s" {
			t.Errorf("the progress says %q", got)
		}
	}
	for _, want := range []string{"○planned", "‖next try 08:56", "▶asked", "◐accepted", "●1 412 arrived",
		"◇arrived empty", "⊘refused: already asked", "◁refused: too early", "✕not permitted",
		"▲failed, earlier connection", "–canceled, earlier connection"} {
		if !said[want] {
			t.Errorf("%q is not in the grid: %v", want, said)
		}
	}
}

func TestTheReportHasTheLastRequestFirstAndGarminsWords(t *testing.T) {
	t.Parallel()
	_, doc := render(t, backfillPages()["backfill"])
	rows := doc.Find("[data-testid=report] tbody tr")
	if first := rows.First().Text(); rows.Length() != 5 || !strings.Contains(first, "▶") ||
		!strings.Contains(first, `409 duplicate <backfill> "processed"`) {
		t.Errorf("%d rows, the first is %q", rows.Length(), first)
	}
}

func TestAnnouncementsDoNotFollowEachAnswer(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for i := range 97 {
		said[announce("Zoë", BackfillProgress{Total: 96, Answered: i})] = true
	}
	if len(said) != 11 {
		t.Errorf("%d announcements for 96 answers: %v", len(said), said)
	}
}

func TestAPersonReadsWhyNoHistoryCanBeAskedFor(t *testing.T) {
	t.Parallel()
	for access, want := range map[history.Access]string{history.NotConnected: "is not connected to Garmin",
		history.MustReconnect: "must connect again", history.HistoryNotShared: "Historical data is not shared",
		history.TypeNotShared: "shares no data"} {
		b := &query.Backfill{Types: []query.BackfillType{{Type: "sleeps", Access: access}, {Type: "hrv", Access: access}}}
		v := sampleNames().Backfill(ada, b, BackfillChoice{Rows: 5})
		_, doc := render(t, Backfill(samplePage("Backfill", NavBackfill, &ada), v))
		if got := doc.Find("main").Text(); !strings.Contains(got, want) || doc.Find("[data-testid=ask]").Length() != 0 {
			t.Errorf("access %d: no %q, or a form that cannot work", access, want)
		}
		b.Types[1].Access = history.Granted
		if sampleNames().Backfill(ada, b, BackfillChoice{}).Cannot != nil {
			t.Error("one type can be asked for")
		}
	}
}

// TestAPlanOfSeveralTypesIsShort: a year has about 200 requests. A row for each would
// bury the button.
func TestAPlanOfSeveralTypesIsShort(t *testing.T) {
	t.Parallel()
	const d = 86400
	at := int64(sampleDay) * d
	rest := func(came int64) (out history.Plan) {
		part := func(from, to int64, why history.Reason) {
			out.Rest = append(out.Rest, history.Part{Range: history.Range{From: from, To: to}, Why: why,
				Span: &history.Span{State: history.Accepted, At: at, Came: came}})
		}
		part(at+9*3600, at+d, history.InFuture)
		part(at-8*d+60, at+9*3600, history.TooNew)
		part(at-38*d, at-8*d, history.AlreadyAccepted)
		part(at-68*d, at-38*d, history.AlreadyAccepted)
		return out
	}
	plan := &query.BackfillPlan{Types: []query.TypePlan{{Type: "sleeps", Plan: rest(3)}, {Type: "hrv", Plan: rest(4)}}}
	rows := func() (out []string) {
		view := sampleNames().BackfillPlan(ada, BackfillForm{}, plan)
		_, doc := render(t, BackfillPlan(samplePage("Plan", NavBackfill, &ada), view))
		doc.Find("[data-testid=rest] tbody tr").Each(func(_ int, s *goquery.Selection) { out = append(out, s.Text()) })
		return out
	}
	got := rows()
	if len(got) != 2 || !strings.Contains(got[0], "too new") || strings.Contains(got[0], "09:00") ||
		!strings.HasSuffix(got[1], "Garmin acceptedall types") {
		t.Errorf("%d rows: %q", len(got), got)
	}
	plan.Types = plan.Types[:1]
	if got := rows(); len(got) != 3 || !strings.Contains(got[2], "3 records came") {
		t.Errorf("one type has %d rows: %q", len(got), got)
	}
}

func TestWhereNothingCanBeAskedForThePageLeadsToTheConnection(t *testing.T) {
	t.Parallel()
	off := &query.Backfill{Types: []query.BackfillType{{Type: "sleeps", Access: history.HistoryNotShared}}}
	plan := BackfillPlanView{Person: ada, Form: BackfillForm{FromError: "Give a day."}, Cannot: CannotAsk("Ada", off)}
	p := samplePage("Plan", NavBackfill, &ada)
	for operates, want := range map[bool]int{true: 1, false: 0} {
		p.Operates, p.Changes = operates, false
		_, doc := render(t, BackfillPlan(p, plan))
		if n := doc.Find("main [data-testid=empty] a[href='/p/ada/connection']").Length(); n != want {
			t.Errorf("operates %t: %d links", operates, n)
		}
	}
}

func TestAllAnsweredStillSaysWhatIsAwaitedAndWhoMustConnect(t *testing.T) {
	t.Parallel()
	accepted := query.BackfillWindow{Outcome: history.WindowAccepted}
	b := &query.Backfill{Types: []query.BackfillType{{Type: "sleeps", Windows: []query.BackfillWindow{accepted}}}}
	if got := sampleNames().Backfill(ada, b, BackfillChoice{}).Detail; !strings.Contains(got, "no data for these yet") {
		t.Errorf("the page says %q", got)
	}
	list := []query.BackfillPerson{{Person: 1, Accepted: 3}, {Person: 2, Access: history.MustReconnect}}
	if got := sampleNames().BackfillPeople(list, 2); got.Status != Late || !strings.Contains(got.Sentence, "1 person must") {
		t.Errorf("%s: %q", got.Status, got.Sentence)
	}
}
