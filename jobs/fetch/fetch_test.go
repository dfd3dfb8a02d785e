package fetch_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"garner/db"
	"garner/db/filestore"
	"garner/db/seal"
	"garner/garmin"
	"garner/garmin/client"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health"
	"garner/jobs"
	"garner/jobs/fetch"
	"garner/jobs/jobstest"
)

// A day on which both people have an activity, from the time they connect to the time
// that Garmin has; the tokens last for it.
var (
	began = time.Date(2026, time.November, 23, 4, 0, 0, 0, time.UTC)
	today = began.Add(23 * time.Hour)
)

// world is expensive to make and never changes.
var world = sync.OnceValue(func() *simulator.World {
	return simulator.New(simulator.Config{Seed: 1, People: 2, Days: 30, Until: today, Faults: &simulator.Faults{}})
})

// rig is a simulated Garmin, and a Garner without its server that is connected to it.
type rig struct {
	*jobstest.Box
	garmin  *service.Service
	client  *client.Client
	drain   *jobs.Drain
	tokens  map[int64]string // by connection
	people  []int64          // in the order of the world
	refused int
	wake    chan struct{}
	now     atomic.Int64 // of Garmin, in unix seconds
}

// fault chooses the fault of a request; it may be replaced between steps.
type fault func(r *http.Request) service.Fault

func newRig(t *testing.T, mode map[string]string, pick fault) *rig {
	t.Helper()
	r := &rig{Box: jobstest.Open(t), tokens: map[int64]string{}, wake: make(chan struct{}, 1)}
	r.now.Store(began.Unix())
	server := httptest.NewUnstartedServer(nil)
	origin := "http://" + server.Listener.Addr().String()
	r.garmin = service.New(world(), service.Config{ClientID: "the-client", ClientSecret: "the-secret", Mode: mode,
		Origin: origin, Since: began,
		Now: func() time.Time { return time.Unix(r.now.Load(), 0) }, Files: world().ActivityFile, Faults: service.Faults{Pick: pick},
		Push: func(_ context.Context, d simulator.Delivery) error {
			r.Arrive(db.Arrival{Received: time.Now(), Path: d.Type}, string(d.Body))
			return nil
		}})
	server.Config.Handler = r.garmin
	server.Start()
	t.Cleanup(server.Close)
	var err error
	log := slog.New(slog.DiscardHandler)
	r.client, err = client.New(client.Config{ClientID: "the-client", ClientSecret: "the-secret",
		AuthorizeURL: origin + service.AuthorizePath, TokenURL: origin + service.TokenPath, APIOrigin: origin}, log)
	if err != nil {
		t.Fatal(err)
	}
	files := filestore.In(r.Dir)
	r.drain = &jobs.Drain{Inbox: r.Inbox.InboxReader, Receiving: r.Inbox, Store: r.Store, Log: log, Workers: 2,
		Target: r.client.Target, Files: &files}
	return r
}

// connect adds and connects a person of the world.
func (r *rig) connect(person int) {
	r.T.Helper()
	grant := r.garmin.Connect(person, service.HealthExport, service.ActivityExport)
	p, err := r.Store.AddPerson(r.T.Context(), time.Now(), fmt.Sprint("Person ", person), grant.UserID, "")
	if err != nil {
		r.T.Fatal(err)
	}
	r.people = append(r.people, p.ID)
	r.Harm(`insert into connection (id, person_id, user_id, state, began_ms, access, refresh, access_ends_ms, refresh_ends_ms)
		values (?, ?, ?, 0, 1, x'', x'', 0, 0)`, p.ID, p.ID, grant.UserID)
	r.tokens[p.ID] = grant.AccessToken
}

// reconnect begins another connection of a person with the same token.
func (r *rig) reconnect(person int) {
	r.T.Helper()
	id := r.people[person]
	r.Store.UseKeys(seal.File(filepath.Join(r.T.TempDir(), "keys")))
	former, err := r.Store.ConnectionOf(r.T.Context(), id)
	if err != nil {
		r.T.Fatal(err)
	}
	connection, err := r.Store.AddConnection(r.T.Context(), time.Now(), id, former.UserID,
		db.Tokens{Access: "a", Refresh: "r"}, nil)
	if err != nil {
		r.T.Fatal(err)
	}
	r.tokens[connection] = r.tokens[id]
}

// Credential implements fetch.Keeper.
func (r *rig) Credential(_ context.Context, connection int64) (client.Credential, error) {
	return client.Bearer(r.tokens[connection]), nil
}

// Refused implements fetch.Keeper.
func (r *rig) Refused(context.Context, int64) (bool, error) {
	r.refused++
	return false, nil
}

// deliver has Garmin push what is due.
func (r *rig) deliver() {
	r.T.Helper()
	r.now.Store(today.Unix())
	if err := r.garmin.Deliver(r.T.Context(), today); err != nil {
		r.T.Fatal(err)
	}
}

// push has Garmin push what is due, and processes it.
func (r *rig) push() {
	r.T.Helper()
	r.deliver()
	r.process()
}

func (r *rig) process() {
	r.T.Helper()
	if err := r.drain.RunUntilEmpty(r.T.Context()); err != nil {
		r.T.Fatal(err)
	}
}

func (r *rig) fetcher(changed func()) *fetch.Fetcher {
	return &fetch.Fetcher{Store: r.Store, Inbox: r.Inbox, Garmin: func() *client.Client { return r.client }, Keeper: r,
		Log: slog.New(slog.DiscardHandler), Source: health.Ping, Wake: r.wake, Changed: changed}
}

// fetch runs a fetcher until each address that is due was tried once.
func (r *rig) fetch() {
	r.T.Helper()
	ctx, stop := context.WithTimeout(r.T.Context(), time.Minute)
	defer stop()
	r.Harm(`update fetch set due_ms = 0, reason = '' where state = 0`)
	conn := r.SQLite("garner.db")
	go func() {
		defer stop()
		for n := 1; n > 0 && ctx.Err() == nil; time.Sleep(time.Millisecond) {
			if err := conn.QueryRow(`select count(*) from fetch where state = 0 and reason in ('', ?)`,
				db.FetchBegun).Scan(&n); err != nil {
				r.T.Error(err)
			}
		}
	}()
	if err := r.fetcher(nil).Run(ctx); err != nil {
		r.T.Fatal(err)
	}
}

// states counts the fetches by state: waiting, done, lost, failed.
func (r *rig) states() [4]int64 {
	r.T.Helper()
	n, err := r.Store.FetchCounts(r.T.Context())
	if err != nil {
		r.T.Fatal(err)
	}
	return n
}

// calls counts the calls of a path.
func (r *rig) calls(path string) (n int) {
	for _, q := range r.garmin.Requests() {
		if strings.HasSuffix(q.Path, path) {
			n++
		}
	}
	return n
}

func TestWhatPingsAnnounceArrivesLikeAPush(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long with the race detector; runs without -short")
	}
	mode := map[string]string{"dailies": service.ModePing, "sleeps": service.ModePing, "epochs": service.ModeOff}
	pulled, pushed := newRig(t, mode, nil), newRig(t, map[string]string{"epochs": service.ModeOff}, nil)
	sums := map[*rig]string{}
	for _, r := range []*rig{pulled, pushed} {
		r.connect(0)
		r.connect(1)
		r.push()
		r.fetch()
		r.process()
		if n := r.states(); n[0]+n[2]+n[3] != 0 {
			t.Errorf("fetches %v", n)
		}
		counts := r.Counts()
		if counts.Fetching+counts.Parked+counts.Waiting+counts.Orphaned != 0 {
			t.Errorf("%+v", counts)
		}
		for _, person := range r.people {
			for _, typ := range []string{"dailies", "sleeps"} {
				list, err := r.Store.Records(t.Context(), person, typ, -1<<20, 1<<20, db.Cursor{}, 1000)
				if err != nil {
					t.Fatal(err)
				}
				for _, rec := range list {
					if (rec.Origin == health.Ping) != (r == pulled) {
						t.Errorf("%s of %s came by %s", typ, rec.Day, rec.Origin)
					}
					sums[r] += fmt.Sprintf("%d %s %s %x\n", person, typ, rec.Key, rec.Body)
				}
			}
		}
	}
	if sums[pulled] != sums[pushed] || sums[pulled] == "" {
		t.Errorf("pulled\n%.500s\npushed\n%.500s", sums[pulled], sums[pushed])
	}
}

func TestAnActivityFileIsFetchedOnceKeptAndDecoded(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, nil)
	r.connect(0)
	r.connect(1)
	r.push()
	r.fetch()
	r.process()
	states := r.states()
	files := r.Ask(`select count(*) from file where fault = ''`)
	if states[1] == 0 || states[1] != files || states[0]+states[2]+states[3] != 0 {
		t.Errorf("fetches %v, files %d", states, files)
	}
	if n := r.calls("activityFile"); int64(n) != files {
		t.Errorf("%d calls", n)
	}
	if n := r.Ask(`select count(*) from record where summary_id like '%-detail' and type_id = (select id from type
		where key = 'activityDetails')`); n == 0 {
		t.Error("no details of activities")
	}
	if n := r.Ask(`select count(*) from version where summary_id like '%-file'`); n == 0 {
		t.Error("no version came from a file")
	}
	if n := r.Ask(`select count(*) from fetch where query <> ''`); n != 0 {
		t.Errorf("%d tokens are kept", n)
	}
}

// only has a fault for the first calls of a path.
func only(path string, times int, f service.Fault) fault {
	var mu sync.Mutex
	return func(r *http.Request) service.Fault {
		mu.Lock()
		defer mu.Unlock()
		if !strings.HasSuffix(r.URL.Path, path) || times == 0 {
			return service.NoFault
		}
		times--
		return f
	}
}

func TestAFileWhoseAnswerIsLostIsAskedOnceMoreAndThenLostForAReason(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, only("activityFile", 1, service.Lost))
	r.connect(0)
	r.push()
	r.fetch()
	r.fetch()
	r.process()
	if n := r.states(); n[0] != 0 || n[2] != 1 || n[3] != 0 {
		t.Errorf("fetches %v", n)
	}
	lost := r.Ask(`select count(*) from fetch where state = 2 and attempts = 2 and
		reason like 'Garmin gives a file once; it was asked at 2%Z and the answer did not arrive'`)
	parked := r.Ask(`select count(*) from issue where kind = 1 and reason like 'Garmin gives a file once;%'`)
	if lost != 1 || parked != 1 {
		t.Errorf("%d lost, %d parked", lost, parked)
	}
	if n := r.Counts(); n.Parked != 1 || n.Fetching != 0 {
		t.Errorf("%+v", n)
	}
}

func TestAProcessThatEndsAfterTheInboxHasTheFileLosesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, nil)
	r.connect(0)
	r.push()
	r.fetch()
	// As if the process had ended before the end of the fetches was recorded.
	before := r.states()
	for _, state := range []int{0, 2} { // and as if they had been asked again
		r.Harm(`update fetch set state = ?, ended_ms = 0, result_id = 0`, state)
		r.Harm(`update delivery set state = 0, due_ms = 0`)
		r.process()
		if n := r.states(); n != before {
			t.Errorf("fetches %v, before %v", n, before)
		}
	}
	if n := r.Counts(); n.Parked+n.Fetching != 0 {
		t.Errorf("%+v", n)
	}
}

func TestARepeatedPingOfAFileIsNotALoss(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, nil)
	r.connect(0)
	r.deliver()
	bodies := r.bodies("activityFiles")
	for _, body := range bodies {
		r.Arrive(db.Arrival{Path: "activityFiles"}, body)
	}
	r.process()
	r.fetch()
	r.process()
	files := r.Ask(`select count(*) from file`)
	if n := r.states(); len(bodies) == 0 || n[1] != 2*files || n[0]+n[2]+n[3] != 0 {
		t.Errorf("fetches %v of %d files", n, files)
	}
}

// bodies returns the deliveries of a path.
func (r *rig) bodies(path string) (out []string) {
	r.T.Helper()
	all, err := r.Inbox.After(r.T.Context(), 0, 1<<20, 1<<40)
	if err != nil {
		r.T.Fatal(err)
	}
	for _, d := range all {
		if d.Path != path {
			continue
		}
		body, err := io.ReadAll(r.Inbox.Body(r.T.Context(), d))
		if err != nil {
			r.T.Fatal(err)
		}
		out = append(out, string(body))
	}
	return out
}

func TestAnAddressElsewhereIsNeverCalled(t *testing.T) {
	t.Parallel()
	evil := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { evil++ }))
	defer server.Close()
	r := newRig(t, nil, nil)
	r.connect(0)
	r.Arrive(db.Arrival{}, `{"dailies":[{"userId":"`+world().People()[0].UserID+`","callbackURL":"`+server.URL+
		`/wellness-api/rest/dailies?token=SECRET"}]}`)
	r.process()
	r.fetch()
	if n := r.states(); n != [4]int64{} || evil != 0 || len(r.garmin.Requests()) != 0 {
		t.Errorf("fetches %v, calls %d", n, evil)
	}
	if r.Ask(`select count(*) from issue where kind = 1 and reason like 'callback URL refused%' and
		reason not like '%SECRET%'`) != 1 {
		t.Error("not parked with its reason")
	}
}

func TestWithoutAUsableConnectionNothingIsCalledUntilThePersonConnects(t *testing.T) {
	t.Parallel()
	r := newRig(t, map[string]string{"dailies": service.ModePing}, nil)
	r.connect(0)
	r.push()
	before := r.states()
	for _, unusable := range []string{`stopping_ms = 1`, `stopping_ms = 0, state = 1`} {
		r.Harm(`update connection set ` + unusable)
		r.fetch()
		if n := r.states(); n != before || r.calls("dailies") != 0 || r.Ask(`select sum(attempts) from fetch`) != 0 {
			t.Errorf("%s: fetches %v", unusable, n)
		}
	}
	r.Harm(`update fetch set ends_ms = 1 where type_key = 'activityFiles'`)
	r.fetch()
	r.reconnect(0)
	if n := r.Ask(`select count(*) from fetch where state = 0 and due_ms > ?`, time.Now().UnixMilli()); n != 0 {
		t.Errorf("%d fetches wait although the person has connected", n)
	}
	r.fetch()
	n := r.states()
	if n[0] != 0 || n[1] == 0 || n[2] != r.Ask(`select count(*) from fetch where reason = 'the person is not connected'`) {
		t.Errorf("fetches %v", n)
	}
}

func TestARefusedTokenIsReportedAndUsesUpNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, nil)
	r.connect(0)
	r.push()
	good := r.tokens[r.people[0]]
	r.tokens[r.people[0]] = "another"
	r.fetch()
	if r.refused == 0 || r.Ask(`select count(*) from fetch where asked_ms <> 0 or state <> 0`) != 0 {
		t.Errorf("refused %d, fetches %v", r.refused, r.states())
	}
	r.tokens[r.people[0]] = good
	r.fetch()
	if n := r.states(); n[0]+n[2]+n[3] != 0 {
		t.Errorf("fetches %v", n)
	}
}

func TestFewCallsRunAtOnceAndFewerForOnePerson(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	running, most := map[string]int{}, map[string]int{}
	count := func(token string, n int) {
		mu.Lock()
		defer mu.Unlock()
		for _, who := range []string{"all", token} {
			running[who] += n
			most[who] = max(most[who], running[who])
		}
	}
	var r *rig
	enough := make(chan struct{})
	calls := 0
	r = newRig(t, map[string]string{"dailies": service.ModePing, "epochs": service.ModePing, "sleeps": service.ModePing},
		func(q *http.Request) service.Fault {
			token := q.Header.Get("Authorization")
			count(token, 1)
			mu.Lock()
			if calls++; calls == 4 { // as many as may run; more would come now
				close(enough)
			}
			mu.Unlock()
			<-enough
			count(token, -1)
			return service.NoFault
		})
	r.connect(0)
	r.connect(1)
	r.push()
	r.fetch()
	for who, n := range most {
		if limit := map[bool]int{true: 4, false: 2}[who == "all"]; n > limit {
			t.Errorf("%d at once, limit %d", n, limit)
		}
	}
	if most["all"] != 4 || len(most) != 3 {
		t.Errorf("%d at once of %d people", most["all"], len(most)-1)
	}
}

func TestAFileOfAnUnknownPersonWaitsForThemInTheInbox(t *testing.T) {
	t.Parallel()
	from := newRig(t, nil, nil)
	from.connect(0)
	from.push()
	from.fetch()
	fetched := from.bodies("activityFiles")
	r := newRig(t, nil, nil)
	r.Arrive(db.Arrival{Source: health.Ping, Path: "activityFiles", Encoding: garmin.FileEncoding}, fetched[len(fetched)-1])
	r.process()
	if n := r.Counts(); n.Orphaned != 1 || r.Ask(`select count(*) from file`) != 0 {
		t.Errorf("%+v", n)
	}
	r.Add("Ada", world().People()[0].UserID, "")
	r.process()
	if n := r.Counts(); n.Orphaned != 0 || r.Ask(`select count(*) from file where fault = '' and kind = 'FIT'`) != 1 {
		t.Errorf("%+v", n)
	}
}
