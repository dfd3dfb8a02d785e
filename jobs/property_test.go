package jobs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/jobs/jobstest"
)

// account is one version of something, in the terms of this test alone: it
// knows what Garmin means, and nothing of how Garner reads it.
type account struct {
	typ        string
	id         string // what tells records of a type apart, but for nights
	start, end int64
	rank       []int64 // by which of two accounts stands, before arrival
	made       bool    // by the Data Generator
	date       int64
	series     string // the name of its samples, if it has any
	samples    map[int64]int64
	json       string // without the braces
	arrived    int    // place in the order of first arrival, over all bodies
	tag        int
}

// invent makes an account of one of few things, so that many meet.
func invent(rng *rand.Rand, tag int) account {
	day := rng.Int64N(4)
	base := 1_760_000_000 + day*86400
	a := account{tag: tag, start: base, date: day, made: rng.IntN(5) == 0}
	mark := map[bool]string{true: "sd", false: "x"}[a.made]
	switch rng.IntN(6) {
	case 0: // a night: any start, any length, any validation
		word, class := validations(rng)
		a.start = base + rng.Int64N(5)*3600
		deep, awake := 3600*(1+rng.Int64N(4)), 600*rng.Int64N(3)
		a.typ, a.end = "sleeps", a.start+deep+awake
		a.rank = []int64{class, a.end}
		if class == 3 { // between two edits the newer arrival stands
			a.rank[1] = 0
		}
		a.sample(rng, "timeOffsetSleepSpo2", deep+awake)
		a.json = fmt.Sprintf(`"summaryId":"%s-%d-%d","calendarDate":"2025-10-%02d","startTimeInSeconds":%d,`+
			`"startTimeOffsetInSeconds":7200,"durationInSeconds":%d,"awakeDurationInSeconds":%d,"validation":%q`,
			mark, a.start, deep, 9+day, a.start, deep, awake, word)
	case 1:
		length := 3600 * (1 + rng.Int64N(24))
		a.typ, a.id, a.rank = "dailies", fmt.Sprint(day), []int64{base + length}
		a.sample(rng, "timeOffsetHeartRateSamples", length)
		a.json = fmt.Sprintf(`"summaryId":"%s-1","calendarDate":"2025-10-%02d","startTimeInSeconds":%d,`+
			`"startTimeOffsetInSeconds":0,"durationInSeconds":%d,"steps":%d`, mark, 9+day, base, length, rng.IntN(3))
	case 2: // two kinds of activity may share a slice
		kind, length := []string{"WALKING", "RUNNING"}[rng.IntN(2)], 300*(1+rng.Int64N(3))
		a.typ, a.id, a.rank = "epochs", fmt.Sprint(base, kind), []int64{length}
		a.json = fmt.Sprintf(`"summaryId":"%s-2","startTimeInSeconds":%d,"startTimeOffsetInSeconds":-3600,`+
			`"durationInSeconds":%d,"activityType":%q,"steps":%d`, mark, base, length, kind, rng.IntN(3))
	case 3: // edited by a person or not; else only arrival counts
		edited := rng.Int64N(2)
		a.typ, a.id, a.rank = []string{"activities", "manuallyUpdatedActivities"}[edited], fmt.Sprint(day), []int64{edited}
		a.made = false
		a.json = fmt.Sprintf(`"summaryId":"%d","activityId":%d,"activityName":"n%d","startTimeInSeconds":%d,`+
			`"durationInSeconds":%d`, 700+day, 700+day, rng.IntN(3), base+rng.Int64N(2)*86400, rng.Int64N(9000))
	case 4: // of the small types, with samples
		length := 3600 * (1 + rng.Int64N(5))
		a.typ, a.id, a.rank = "pulseox", fmt.Sprint(base), []int64{length}
		a.sample(rng, "timeOffsetSpo2Values", length)
		a.json = fmt.Sprintf(`"summaryId":"%s-3","calendarDate":"2025-10-%02d","startTimeInSeconds":%d,`+
			`"startTimeOffsetInSeconds":0,"durationInSeconds":%d`, mark, 9+day, base, length)
	default:
		updated := base + rng.Int64N(3)
		a.typ, a.id, a.rank, a.made = "mct", fmt.Sprint(day), []int64{updated}, false
		a.json = fmt.Sprintf(`"periodStartDate":"2025-10-%02d","lastUpdatedTimeInSeconds":%d,"dayInCycle":%d`, 9+day, updated,
			rng.IntN(3))
	}
	return a
}

// sample returns an account samples, dense or thin, with holes, over its length
// or part of it.
func (a *account) sample(rng *rand.Rand, name string, length int64) {
	if a.end == 0 {
		a.end = a.start + length
	}
	a.series, a.samples = name, map[int64]int64{}
	every := []int64{600, 900, 1800}[rng.IntN(3)]
	from, to := rng.Int64N(2)*rng.Int64N(length), length-rng.Int64N(2)*rng.Int64N(length)
	for at := int64(0); at < length; at += every {
		if at >= from && at <= to && rng.IntN(8) > 0 {
			a.samples[at] = 90 + rng.Int64N(10)
		}
	}
}

// validations draws one of Garmin's words with its rank: off the wrist,
// tentative, final, by hand.
func validations(rng *rand.Rand) (string, int64) {
	words := []struct {
		word string
		rank int64
	}{{"OFF_WRIST", 0}, {"AUTO_TENTATIVE", 1}, {"enhanced_tentative", 1}, {"SOMETHING_NEW", 1}, {"ENHANCED_FINAL", 2},
		{"AUTO_FINAL", 2}, {"MANUAL", 3}, {"AUTO_MANUAL", 3}}
	w := words[rng.IntN(len(words))]
	return w.word, w.rank
}

// sameThing reports whether two accounts are of one thing: nights by touching
// each other in time, everything else by its id.
func (a account) sameThing(b account) bool {
	if a.record() != b.record() || a.made != b.made {
		return false
	}
	if a.typ == "sleeps" {
		return a.start < b.end && b.start < a.end
	}
	return a.id == b.id
}

func (a account) record() string {
	return strings.Replace(a.typ, "manuallyUpdatedActivities", "activities", 1)
}

// foretell returns the accounts that must stand, by their tags, with the samples
// that must be shown of them.
func foretell(accounts []account) []string {
	group := make([]int, len(accounts))
	for i := range group {
		group[i] = i
	}
	for again := true; again; {
		again = false
		for i, a := range accounts {
			for j, b := range accounts {
				if group[i] < group[j] && a.sameThing(b) {
					group[j], again = group[i], true
				} else if group[j] < group[i] && a.sameThing(b) {
					group[i], again = group[j], true
				}
			}
		}
	}
	best, others := map[int]account{}, map[int][]account{}
	real := map[string]bool{}
	for i, a := range accounts {
		b, ok := best[group[i]]
		if !ok || a.beats(b) {
			best[group[i]] = a
		}
		others[group[i]] = append(others[group[i]], a)
	}
	for _, a := range best {
		real[fmt.Sprint(a.record(), a.date)] = real[fmt.Sprint(a.record(), a.date)] || !a.made
	}
	var out []string
	for g, a := range best {
		if a.made && real[fmt.Sprint(a.record(), a.date)] {
			continue // hidden by a real one
		}
		out = append(out, fmt.Sprint(a.record(), " ", a.tag, " ", a.with(others[g])))
	}
	slices.Sort(out)
	return out
}

func (a account) beats(b account) bool {
	return cmp.Or(slices.Compare(a.rank, b.rank), cmp.Compare(a.arrived, b.arrived)) > 0
}

// hour returns the instants of an account's samples in one hour of UTC, up to an
// instant.
func (a account) hour(hour, from, to int64) (out []int64) {
	for at := range a.samples {
		if t := a.start + at; t/3600 == hour && t >= from && t <= to {
			out = append(out, t)
		}
	}
	return out
}

// with returns the samples that a shows among other accounts: in each hour those
// of the account with most samples there, as far as a reaches.
func (a account) with(others []account) string {
	shown := map[int64]int64{}
	const ever = 1 << 40
	for hour := a.start / 3600; a.series != "" && hour <= a.end/3600; hour++ {
		most := a
		for _, b := range others {
			n, m := len(b.hour(hour, 0, ever)), len(most.hour(hour, 0, ever))
			if n > m || n == m && b.beats(most) {
				most = b
			}
		}
		if len(most.hour(hour, a.start, a.end)) <= len(a.hour(hour, 0, ever)) {
			most = a
		}
		for _, t := range most.hour(hour, a.start, a.end) {
			shown[t] = most.samples[t-most.start]
		}
	}
	return fmt.Sprint(shown)
}

// wrap makes bodies of accounts as Garmin would: several types in a body, now
// and then an array of one element.
func wrap(rng *rand.Rand, accounts []account) (bodies []string) {
	for len(accounts) > 0 {
		n := 1 + rng.IntN(min(4, len(accounts)))
		byType := map[string][]string{}
		var order []string
		for _, a := range accounts[:n] {
			if byType[a.typ] == nil {
				order = append(order, a.typ)
			}
			byType[a.typ] = append(byType[a.typ], fmt.Sprintf(`{"userId":"u1",%s%s,"tag":%d}`, a.json, a.samplesJSON(), a.tag))
		}
		var keys []string
		for _, typ := range order {
			keys = append(keys, fmt.Sprintf("%q:[%s]", typ, strings.Join(byType[typ], ",")))
		}
		bodies = append(bodies, "{"+strings.Join(keys, ",")+"}")
		accounts = accounts[n:]
	}
	return bodies
}

func (a account) samplesJSON() string {
	var list []string
	for _, at := range slices.Sorted(maps.Keys(a.samples)) {
		list = append(list, fmt.Sprintf(`"%d":%d`, at, a.samples[at]))
	}
	if a.series == "" {
		return ""
	}
	return fmt.Sprintf(`,%q:{%s}`, a.series, strings.Join(list, ","))
}

// bench is a box with a drain.
type bench struct {
	*jobstest.Box
	drain *Drain
}

// newBench is one with a person.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := emptyBench(t)
	b.Add("Ada", "u1", "")
	return b
}

// emptyBench is one without people.
func emptyBench(t *testing.T) *bench {
	t.Helper()
	box := jobstest.Open(t)
	return &bench{box, &Drain{Inbox: box.Inbox.InboxReader, Receiving: box.Inbox, Store: box.Store,
		Log: slog.New(slog.DiscardHandler), Workers: 2}}
}

func (b *bench) put(bodies ...string) {
	b.T.Helper()
	for _, body := range bodies {
		if _, err := b.drain.Receiving.Put(b.T.Context(), db.Arrival{Received: time.Now()}, []byte(body)); err != nil {
			b.T.Fatal(err)
		}
	}
}

func (b *bench) run() {
	b.T.Helper()
	if err := b.drain.RunUntilEmpty(b.T.Context()); err != nil {
		b.T.Fatal(err)
	}
}

// claim takes everything that is due, as a crashing process would hold it.
func (b *bench) claim() (jobs []db.Job) {
	b.T.Helper()
	for {
		more, err := b.drain.Store.Claim(b.T.Context(), b.drain.Inbox, time.Now(), 100, 1<<30)
		if err != nil {
			b.T.Fatal(err)
		}
		slow, err := b.drain.Store.ClaimSlow(b.T.Context(), b.drain.Inbox, time.Now())
		if err != nil {
			b.T.Fatal(err)
		}
		if slow != nil {
			more = append(more, *slow)
		}
		if len(more) == 0 {
			return jobs
		}
		jobs = append(jobs, more...)
	}
}

// apply processes jobs one by one in the order given; some are applied in two
// parts, and some of those are cut between the two.
func (b *bench) apply(rng *rand.Rand, jobs []db.Job) {
	b.T.Helper()
	ids, err := b.drain.Store.Identities(b.T.Context())
	if err != nil {
		b.T.Fatal(err)
	}
	for _, job := range jobs {
		out := b.drain.process(context.Background(), job, ids, func(*db.Result) {})
		if n := len(out.Versions); n > 1 && rng.IntN(3) == 0 {
			part := *out
			part.Versions, part.Partial = out.Versions[:n/2], true
			if err := b.drain.Store.Apply(b.T.Context(), time.Now(), []*db.Result{&part}); err != nil {
				b.T.Fatal(err)
			}
			if rng.IntN(2) == 0 {
				continue // the crash: the rest is never applied
			}
		}
		if err := b.drain.Store.Apply(b.T.Context(), time.Now(), []*db.Result{out}); err != nil {
			b.T.Fatal(err)
		}
	}
}

// recover does what a fresh start does after a crash, without the wait.
func (b *bench) recover() {
	b.T.Helper()
	if err := b.drain.Store.EndLeases(b.T.Context(), time.Now(), func(int) time.Duration { return 0 }); err != nil {
		b.T.Fatal(err)
	}
	b.run()
}

func (b *bench) current() (out []string) {
	b.T.Helper()
	for _, k := range garmin.Kinds() {
		for rec, err := range b.drain.Store.Each(b.T.Context(), 1, k.Type, -1<<20, 1<<20) {
			if err != nil {
				b.T.Fatal(err)
			}
			v, err := element.Unpack(rec.Body)
			if err != nil {
				b.T.Fatal(err)
			}
			shown := map[int64]int64{}
			for _, name := range []string{"timeOffsetSleepSpo2", "timeOffsetHeartRateSamples", "timeOffsetSpo2Values"} {
				for at, n := range v.Get(name).Points() {
					shown[rec.Start+at] = int64(n.Float())
				}
			}
			out = append(out, fmt.Sprint(k.Type, " ", v.Get("tag").Text(), " ", shown))
		}
	}
	slices.Sort(out)
	return out
}

// rounds is how many seeds a property is tried with: fewer where that takes
// long, with the race detector, and all with GARNER_TEST_ALL.
func rounds(n int) int {
	switch {
	case testing.Short():
		return n / 8
	case os.Getenv("GARNER_TEST_ALL") == "":
		return n / 2
	}
	return n
}

func TestOnceOrTenTimesInAnyOrderSplitOrCrashedTheSameStands(t *testing.T) {
	t.Parallel()
	for round := range rounds(40) {
		seed := uint64(time.Now().UnixNano()) + uint64(round)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 2))
			var accounts []account
			for i := range 30 {
				a := invent(rng, i)
				a.arrived = i
				accounts = append(accounts, a)
			}
			want := foretell(accounts)
			for try := range 2 {
				b := newBench(t)
				bodies := wrap(rng, accounts)
				for range rng.IntN(6) { // Garmin sends some again, later
					bodies = append(bodies, bodies[rng.IntN(len(bodies))])
				}
				b.put(bodies...)
				jobs := b.claim()
				rng.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
				b.apply(rng, jobs[:rng.IntN(len(jobs)+1)]) // the rest was claimed and never applied
				b.recover()
				if got := b.current(); !slices.Equal(got, want) {
					t.Fatalf("seed %d, try %d:\ngot  %v\nwant %v", seed, try, got, want)
				}
			}
		})
	}
}

// Where arrival does not count, it may be permuted as well.
func TestOrderOfArrivalChangesNothingWhereVersionsTellTheirOrder(t *testing.T) {
	t.Parallel()
	for round := range rounds(20) {
		seed := uint64(time.Now().UnixNano()) + uint64(round)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 3))
			var accounts []account
			for tag := 0; len(accounts) < 20; tag++ {
				a := invent(rng, tag)
				tied := slices.ContainsFunc(accounts, func(b account) bool {
					return a.record() == b.record() &&
						slices.Equal(a.rank, b.rank)
				})
				if !tied && a.record() != "activities" {
					accounts = append(accounts, a)
				}
			}
			want := foretell(accounts)
			for range 2 {
				rng.Shuffle(len(accounts), func(i, j int) { accounts[i], accounts[j] = accounts[j], accounts[i] })
				b := newBench(t)
				b.put(wrap(rng, accounts)...)
				b.run()
				if got := b.current(); !slices.Equal(got, want) {
					t.Fatalf("seed %d:\ngot  %v\nwant %v", seed, got, want)
				}
			}
		})
	}
}
