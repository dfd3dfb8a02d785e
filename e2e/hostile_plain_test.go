package e2e

import (
	"bufio"
	"fmt"
	"io"
	"testing"
	"time"
)

// plainSize is just under the largest body that is taken.
const plainSize = 127 << 20

// heavy are big bodies of u1 without compression.
var heavy = map[string]func() io.Reader{
	"one element of small objects": func() io.Reader {
		return shape{`{"dailies":[{"userId":"u1","x":[1`, `,{"a":1}`, `]}]}`}.plain(plainSize)
	},
	"one element of numbers": func() io.Reader {
		return shape{`{"dailies":[{"userId":"u1","x":[1`, `,1.5,-2.25e3,7`, `]}]}`}.plain(plainSize)
	},
	"one element of lists": func() io.Reader {
		return shape{`{"dailies":[{"userId":"u1","x":[1`, `,[],[[1]]`, `]}]}`}.plain(plainSize)
	},
	"one text": func() io.Reader { return shape{`{"dailies":[{"userId":"u1","x":"`, "y", `"}]}`}.plain(plainSize) },
	"elements of nothing": func() io.Reader {
		return shape{`{"dailies":[1`, `,{"userId":"u1"}`, `]}`}.plain(30 << 20)
	},
	"1,300,000 slices": func() io.Reader { return series("epochs", 1_300_000, slice) },
	"700,000 sleeps":   func() io.Reader { return series("sleeps", 700_000, sleep) },
}

// series streams n elements of a type.
func series(typ string, n int, element func(i int) string) io.Reader {
	return listed(fmt.Sprintf(`{%q:[`, typ), n, element, `]}`)
}

// listed streams n parts with commas between them.
func listed(head string, n int, part func(i int) string, tail string) io.Reader {
	r, w := io.Pipe()
	go func() {
		buffer := bufio.NewWriterSize(w, 64<<10)
		fmt.Fprint(buffer, head)
		for i := range n {
			if i > 0 {
				buffer.WriteByte(',')
			}
			if _, err := buffer.WriteString(part(i)); err != nil {
				return // the reader is gone
			}
		}
		fmt.Fprint(buffer, tail)
		w.CloseWithError(buffer.Flush())
	}()
	return r
}

func slice(i int) string {
	return fmt.Sprintf(`{"userId":"u1","startTimeInSeconds":%d,"durationInSeconds":900,"activityType":"W%d"}`,
		1_700_000_000+i*60, i%3)
}

// sleep is one of sleeps that do not overlap.
func sleep(i int) string {
	return fmt.Sprintf(`{"userId":"u1","summaryId":"x%d","startTimeInSeconds":%d,"durationInSeconds":600,`+
		`"startTimeOffsetInSeconds":3600,"deepSleepDurationInSeconds":300,"validation":"AUTO_FINAL"}`,
		i, 1_000_000_000+i*1000)
}

func TestABigBodyOfManySmallPartsTakesLittleMemoryAndDelaysNoOther(t *testing.T) {
	t.Parallel()
	hit(t, heavy["one element of small objects"])
}

func TestEachBigBodyTakesLittleMemoryAndDelaysNoOther(t *testing.T) {
	t.Parallel()
	needsAll(t)
	for name, body := range heavy {
		t.Run(name, func(t *testing.T) { hit(t, body) })
	}
}

// hit sends a body and wants the others served meanwhile.
func hit(t *testing.T, body func() io.Reader) {
	b := newVictim(t)
	home := b.homeMeanwhile()
	defer home()
	began := time.Now()
	b.send("dailies", "", body())
	answered := time.Since(began).Round(time.Millisecond)
	other := b.othersGoOn()
	all := b.processed(1, 10*time.Minute)
	b.wantSoon("home", home())
	t.Logf("answered after %s, the other's day after %s, all after %s more, home within %s",
		answered, other, all, home())
	late := b.ask(`select o.applied_ms - b.applied_ms from delivery o, delivery b where o.id = 2 and b.id = 1`)
	if late > 0 {
		t.Errorf("the other's day was applied %d ms after the big body: it waited for it", late)
	}
	if n := b.ask(`select attempts from delivery where id = 1`); n != 1 {
		t.Errorf("it took %d attempts", n)
	}
	b.wantLittleMemory()
	for what, query := range map[string]string{
		"elements": `select elements from delivery where id = 1`,
		"parked":   `select coalesce(sum(count), 0) from issue where delivery_id = 1`,
		"rows":     `select count(*) from issue where delivery_id = 1`,
		"records":  `select count(*) from record where person_id = 1`,
		"blocks":   `select count(*) from block where person_id = 1`,
	} {
		t.Logf("%s: %d", what, b.ask(query))
	}
}
