package text_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"garner/health/alert"
	"garner/ui/text"
)

// A silence of one of two people says what the other's data prove, on every
// clock and at the threshold itself.
func TestAPersonsSilenceIsBlamedOnTheirSideOnlyWhereOthersDataProveIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		other time.Duration // before now
		says  string
	}{
		"other's data came": {4 * time.Minute, "so Garmin and the connection to this machine work"},
		"other is gone too": {200 * time.Hour, "No one else's data has arrived since then either"},
	} {
		f := &alert.Facts{Now: now, Until: now, Rules: alert.Rules{SilentAfter: 48 * time.Hour},
			ObservableTime: alert.NewObservableTime([]alert.Span{{From: now.AddDate(0, -1, 0), To: now}}, nil, 0),
			Types:          []alert.Type{{Key: "dailies", Rhythmic: true}}, People: []alert.Person{{ID: 1, Name: "Ada",
				News: now.Add(-48 * time.Hour)}, {ID: 2, Name: "Ben", News: now.Add(-c.other)}}}
		for i := range f.People {
			f.People[i].Types = []alert.PersonType{{News: f.People[i].News}}
		}
		found := alert.Evaluate(f)
		i := slices.IndexFunc(found.Conditions, func(c alert.Condition) bool { return c.Person == 1 })
		if i < 0 {
			t.Fatalf("%s: Ada is not silent: %+v", name, found.Conditions)
		}
		e := &alert.Incident{Subject: found.Conditions[i].Subject, Since: found.Conditions[i].Since,
			Evidence: found.Conditions[i].Evidence}
		w := text.Explain(e, text.Names{Person: "Ada"}, now, time.UTC, text.Clock24)
		text := strings.Join(append(w.Known, w.Follows, w.Next), " ")
		proven := strings.Contains(text, "The cause is the watch, the phone or its")
		if !strings.Contains(text, c.says) || proven != (c.other < time.Hour) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// Every kind has words: a headline, what is known, what follows, what to do,
// and an end.
func TestEveryKindIsPutIntoWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC) // the clock has just gone forward there
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range alert.Kinds {
		e := &alert.Incident{Subject: alert.Subject{Kind: kind, Person: 1, Type: "hrv"}, Since: now.Add(-50 * time.Hour),
			Opened: now.Add(-time.Hour), Closed: now,
			Evidence: alert.Evidence{Detail: "activities", Count: 3, Others: now, Own: now,
				Missing: []string{"Sleep of Ada on 27 Mar"}, MissingMore: 2, Bytes: 1 << 30, Wanted: 2 << 30}}
		w := text.Explain(e, text.Names{Person: "Ada", Type: "HRV"}, now, berlin, text.Clock24)
		if w.Headline == "" || len(w.Known) == 0 || w.Follows == "" || w.Next == "" ||
			!strings.Contains(w.Ended, "Sleep of Ada on 27 Mar; and 2 more") {
			t.Errorf("%s: %+v", kind, w)
		}
		if strings.Contains(strings.Join(append(w.Known, w.Headline, w.Follows, w.Next, w.Ended), ""), "%!") {
			t.Errorf("%s: a sentence is broken: %+v", kind, w)
		}
	}
}
