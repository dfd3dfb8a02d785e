package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"garner/e2e/box"

	"garner/garmin/simulator"
)

// follower runs mirrors over a folder, and kills each at a random point.
type follower struct {
	t    testing.TB
	dir  string
	kill chan struct{} // closed to end the last one
	done chan struct{}
	runs int
}

// follow starts the mirrors.
func follow(t testing.TB, dir string, seed uint64) *follower {
	t.Helper()
	f := &follower{t: t, dir: dir, kill: make(chan struct{}), done: make(chan struct{})}
	rng := rand.New(rand.NewPCG(seed, 2))
	go func() {
		defer close(f.done)
		for {
			select {
			case <-f.kill:
				return
			default:
				f.run(1 + rng.IntN(8))
				f.runs++
			}
		}
	}()
	return f
}

// run runs a mirror until it has said a number of lines: one when it has stored a page, and
// one when that is committed.
func (f *follower) run(lines int) {
	cmd := f.command()
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		f.t.Error(err)
		return
	}
	said := make(chan struct{})
	go func() {
		defer close(said)
		scan := bufio.NewScanner(out)
		for n := 0; n < lines && scan.Scan(); n++ {
		}
	}()
	select {
	case <-said:
	case <-f.kill:
	}
	cmd.Process.Kill() //nolint:errcheck // it may have ended
	<-said
	cmd.Wait() //nolint:errcheck // it was killed
}

func (f *follower) command(env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), mirrorFolder+"="+f.dir), env...)
	return cmd
}

// stop ends the mirrors.
func (f *follower) stop() {
	close(f.kill)
	<-f.done
}

// catchUp runs a mirror until it is up to date.
func (f *follower) catchUp() {
	f.t.Helper()
	if out, err := f.command(mirrorOnce + "=1").CombinedOutput(); err != nil {
		f.t.Fatalf("the mirror ended with %v\n%s", err, out)
	}
}

// write writes a file that the mirror reads, in one step.
func (f *follower) write(name, text string) {
	f.t.Helper()
	part := filepath.Join(f.dir, name+".part")
	if err := errors.Join(os.WriteFile(part, []byte(text), 0o600), os.Rename(part, filepath.Join(f.dir, name))); err != nil {
		f.t.Fatal(err)
	}
}

// mirrored is all that the mirror has, a line for each record, and the metrics of each
// person and date. Names are by the id of the person.
func (f *follower) mirrored(names map[int64]string) (records []string, metrics map[string]string) {
	f.t.Helper()
	conn := box.ReadOnly(f.t, filepath.Join(f.dir, "mirror.db"))
	defer conn.Close()
	metrics = map[string]string{}
	for _, query := range []string{`select person, type, date, line from record`,
		`select person, '', date, metrics from metrics`} {
		rows, err := conn.Query(query)
		if err != nil {
			f.t.Fatal(err)
		}
		for rows.Next() {
			var person int64
			var typ, date, text string
			if err := rows.Scan(&person, &typ, &date, &text); err != nil {
				f.t.Fatal(err)
			}
			name, there := names[person]
			switch {
			case !there:
				f.t.Fatalf("the mirror still has person %d: %s %s", person, typ, date)
			case typ == "":
				metrics[name+" "+date] = text
			default:
				records = append(records, name+" "+typ+" "+date+" "+text)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			f.t.Fatal(err)
		}
	}
	slices.Sort(records)
	return records, metrics
}

// fromExport is the same from the export.
func fromExport(t testing.TB, dir string) (records []string, metrics map[string]string) {
	t.Helper()
	out := t.TempDir()
	box.Run(t, dir, "export", "--person", "all", "--type", "all", "--format", "json", "-o", out)
	files, err := filepath.Glob(filepath.Join(out, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for dec := json.NewDecoder(bytes.NewReader(text)); dec.More(); {
			var l struct {
				Person, Type, Device, Origin string
				Date                         string          `json:"calendar_date"`
				Summary                      string          `json:"summary_id"`
				Blended                      bool            `json:"merged_samples"`
				Element                      json.RawMessage `json:"element"`
			}
			if err := dec.Decode(&l); err != nil {
				t.Fatal(err)
			}
			records = append(records, l.Person+" "+l.Type+" "+l.Date+" "+
				mirrorLine(l.Summary, l.Device, l.Origin, l.Blended, l.Element))
		}
	}
	slices.Sort(records)
	metrics = map[string]string{}
	for line := range strings.Lines(box.Run(t, dir, "export", "--person", "all", "--metrics", "--format", "json")) {
		values := map[string]any{}
		if err := json.Unmarshal([]byte(line), &values); err != nil {
			t.Fatal(err)
		}
		at := fmt.Sprint(values["person"], " ", values["calendar_date"])
		delete(values, "person")
		delete(values, "calendar_date")
		metrics[at] = sortedValues(values)
	}
	return records, metrics
}

// sortedValues are the values of some metrics, without their names: those of the export
// also name the unit.
func sortedValues(values map[string]any) string {
	var out []string
	for _, v := range slices.Collect(maps.Values(values)) {
		out = append(out, fmt.Sprint(v))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// year is what happens while the mirror follows.
type year struct {
	t      testing.TB
	dir    string
	world  *simulator.World
	people []simulator.Person
	rng    *rand.Rand
	sender *box.Sender
	mirror *follower
	kills  int
}

// TestAMirrorByChangesEqualsTheExport lets a mirror follow while people's days come in
// several versions, nights merge, records move to other dates, a person is erased and added
// again by the same name, and one is added after their data came; both the mirror and Garner
// are killed again and again.
func TestAMirrorByChangesEqualsTheExport(t *testing.T) {
	t.Parallel()
	days, rounds := 3, 5
	if allWanted() {
		days, rounds = 365, 80
	}
	seed := seed()
	t.Logf("seed %d", seed)
	w := simulator.New(simulator.Config{Seed: seed, People: 3, Days: days, Until: box.LastNoon})
	y := &year{t: t, dir: t.TempDir(), world: w, people: w.People(), rng: rand.New(rand.NewPCG(seed, 0)),
		sender: box.NewSender(nil)}
	var list []simulator.Delivery
	for d := range w.Live(box.LastNoon.AddDate(0, 0, -days), box.LastNoon) {
		if len(d.Body) < 200<<10 {
			list = append(list, d)
		}
	}
	y.add(0)
	y.add(1)
	box.Run(t, y.dir, "person", "add", "--name", "Nora", "--garmin-user-id", "nora-1")
	y.mirror = follow(t, t.TempDir(), seed)
	y.mirror.write("token", madeToken(t, y.dir, "mirror"))
	share := len(list)/rounds + 1
	for round := range rounds {
		y.round(round, rounds, list[min(round*share, len(list)):min((round+1)*share, len(list))])
	}
	y.settle(len(list))
}

// add adds a person of the world.
func (y *year) add(i int) {
	box.Run(y.t, y.dir, "person", "add", "--name", y.people[i].Name, "--garmin-user-id", y.people[i].UserID)
}

// madeToken is a new token of the API.
func madeToken(t testing.TB, dir, name string) string {
	t.Helper()
	text := box.Run(t, dir, "token", "add", "--name", name)
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix(word, "garner_") {
			return word
		}
	}
	t.Fatalf("no token in %q", text)
	return ""
}

// round runs Garner for some deliveries, and kills it when a random number of them is
// answered.
func (y *year) round(round, rounds int, list []simulator.Delivery) {
	y.t.Helper()
	switch round { // between the runs
	case rounds / 3:
		box.Run(y.t, y.dir, "person", "erase", "--name", y.people[1].Name, "--confirm", y.people[1].Name)
		y.add(1)
	case rounds / 2:
		y.add(2) // their data came before
	case rounds * 2 / 3:
		box.Run(y.t, y.dir, "rederive")
	}
	b := box.Start(y.t, y.dir, box.Options{})
	y.mirror.write("address", b.Addr)
	y.sender.Queue = append(y.sender.Queue, list...)
	for range 3 {
		y.sender.Queue = append(y.sender.Queue, nora(y.rng)...)
	}
	at := y.sender.Acked.Load() + 1 + y.rng.Int64N(int64(len(y.sender.Queue)))
	stop := make(chan struct{})
	var once sync.Once
	y.sender.Send(b.Addr, 4, stop, func(n int64) {
		if n >= at {
			once.Do(func() { b.Kill(); close(stop) })
		}
	})
	b.Kill()
	b.Wait() //nolint:errcheck // it was killed
	y.kills++
}

// nora is a day of Nora's life sent more than once: two short sleeps, which one
// that is sent later unites, and an activity that moves to another date and back.
func nora(rng *rand.Rand) (out []simulator.Delivery) {
	day := rng.IntN(20)
	midnight := 1_790_000_000/86400*86400 + day*86400
	send := func(typ, format string, args ...any) {
		out = append(out, simulator.Delivery{Type: typ, Body: fmt.Appendf(nil, `{"`+typ+`":[{"userId":"nora-1",`+format+`}]}`, args...)})
	}
	for range 1 + rng.IntN(4) {
		start, length := midnight+rng.IntN(6)*3600, 3000+rng.IntN(4)*3600
		date := midnight/86400 + rng.IntN(2)
		send("sleeps", `"summaryId":"s-%d-%d","calendarDate":"%s","startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,`+
			`"durationInSeconds":%d,"validation":"ENHANCED_FINAL"`, start, length, dateOf(date), start, length)
	}
	for range 1 + rng.IntN(3) {
		id, start := day*2, midnight-43200+rng.IntN(2)*86400
		send("activities", `"summaryId":"%d","activityId":%d,"startTimeInSeconds":%d,"startTimeOffsetInSeconds":0,`+
			`"durationInSeconds":%d,"activityType":"RUNNING"`, id, id, start, 600+rng.IntN(3000))
		send("epochs", `"summaryId":"e-%d","startTimeInSeconds":%d,"startTimeOffsetInSeconds":%d,"durationInSeconds":900,`+
			`"activityType":"WALKING","steps":%d`, id, midnight+900, []int{0, -7200}[rng.IntN(2)], rng.IntN(999))
	}
	return out
}

func dateOf(day int) string { return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly) }

// settle lets all be processed and derived, and compares.
func (y *year) settle(sent int) {
	t := y.t
	b := box.Start(t, y.dir, box.Options{})
	y.mirror.write("address", b.Addr)
	y.sender.Send(b.Addr, 4, nil, func(int64) {})
	b.Drained()
	b.Derived()
	y.mirror.stop()
	y.mirror.catchUp()
	var people []struct {
		ID   int64
		Name string
	}
	y.peopleOf(&people)
	names := map[int64]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	b.Stop()
	got, gotMetrics := y.mirror.mirrored(names)
	want, wantMetrics := fromExport(t, y.dir)
	t.Logf("%d deliveries, %d records, %d days with metrics, Garner killed %d times, the mirror %d times",
		sent, len(want), len(wantMetrics), y.kills, y.mirror.runs)
	if d := difference(strings.Join(got, "\n"), strings.Join(want, "\n")); d != "" || len(got) != len(want) {
		t.Errorf("%d records are mirrored, %d exported (- mirror, + export)\n%.2000s", len(got), len(want), d)
	}
	for at, values := range wantMetrics {
		have := map[string]any{}
		if err := json.Unmarshal([]byte(gotMetrics[at]), &have); err != nil || sortedValues(have) != values {
			t.Errorf("metrics of %s: mirrored %s, exported %s, %v", at, gotMetrics[at], values, err)
		}
	}
}

// peopleOf asks the API for the people.
func (y *year) peopleOf(into any) {
	y.t.Helper()
	m := &mirror{dir: y.mirror.dir, client: box.NewClient()}
	var page struct{ Data json.RawMessage }
	box.Until(y.t, "the people are listed", 30e9, func() bool {
		_, err := m.get("people", &page)
		return err == nil
	})
	if err := json.Unmarshal(page.Data, into); err != nil {
		y.t.Fatal(err)
	}
}
