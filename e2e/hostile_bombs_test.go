package e2e

import (
	"bytes"
	"testing"
	"time"
)

// bombs unpack to far more than a body may.
var bombs = map[string]shape{
	"one text":     {`{"dailies":[{"userId":"u1","x":"`, "y", `"}]}`},
	"one number":   {`{"dailies":[{"userId":"u1","x":1`, "0", `}]}`},
	"one name":     {`{"dailies":[{"userId":"u1","`, "y", `":1}]}`},
	"one key":      {`{"`, "y", `":[{"userId":"u1"}]}`},
	"white space":  {`{"dailies":[`, " ", `{"userId":"u1"}]}`},
	"a deep array": {`{"dailies":[{"userId":"u1","x":`, "[", `1`},
	"a wide array": {`{"dailies":[{"userId":"u1","x":[1`, ",1", `]}]}`},
	"wide objects": {`{"dailies":[{"userId":"u1","x":[1`, `,{"a":{}}`, `]}]}`},
}

const bombSize = 900 << 20

func TestBodiesThatUnpackToAlmostAGigabyteAreParkedAtOnceBesideTheOthers(t *testing.T) {
	t.Parallel()
	b := newVictim(t)
	for _, s := range bombs {
		b.send("dailies", "gzip", bytes.NewReader(s.zipped(t, bombSize)))
	}
	b.bombsParked(len(bombs))
}

func TestEachBodyThatUnpacksToAlmostAGigabyte(t *testing.T) {
	t.Parallel()
	needsAll(t)
	for name, s := range bombs {
		t.Run(name, func(t *testing.T) {
			b := newVictim(t)
			body := s.zipped(t, bombSize)
			t.Logf("%d KiB", len(body)>>10)
			b.send("dailies", "gzip", bytes.NewReader(body))
			b.bombsParked(1)
		})
	}
}

// bombsParked wants the first n deliveries parked, and the others served
// meanwhile.
func (b victim) bombsParked(n int) {
	b.T.Helper()
	home := b.homeMeanwhile()
	defer home()
	other := b.othersGoOn()
	all := b.processed(n, 5*time.Minute)
	b.wantSoon("home", home())
	b.T.Logf("the other's day after %s, all after %s more, home within %s", other, all, home())
	if parked := b.ask(`select count(*) from delivery d where id <= ? and attempts = 1
		and exists (select 1 from issue where delivery_id = d.id and kind = 1)`, n); parked != int64(n) {
		b.T.Errorf("%d are parked at their first attempt, want %d", parked, n)
	}
	b.wantLittleMemory()
}
