package health_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"garner/health"
)

func TestDayIsTheDateThatTheWatchShowed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC).Unix()
	for offset, want := range map[int32]string{0: "2026-11-22", 3600: "2026-11-23", -11 * 3600: "2026-11-22",
		14 * 3600: "2026-11-23", -86400: "2026-11-21"} {
		if got := health.DayOf(at, offset).String(); got != want {
			t.Errorf("offset %d: got %s, want %s", offset, got, want)
		}
	}
	if got := health.DayOf(-1, 0).String(); got != "1969-12-31" {
		t.Errorf("a second before the epoch is on %s", got)
	}
}

func TestADateComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1970-01-01", "1969-12-31", "2024-02-29", "2026-11-23", "9999-12-31"} {
		day, err := health.ParseDay(text)
		if err != nil || day.String() != text {
			t.Errorf("%s came back as %s, %v", text, day, err)
		}
	}
	for _, text := range []string{"", "2025-02-29", "23.11.2026", "2026-1-2", "2026-11-23T00:00:00Z"} {
		if day, err := health.ParseDay(text); err == nil {
			t.Errorf("%q was read as %s", text, day)
		}
	}
}

func TestVersionOrderIsTotalAndItsWordsCountInTurn(t *testing.T) {
	t.Parallel()
	rising := []health.Order{
		{Class: health.OffWrist, Reach: 9},
		{Class: health.Tentative, Reach: 9},
		{Class: health.Final, Reach: 5, UploadEnd: 9},
		{Class: health.Final, Reach: 6},
		{Class: health.Final, Reach: 6, UploadEnd: 1},
		{Class: health.Final, Reach: 6, UploadEnd: 1, Arrival: health.Arrival{Delivery: 1}},
		{Class: health.Final, Reach: 6, UploadEnd: 1, Arrival: health.Arrival{Delivery: 1, Element: 1}},
		{Class: health.Edited},
	}
	if !slices.IsSortedFunc(rising, health.Order.Compare) {
		t.Error("the versions are not in rising order")
	}
	rapid.Check(t, func(rt *rapid.T) {
		a, b, c := anyOrder(rt, "a"), anyOrder(rt, "b"), anyOrder(rt, "c")
		if a.Compare(b) != -b.Compare(a) {
			rt.Fatalf("%v and %v disagree about who stands", a, b)
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			rt.Fatalf("%v, %v, %v go round in a circle", a, b, c)
		}
	})
}

func anyOrder(rt *rapid.T, name string) health.Order {
	small := rapid.Int64Range(0, 2)
	return health.Order{
		Class: health.Class(small.Draw(rt, name+" class")), Reach: small.Draw(rt, name+" reach"),
		UploadEnd: small.Draw(rt, name+" upload"),
		Arrival: health.Arrival{Delivery: small.Draw(rt, name+" delivery"),
			Element: int32(small.Draw(rt, name+" element"))},
	}
}

func TestOriginsHaveTheWordsOfTheExport(t *testing.T) {
	t.Parallel()
	for origin, want := range map[health.Origin]string{health.Push: "push", health.Ping: "ping",
		health.Backfill: "backfill", health.Import: "import", health.Simulated: "simulated", 99: "unknown"} {
		if got := origin.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
