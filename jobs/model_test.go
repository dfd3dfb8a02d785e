package jobs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// told is one element as this test's own model reads it.
type told struct {
	typ, text string
	fields    map[string]any
	first     int // place of its first arrival
}

func (e told) num(name string) int64 { x, _ := e.fields[name].(float64); return int64(x) }

func (e told) word(name string) string { w, _ := e.fields[name].(string); return strings.ToUpper(w) }

func (e told) record() string {
	if e.typ == "manuallyUpdatedActivities" {
		return "activities"
	}
	return e.typ
}

// span is from when to when a person slept: awake time is not in Garmin's
// duration.
func (e told) span() (from, to int64) {
	from = e.num("startTimeInSeconds")
	return from, from + e.num("durationInSeconds") + e.num("awakeDurationInSeconds")
}

// rank is what decides between versions before arrival does.
func (e told) rank() []int64 {
	start, length := e.num("startTimeInSeconds"), e.num("durationInSeconds")
	switch e.typ {
	case "sleeps":
		class, word := int64(1), e.word("validation")
		switch {
		case word == "MANUAL" || word == "AUTO_MANUAL":
			class = 3
		case strings.HasSuffix(word, "_FINAL"):
			class = 2
		case word == "OFF_WRIST":
			class = 0
		}
		if class == 3 {
			return []int64{class, 0} // of edits the newer one
		}
		_, to := e.span()
		return []int64{class, to}
	case "activities":
		return []int64{0}
	case "manuallyUpdatedActivities":
		return []int64{1}
	case "mct":
		return []int64{e.num("lastUpdatedTimeInSeconds")}
	}
	return []int64{start + length}
}

func (e told) same(f told) bool {
	if e.record() != f.record() || e.made() != f.made() {
		return false
	}
	switch e.record() {
	case "sleeps":
		from, to := e.span()
		begin, end := f.span()
		return from < end && begin < to
	case "dailies":
		return e.word("calendarDate") == f.word("calendarDate")
	case "epochs":
		return e.num("startTimeInSeconds") == f.num("startTimeInSeconds") && e.word("activityType") == f.word("activityType")
	case "pulseox":
		return e.num("startTimeInSeconds") == f.num("startTimeInSeconds")
	case "mct":
		return e.word("periodStartDate") == f.word("periodStartDate")
	}
	return e.num("activityId") == f.num("activityId")
}

// made says that Garmin's Data Generator made it up.
func (e told) made() bool { return strings.HasPrefix(e.word("summaryId"), "SD") }

// day is a record's type and date, on its own clock where it names none.
func (e told) day() string {
	date := e.word("calendarDate")
	if date == "" {
		at := time.Unix(e.num("startTimeInSeconds")+e.num("startTimeOffsetInSeconds"), 0)
		date = at.UTC().Format(time.DateOnly)
	}
	return e.record() + date
}

// listen reads bodies in order of arrival; a repeat keeps its first arrival.
func listen(t *testing.T, bodies []string) []told {
	t.Helper()
	seen := map[string]told{}
	for _, body := range bodies {
		dec := json.NewDecoder(strings.NewReader(body))
		if _, err := dec.Token(); err != nil {
			t.Fatal(err)
		}
		for dec.More() { // in the order sent, which a map would lose
			key, err := dec.Token()
			if err != nil {
				t.Fatal(err)
			}
			var elements []json.RawMessage
			if err := dec.Decode(&elements); err != nil {
				t.Fatal(err)
			}
			for _, raw := range elements {
				e := told{typ: fmt.Sprint(key), text: string(raw), first: len(seen)}
				if err := json.Unmarshal(raw, &e.fields); err != nil {
					t.Fatal(err)
				}
				if _, again := seen[e.typ+e.text]; !again {
					seen[e.typ+e.text] = e
				}
			}
		}
	}
	return slices.SortedFunc(maps.Values(seen), func(a, b told) int { return cmp.Compare(a.first, b.first) })
}

// standingOf gathers what belongs together and returns the best of each.
func standingOf(all []told) (out []string) {
	left, list := slices.Clone(all), []told(nil)
	for len(left) > 0 {
		group := []told{left[0]}
		left = left[1:]
		for i := 0; i < len(group); i++ {
			left = slices.DeleteFunc(left, func(e told) bool {
				if !group[i].same(e) {
					return false
				}
				group = append(group, e)
				return true
			})
		}
		best := slices.MaxFunc(group, func(a, b told) int {
			return cmp.Or(slices.Compare(a.rank(), b.rank()),
				cmp.Compare(a.first, b.first))
		})
		list = append(list, best)
	}
	real := map[string]bool{}
	for _, e := range list {
		real[e.day()] = real[e.day()] || !e.made()
	}
	for _, e := range list {
		if !e.made() || !real[e.day()] {
			out = append(out, fmt.Sprint(e.record(), " ", e.num("tag")))
		}
	}
	slices.Sort(out)
	return out
}

// tagsOf leaves out the samples of what stands.
func tagsOf(current []string) (out []string) {
	for _, s := range current {
		out = append(out, strings.Join(strings.Fields(s)[:2], " "))
	}
	slices.Sort(out)
	return out
}

func TestWhatStandsIsWhatAnIndependentReadingOfTheBodiesSays(t *testing.T) {
	t.Parallel()
	for round := range rounds(30) {
		seed := uint64(time.Now().UnixNano()) + uint64(round)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 4))
			var accounts []account
			for tag := range 40 {
				accounts = append(accounts, invent(rng, tag))
			}
			for range rng.IntN(20) { // sent again, beside others than before
				accounts = append(accounts, accounts[rng.IntN(len(accounts))])
			}
			bodies := wrap(rng, accounts)
			want := standingOf(listen(t, bodies))
			b := newBench(t)
			for part := range slices.Chunk(bodies, 1+len(bodies)/3) { // crashes while more arrives
				b.put(part...)
				jobs := b.claim()
				rng.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
				b.apply(rng, jobs[:rng.IntN(len(jobs)+1)])
				if rng.IntN(2) == 0 {
					b.recover()
				}
			}
			b.recover()
			if got := tagsOf(b.current()); !slices.Equal(got, want) {
				t.Fatalf("seed %d:\ngot  %v\nwant %v", seed, got, want)
			}
			b.rederive()
			if got := tagsOf(b.current()); !slices.Equal(got, want) {
				t.Fatalf("seed %d, after rederiving:\ngot  %v\nwant %v", seed, got, want)
			}
		})
	}
}
