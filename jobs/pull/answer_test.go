package pull

import (
	"testing"
	"time"

	"garner/db"
	"garner/garmin/personal"
)

func TestAnAnswerIsStoredUnlessItIsTheNewestOfAllItsItems(t *testing.T) {
	t.Parallel()
	hash := hashOf(personal.Reply{Path: "/a?date=1", Body: []byte("{}")})
	for name, other := range map[string]personal.Reply{
		"another body":    {Path: "/a?date=1", Body: []byte("{ }")},
		"another request": {Path: "/a?date=2", Body: []byte("{}")},
	} {
		if hashOf(other) == hash {
			t.Errorf("%s has the same hash", name)
		}
	}
	row := func(hash int64, age time.Duration) db.Pulled { return db.Pulled{Answer: hash, Kept: morning.Add(-age)} }
	for name, c := range map[string]struct {
		rows []db.Pulled
		want bool
	}{
		"the same":                     {[]db.Pulled{row(hash, time.Hour), row(hash, time.Hour)}, true},
		"new items":                    {[]db.Pulled{{}}, false},
		"one item had another since":   {[]db.Pulled{row(hash, time.Hour), row(hash+2, time.Minute)}, false},
		"it is old":                    {[]db.Pulled{row(hash, keepAgain+time.Hour)}, false},
		"it is from before a set back": {[]db.Pulled{row(hash, -time.Hour)}, false},
	} {
		if _, got := keptAlready(c.rows, hash, morning); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
