package e2e

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
)

// talking is a box in which one person is connected to a simulated Garmin. History is
// announced by pings, and tokens are replaced after each start.
type talking struct {
	t       *testing.T
	dir     string
	name    string // of the person
	days    int    // of history that is asked for
	garmin  *box.Garmin
	ender   *ender
	box     *box.Box
	seen    announced
	renewed int // how often the person connected again
	turn    int // see another
}

// wait bounds what is waited for, on a machine that does other work.
const wait = 2 * time.Minute

// shared is what the person grants.
var shared = []string{service.ActivityExport, service.HealthExport, service.MCTExport, service.HistoricalExport}

func newTalking(t *testing.T, dir string, days int, rng *rand.Rand) *talking {
	t.Helper()
	world := simulator.New(simulator.Config{Seed: 3, People: 1, Days: days, Until: time.Now(), Faults: &simulator.Faults{}})
	p := &talking{t: t, dir: dir, days: days, ender: newEnder(rng), seen: announced{}}
	p.garmin = box.NewGarmin(t, world, func(cfg *service.Config) {
		cfg.AccessLife = 5 * time.Minute // shorter than Garner wants it to last
		cfg.Since = time.Now().AddDate(1, 0, 0)
		cfg.Faults.Pick = p.ender.pick
		cfg.Push, cfg.Mode = p.seen.before(cfg.Push), map[string]string{}
		for _, t := range garmin.Callbacks() {
			cfg.Mode[t.Key] = service.ModePing
		}
	})
	p.name = world.People()[0].Name
	box.Run(t, dir, "person", "add", "--name", p.name)
	return p
}

// start starts the box. The n-th request of a call ends it, none if the call is empty.
func (p *talking) start(call string, n int) {
	p.t.Helper()
	p.ender.start(func() *box.Box {
		p.box = box.Start(p.t, p.dir, box.Options{Env: append(p.garmin.Env(), "GARNER_BACKFILL_KEY=production",
			"GARNER_BACKFILL_AUTOMATIC=false")})
		return p.box
	}, call, n)
	p.garmin.PushTo(p.box)
}

// connect connects the person, anew if she is, and asks for the history of some types.
func (p *talking) connect(types ...string) {
	p.t.Helper()
	slices.Sort(types)
	p.ender.connects(func() {
		p.garmin.Connect(p.box, p.name, 0, shared...)
		for _, typ := range slices.Compact(types) { // asking twice fails
			p.plan("--type", typ)
		}
	})
}

// plan asks for history; without flags for that of all types.
func (p *talking) plan(flags ...string) {
	p.t.Helper()
	day := func(ago int) string { return time.Now().UTC().AddDate(0, 0, -ago).Format(time.DateOnly) }
	box.Run(p.t, p.dir, append([]string{"backfill", "--person", p.name, "--from", day(p.days), "--to", day(0), "--detach"},
		flags...)...)
}

// deliver has Garmin send what it promised for the next minutes. What cannot be sent,
// since the box is gone, is sent later.
func (p *talking) deliver() {
	_ = p.garmin.Deliver(p.t.Context(), time.Now().Add(5*time.Minute)) //nolint:errcheck // see above
}

// hoursPass makes due what waits for some time after several lost answers, and frees
// the budget. No box may run.
func (p *talking) hoursPass() {
	p.t.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "garner.db")+"?_busy_timeout=8000")
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Exec(`update backfill set due_ms = planned_ms where state = 0; delete from spending;
		update fetch set due_ms = 0 where state = 0 and attempts > 1;
		update delivery set due_ms = 0 where state = 0`); err != nil {
		p.t.Fatal(err)
	}
}

// ask reads one number from garner.db; 0 after a call has ended the box.
func (p *talking) ask(query string, args ...any) (n int) {
	p.t.Helper()
	p.ender.whileAlive(func() {
		conn := box.ReadOnly(p.t, filepath.Join(p.dir, "garner.db"))
		defer conn.Close()
		if err := conn.QueryRow(query, args...).Scan(&n); err != nil {
			p.t.Fatal(err)
		}
	})
	return n
}

func (p *talking) mustReconnect() bool {
	return p.ask(`select coalesce(max(state), 0) from connection where state < 2`) == 1
}

// canceled are the types of which the connection has not asked for all history.
func (p *talking) canceled() (types []string) {
	p.t.Helper()
	conn := box.ReadOnly(p.t, filepath.Join(p.dir, "garner.db"))
	defer conn.Close()
	rows, err := conn.Query(`select distinct type_key from backfill where state in (0, 1)`)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		types = append(types, "")
		if err := rows.Scan(&types[len(types)-1]); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		p.t.Fatal(err)
	}
	return types
}

// quiet reports whether there is nothing left to do.
func (p *talking) quiet() bool {
	return p.ask(`select (select count(*) from fetch where state = 0) + (select count(*) from backfill where state <= 1)
		+ (select count(*) from delivery where state = 0) + (select count(*) from dirty)`) == 0
}

// idle is quiet, but for what waits after a lost answer.
func (p *talking) idle() bool {
	return p.ask(`select (select count(*) from fetch where state = 0 and attempts < 2)
		+ (select count(*) from backfill where state = 1 or state = 0 and unknown = 0)
		+ (select count(*) from delivery where state = 0)`) == 0
}

// until lets Garmin and the box talk until something is true, or all is done. A person
// who must connect again does.
func (p *talking) until(what string, yes func() bool) {
	p.t.Helper()
	box.Until(p.t, what, wait, func() bool {
		if yes() {
			return true
		}
		again := p.ender.pause()
		if p.mustReconnect() {
			p.ender.fewTokens(p.t)
			p.deliver() // what it promised to the former connection
			p.connect(p.canceled()...)
			p.renewed++
		}
		again()
		p.deliver()
		return yes()
	})
}

// untilEnded lets Garmin and the box talk until a call ends the box.
func (p *talking) untilEnded() {
	p.t.Helper()
	turns := 0
	p.until(fmt.Sprintf("a call of %s ends the box (before: %s)", p.ender.armed(), p.ender), func() bool {
		again := p.ender.pause()
		defer again()
		if turns++; turns%100 == 0 && !p.ender.ended() { // what failed for another reason waits too
			p.hoursPass()
		}
		if p.idle() && !p.ender.ended() { // a new connection may ask anew
			p.connect(append(p.canceled(), "activities", p.another(), p.another())...)
		}
		return p.ender.ended()
	})
}

// another is a type in turn. No window ends a box so often that Garner gives it up, nor does
// the one after it, so that a long run needs those of many types.
func (p *talking) another() string {
	var types []string
	for _, t := range garmin.Types {
		if t.Backfill != "" {
			types = append(types, t.Key)
		}
	}
	p.turn++
	return types[p.turn%len(types)]
}

// nextEnd chooses which request of which call ends a box, none if it is not to end.
func nextEnd(rng *rand.Rand, ends bool) (call string, n int) {
	switch call = endings[rng.IntN(len(endings))]; {
	case !ends:
		return "", 0
	case call == "token":
		return call, 1 // a box makes one as it starts
	}
	return call, 1 + rng.IntN(4)
}

func TestKillsAmongCallsOfGarminLoseOnlyWhatCannotBeKept(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("many kills take a while; left out by -short")
	}
	kills := 3
	if allWanted() {
		kills = 36
	}
	seed := seed()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	p := newTalking(t, t.TempDir(), 40, rng)
	p.start("", 0)
	p.connect()
	p.plan()
	p.ender.arm("backfill", 1+rng.IntN(9))
	for left := kills; left > 0; left-- {
		p.untilEnded()
		p.ender.fewTokens(t)
		p.hoursPass()
		p.start(nextEnd(rng, left > 1))
	}
	p.finish()
	counts := p.box.Counts()
	p.box.Stop()
	p.ender.fewTokens(t)
	t.Logf("%s; connected again %d times; %+v", p.ender, p.renewed, counts)
	if counts.Waiting+counts.Fetching+counts.Orphaned+counts.Quarantined != 0 {
		t.Errorf("%+v", counts)
	}
	box.Sound(t, p.dir)
	p.wantEachWindowAskedOnce()
	p.wantEachFile(int(counts.Parked))
	p.wantEachArray()
}

// wantEachWindowAskedOnce wants windows to end as accepted, and only a kill to lead to
// a second call.
func (p *talking) wantEachWindowAskedOnce() {
	p.t.Helper()
	if n := p.ask(`select count(*) from backfill b join connection c on c.id = b.connection_id where c.state = 0
		and b.state <> 2`); n > 0 {
		p.t.Errorf("%d windows were not accepted", n)
	}
	if n := p.ask(`select count(*) from backfill where state not in (2, 6, 7)`); n > 0 {
		p.t.Errorf("%d windows of former connections are open, or were asked twice", n)
	}
	p.ender.askedOnce(p.t, p.ask(`select count(*) from connection`))
}

// wantEachFile wants each announced file byte for byte, or its loss to be shown. Only
// a kill may have lost it.
func (p *talking) wantEachFile(parked int) {
	p.t.Helper()
	lost := p.ask(`select count(*) from fetch where state = 2`)
	if failed := p.ask(`select count(*) from fetch where state = 3`); failed > 0 {
		p.t.Errorf("%d fetches failed", failed)
	}
	if unseen := p.ask(`select count(*) from fetch f where state = 2 and not exists (select 1 from issue i
		where i.delivery_id = f.delivery_id and i.kind = 1 and i.reason <> '')`); unseen > 0 || (parked > 0) != (lost > 0) {
		p.t.Errorf("the loss of %d of %d fetches is not shown; %d deliveries are parked", unseen, lost, parked)
	}
	if len(p.seen) == 0 {
		p.t.Error("no file was announced")
	}
	gone := 0
	for activity := range p.seen {
		content, err := p.garmin.World.ActivityFile(0, activity, simulator.FIT)
		if err != nil {
			p.t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		losses := p.ask(`select count(*) from fetch where type_key = 'activityFiles' and state = 2
			and json_extract(announced, '$.activityId') = ?`, activity)
		gone += losses
		if losses > p.ender.atRisk[activity] {
			p.t.Errorf("file %d was lost %d times by %d kills", activity, losses, p.ender.atRisk[activity])
		}
		if stored := p.ask(`select count(*) from file where sha256 = ?`, sum[:]); stored == 0 && losses == 0 {
			p.t.Errorf("file %d is neither stored nor lost", activity)
		}
	}
	if gone != lost {
		p.t.Errorf("%d of %d losses are of no file", lost-gone, lost)
	}
}

// wantEachArray compares what was fetched with what a box has to which the same was
// pushed.
func (p *talking) wantEachArray() {
	p.t.Helper()
	fresh := p.t.TempDir()
	box.AddPeople(p.t, fresh, p.garmin.World)
	plain := box.NewGarmin(p.t, p.garmin.World, func(cfg *service.Config) {
		cfg.Files, cfg.Since = nil, time.Now().AddDate(1, 0, 0) // no syncs of these minutes, as in newTalking
	})
	b := box.Start(p.t, fresh, box.Options{})
	plain.PushTo(b)
	for _, w := range p.windows() { // those of several connections overlap
		p.request(plain.Server.URL+w, plain.Service.Connect(0, shared...).AccessToken)
	}
	if err := plain.Deliver(p.t.Context(), time.Now().Add(10*time.Minute)); err != nil {
		p.t.Fatal(err)
	}
	b.Drained()
	b.Derived()
	b.Stop()
	if d := difference(p.recordOfArrays(p.dir), p.recordOfArrays(fresh)); d != "" {
		p.t.Errorf("what was fetched is not what is pushed (- fetched, + pushed)\n%s", d)
	}
}

// request asks for a window again.
func (p *talking) request(address, token string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusAccepted {
		p.t.Errorf("%s answered %s, %v", r.URL.Path, resp.Status, err)
	}
}

// recordOfArrays is the export of each type that no file changes, as text to compare.
func (p *talking) recordOfArrays(dir string) string {
	p.t.Helper()
	out := p.t.TempDir()
	box.Run(p.t, dir, "export", "--person", "all", "--type", "all", "-o", out)
	files, err := filepath.Glob(filepath.Join(out, "*.csv"))
	if err != nil {
		p.t.Fatal(err)
	}
	var b strings.Builder
	for _, path := range files {
		name := filepath.Base(path)
		text, err := os.ReadFile(path)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, origin := range []string{"backfill", "ping"} {
			text = bytes.ReplaceAll(text, []byte(","+origin+","), []byte(",push,"))
		}
		if !strings.HasPrefix(name, "activityDetails") && !strings.HasPrefix(name, "activityFiles") {
			fmt.Fprintf(&b, "%s %d lines %x\n", name, bytes.Count(text, []byte("\n")), sha256.Sum256(text))
		}
	}
	return b.String()
}

// windows are the addresses of all windows that Garmin accepted.
func (p *talking) windows() (out []string) {
	conn := box.ReadOnly(p.t, filepath.Join(p.dir, "garner.db"))
	defer conn.Close()
	rows, err := conn.Query(`select distinct type_key, from_s, to_s - 1 from backfill where state = 2`)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var from, to int64
		if err := rows.Scan(&key, &from, &to); err != nil {
			p.t.Fatal(err)
		}
		t, ok := garmin.Lookup(key)
		if !ok {
			p.t.Fatal(key)
		}
		out = append(out, fmt.Sprintf("%s%s?summaryStartTimeInSeconds=%d&summaryEndTimeInSeconds=%d", backfillPath, t.Backfill,
			from, to))
	}
	if err := rows.Err(); err != nil {
		p.t.Fatal(err)
	}
	return out
}
