package db_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"garner/db"
)

// counted are the columns of the counter as a recount of deliveries and their
// issues gives them.
const counted = `with d as (select *, exists (select 1 from issue where delivery_id = id and kind = 1) as p,
	exists (select 1 from issue where delivery_id = id and kind = 2) as o,
	exists (select 1 from issue where delivery_id = id and kind = 3) as f from delivery)
	select total(state = 0), total((state = 0) * size), total(state = 1), total(state = 2),
	total(state = 2 and p and set_aside = 0), total(state = 2 and o), total(state = 2 and f),
	total(state = 2 and (p or o)), total(set_aside) from d`

const kept = `select waiting, waiting_bytes, quarantined, processed, parked, orphaned, fetching, unfinished, aside
	from counter`

// deliveries are what a run of TestTheCounters… does to a store.
type deliveries struct {
	in    *db.Inbox
	s     *db.Store
	conn  *sql.DB // of the test's own
	ids   []int64 // put and not forgotten
	held  []db.Job
	added int
}

func (d *deliveries) row(rt *rapid.T, query string) string {
	var n [9]float64
	if err := d.conn.QueryRow(query).Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8]); err != nil {
		rt.Fatal(err)
	}
	return fmt.Sprint(n)
}

func (d *deliveries) check(rt *rapid.T) {
	if got, want := d.row(rt, kept), d.row(rt, counted); got != want {
		rt.Fatalf("the counters are wrong:\nkept    %s\ncounted %s", got, want)
	}
	c, err := d.s.Counts(rt.Context(), d.in.InboxReader, time.Now())
	if err != nil {
		rt.Fatal(err)
	}
	done, err := d.s.Processed(rt.Context())
	if all := int(c.Waiting + c.Quarantined + done); err != nil || all != len(d.ids) {
		rt.Fatalf("%d deliveries are counted of %d, %v", all, len(d.ids), err)
	}
}

func (d *deliveries) put(rt *rapid.T) {
	a := db.Arrival{Received: time.UnixMilli(1_700_000_000_000), Path: "keyed"}
	a.Encoding = rapid.SampledFrom([]string{"", "gzip"}).Draw(rt, "encoding") // one that is packed is slow
	id, err := d.in.Put(rt.Context(), a, make([]byte, rapid.IntRange(0, 50).Draw(rt, "size")))
	if err != nil {
		rt.Fatal(err)
	}
	d.ids = append(d.ids, id)
}

func (d *deliveries) claim(rt *rapid.T) {
	jobs, err := d.s.Claim(rt.Context(), d.in.InboxReader, time.Now(), rapid.IntRange(1, 3).Draw(rt, "limit"), 1<<20)
	if err != nil {
		rt.Fatal(err)
	}
	slow, err := d.s.ClaimSlow(rt.Context(), d.in.InboxReader, time.Now())
	if err != nil {
		rt.Fatal(err)
	}
	if d.held = append(d.held, jobs...); slow != nil {
		d.held = append(d.held, *slow)
	}
}

// apply concludes a delivery that was claimed, perhaps long ago.
func (d *deliveries) apply(rt *rapid.T) {
	if len(d.held) == 0 {
		return
	}
	i := rapid.IntRange(0, len(d.held)-1).Draw(rt, "job")
	o := &db.Result{Job: d.held[i], Type: "keyed", Elements: 3, Due: time.Now(),
		State: rapid.SampledFrom([]db.State{db.Waiting, db.Quarantined, db.Done, db.Done, db.Done}).Draw(rt, "state")}
	for e, kind := range rapid.SliceOfN(rapid.SampledFrom([]db.IssueKind{db.Parked, db.Orphaned, db.Fetching, db.Held}), 0, 3).
		Draw(rt, "issues") {
		is := db.Issue{Element: int32(e), Kind: kind, Type: "keyed", Reason: "a reason", Count: 1 + e}
		if kind == db.Orphaned {
			is.UserID = fmt.Sprint("u", rapid.IntRange(0, 4).Draw(rt, "user"))
		}
		o.Issues = append(o.Issues, is)
	}
	var err error
	if o.PeopleMark, err = d.s.PeopleMark(rt.Context()); err != nil {
		rt.Fatal(err)
	}
	if err := d.s.Apply(rt.Context(), time.Now(), []*db.Result{o}); err != nil {
		rt.Fatal(err)
	}
	if rapid.Bool().Draw(rt, "once") { // else it is applied again
		d.held = append(d.held[:i], d.held[i+1:]...)
	}
}

// process takes a delivery the whole way.
func (d *deliveries) process(rt *rapid.T) {
	d.put(rt)
	d.claim(rt)
	d.apply(rt)
}

func (d *deliveries) any(rt *rapid.T) int64 {
	if len(d.ids) == 0 {
		return 0
	}
	return rapid.SampledFrom(d.ids).Draw(rt, "id")
}

func (d *deliveries) requeue(rt *rapid.T) {
	if _, err := d.s.Requeue(rt.Context(), rapid.Bool().Draw(rt, "accept"), d.any(rt)); err != nil {
		rt.Fatal(err)
	}
}

func (d *deliveries) setAside(rt *rapid.T) {
	if err := d.s.SetAside(rt.Context(), d.any(rt), rapid.Bool().Draw(rt, "aside")); err != nil {
		rt.Fatal(err)
	}
}

func (d *deliveries) prune(rt *rapid.T) {
	ids, err := d.s.Prunable(rt.Context(), 0, rapid.IntRange(1, 4).Draw(rt, "limit"))
	if err != nil {
		rt.Fatal(err)
	}
	d.forget(rt, ids)
}

// forgetAny forgets a delivery in whatever state.
func (d *deliveries) forgetAny(rt *rapid.T) { d.forget(rt, []int64{d.any(rt)}) }

// forget drops deliveries with their bodies.
func (d *deliveries) forget(rt *rapid.T, ids []int64) {
	if err := d.in.Prune(rt.Context(), ids); err != nil {
		rt.Fatal(err)
	}
	if err := d.s.Forget(rt.Context(), ids); err != nil {
		rt.Fatal(err)
	}
	gone := map[int64]bool{}
	for _, id := range ids {
		gone[id] = true
	}
	ids, held := nil, []db.Job(nil)
	for _, id := range d.ids {
		if !gone[id] {
			ids = append(ids, id)
		}
	}
	for _, j := range d.held {
		if !gone[j.ID] {
			held = append(held, j)
		}
	}
	d.ids, d.held = ids, held
}

func (d *deliveries) dropOrphans(rt *rapid.T) {
	if _, err := d.s.DropOrphans(rt.Context(), time.Now(), rapid.Int64Range(1, 5).Draw(rt, "n")); err != nil {
		rt.Fatal(err)
	}
}

func (d *deliveries) addPerson(rt *rapid.T) {
	d.added++
	name, user := fmt.Sprint("person ", d.added), fmt.Sprint("u", d.added-1)
	if _, err := d.s.AddPerson(rt.Context(), time.Now(), name, user, ""); err != nil {
		rt.Fatal(err)
	}
}

// clear takes out what a run left.
func (d *deliveries) clear(rt *rapid.T) {
	jobs := d.ids
	if err := d.in.Prune(rt.Context(), jobs); err != nil {
		rt.Fatal(err)
	}
	if _, err := d.conn.Exec(`delete from delivery; delete from issue; delete from person;
		update counter set waiting = 0, waiting_bytes = 0, quarantined = 0, processed = 0, parked = 0, orphaned = 0,
		fetching = 0, unfinished = 0, aside = 0`); err != nil {
		rt.Fatal(err)
	}
	d.ids, d.held, d.added = nil, nil, 0
}

func TestTheCountersOfDeliveriesEqualARecountWhateverHappens(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := &deliveries{in: openInbox(t, dir, roomy), s: openStore(t, dir)}
	var err error
	d.conn, err = sql.Open("sqlite", "file:"+filepath.Join(dir, "garner.db")+"?_busy_timeout=8000&_foreign_keys=on")
	if err != nil {
		t.Fatal(err)
	}
	defer d.conn.Close()
	rapid.Check(t, func(rt *rapid.T) {
		d.clear(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"": d.check, "put": d.put, "claim": d.claim, "apply": d.apply, "process": d.process, "process more": d.process,
			"requeue": d.requeue, "set aside": d.setAside, "prune": d.prune, "forget": d.forgetAny,
			"drop orphans": d.dropOrphans, "add a person": d.addPerson,
		})
	})
}
