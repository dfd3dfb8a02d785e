package history

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"garner/health"
)

const (
	d   = daySeconds
	now = 20_000*d + 5000
)

func asked(state State, from, to int64) Span {
	return Span{Range: Range{from * d, to * d}, State: state, At: now}
}

func question(from, to int64, spans ...Span) Question {
	return Question{Wanted: Range{from * d, to * d}, Now: now, Connected: 19_000 * d, Synced: now, Spans: spans, MostDays: 30}
}

func TestWindowsAreNewestFirstAndCutAtWhatIsBurnt(t *testing.T) {
	t.Parallel()
	q := question(19_900, 19_980, asked(Accepted, 19_930, 19_940), asked(Duplicate, 19_975, 19_977))
	got := q.Plan()
	want := []Range{{19_977 * d, 19_980 * d}, {19_945 * d, 19_975 * d}, {19_940 * d, 19_945 * d}, {19_900 * d, 19_930 * d}}
	if !slices.Equal(got.Windows, want) {
		t.Errorf("%v", got.Windows)
	}
	if len(got.Rest) != 2 || got.Rest[0].Why != AlreadyAsked || got.Rest[1].Why != AlreadyAccepted ||
		got.Rest[1].Span.Range != (Range{19_930 * d, 19_940 * d}) {
		t.Errorf("%+v", got.Rest)
	}
}

func TestEachReasonHoldsWhereItHoldsAndNowhereElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Question)
		want   map[Reason]Range // of the days 19900 to 20010
	}{
		"by time":         {func(*Question) {}, map[Reason]Range{InFuture: {now, 20_010 * d}, TooNew: {19_992 * d, now}}},
		"an older sync":   {func(q *Question) { q.Synced = 19_950*d + 9 }, map[Reason]Range{TooNew: {19_950 * d, now}}},
		"never synced":    {func(q *Question) { q.Synced, q.Connected = 0, 19_960*d }, map[Reason]Range{TooNew: {19_960 * d, now}}},
		"no backfill":     {func(q *Question) { q.Access = NoBackfill }, map[Reason]Range{WithoutBackfill: {19_900 * d, now}}},
		"no connection":   {func(q *Question) { q.Access = NotConnected }, map[Reason]Range{WithoutConnection: {19_900 * d, now}}},
		"must reconnect":  {func(q *Question) { q.Access = MustReconnect }, map[Reason]Range{NeedsReconnect: {19_900 * d, now}}},
		"no history":      {func(q *Question) { q.Access = HistoryNotShared }, map[Reason]Range{HistoryOff: {19_900 * d, now}}},
		"not shared":      {func(q *Question) { q.Access = TypeNotShared }, map[Reason]Range{TypeOff: {19_900 * d, now}}},
		"Garmin's date":   {func(q *Question) { q.Earliest = 19_910*d - 7 }, map[Reason]Range{BeforeEarliest: {19_900 * d, 19_910 * d}}},
		"configured date": {func(q *Question) { q.Floor = 19_920 * d }, map[Reason]Range{BeforeFloor: {19_900 * d, 19_920 * d}}},
		"planned": {func(q *Question) { q.Spans = []Span{asked(Planned, 19_900, 19_990)} },
			map[Reason]Range{AlreadyPlanned: {19_900 * d, 19_990 * d}}},
		"unknown": {func(q *Question) { q.Spans = []Span{asked(Unknown, 19_900, 19_990)} },
			map[Reason]Range{AnswerUnknown: {19_900 * d, 19_990 * d}}},
		"given up, automatic": {func(q *Question) { q.Automatic, q.Spans = true, []Span{asked(GivenUp, 19_900, 19_990)} },
			map[Reason]Range{RefusedLately: {19_900 * d, 19_990 * d}}},
		"given up, by hand": {func(q *Question) { q.Spans = []Span{asked(GivenUp, 19_900, 19_990)} },
			map[Reason]Range{InFuture: {now, 20_010 * d}, TooNew: {19_992 * d, now}}},
		"given up long ago": {func(q *Question) {
			q.Automatic, q.Spans = true, []Span{{Range{19_900 * d, 19_990 * d}, GivenUp, now - 7*d, 0}}
		}, map[Reason]Range{InFuture: {now, 20_010 * d}, TooNew: {19_992 * d, now}}},
	} {
		q := question(19_900, 20_010)
		c.change(&q)
		got := map[Reason]Range{}
		for _, p := range q.Plan().Rest {
			got[p.Why] = p.Range
		}
		for why, r := range c.want {
			if got[why] != r {
				t.Errorf("%s: reason %d is of %v, want %v", name, why, got[why], r)
			}
		}
	}
}

func TestAWindowCoversLocalDaysByWholeUTCDays(t *testing.T) {
	t.Parallel()
	for offset, want := range map[int32]Range{0: {10 * d, 12 * d}, 3600: {9 * d, 12 * d}, -5 * 3600: {10 * d, 13 * d}} {
		if got := OfDays(10, 11, offset); got != want {
			t.Errorf("offset %d: %v", offset, got)
		}
	}
	if r := (Range{10 * d, 12*d + 1}); r.Days() != 3 {
		t.Errorf("two days and a second count as %d days", r.Days())
	}
}

// Every second of what is wanted is in one window or in one part with a reason, no
// window meets a burnt span, none is too long, and the newest come first.
func TestAPlanIsAPartitionOfWhatIsWanted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.Int64Range(19_000, 20_020)
		from := days.Draw(t, "from")
		q := question(from, from+rapid.Int64Range(1, 500).Draw(t, "days"))
		q.MostDays = rapid.IntRange(1, 90).Draw(t, "most")
		q.Access = Access(rapid.IntRange(0, 6).Draw(t, "access") / 6 * rapid.IntRange(0, 5).Draw(t, "which"))
		q.Synced, q.Connected = days.Draw(t, "synced")*d, days.Draw(t, "connected")*d
		q.Earliest, q.Floor = days.Draw(t, "earliest")*d-77, rapid.Int64Range(0, 19_300).Draw(t, "floor")*d
		q.Automatic = rapid.Bool().Draw(t, "automatic")
		for range rapid.IntRange(0, 8).Draw(t, "spans") {
			at := days.Draw(t, "at")*d + rapid.Int64Range(0, 1).Draw(t, "odd")*999
			q.Spans = append(q.Spans, Span{Range{at, at + rapid.Int64Range(1, 40*d).Draw(t, "long")},
				State(rapid.IntRange(0, 4).Draw(t, "state")), at, 0})
		}
		check(t, &q)
	})
}

func check(t *rapid.T, q *Question) {
	plan := q.Plan()
	all := slices.Clone(plan.Windows)
	for _, p := range plan.Rest {
		all = append(all, p.Range)
	}
	slices.SortFunc(all, func(a, b Range) int { return -newestFirst(a, b) })
	at := q.Wanted.From
	for _, r := range all {
		if r.From != at || r.Empty() {
			t.Fatalf("%v follows %d", r, at)
		}
		at = r.To
	}
	if at != q.Wanted.To {
		t.Fatalf("ends at %d", at)
	}
	for i, w := range plan.Windows {
		if w.Days() > q.MostDays || i > 0 && w.To > plan.Windows[i-1].From || w.To > q.Ripe() || w.From < q.Floor {
			t.Fatalf("window %v of %v", w, plan.Windows)
		}
		for _, s := range q.Spans {
			if s.State != GivenUp && s.Meets(w) {
				t.Fatalf("%v meets %+v", w, s)
			}
		}
	}
}

func TestTheClockOfAPersonNeverLosesADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := health.Day(rapid.IntRange(-10, 40_000).Draw(t, "day"))
		offset := int32(rapid.IntRange(-14*3600, 14*3600).Draw(t, "offset"))
		r := OfDays(day, day, offset)
		if start := int64(day)*d - int64(offset); r.From > start || r.To < start+d || r.From%d != 0 || r.To%d != 0 || r.Days() > 2 {
			t.Fatalf("%v", r)
		}
	})
}
