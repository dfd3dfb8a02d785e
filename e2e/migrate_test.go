package e2e

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"garner/e2e/box"
)

// anyAddress is the line that gives the address, during an upgrade or after.
var anyAddress = regexp.MustCompile(`(?:garner serves|brought to the schema).*address=http://(\S+)`)

// olderFiles makes databases of the schemas of before the baseline: garner.db of
// version 7 with a person and n records of 3 KB, inbox.db of version 2.
func olderFiles(t testing.TB, dir string, n int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, app := range map[string]struct {
		id, version int
		rows        string
	}{
		"inbox": {0x47726e49, 2, `insert into delivery (received_ms, path, client, source, encoding, sha256, size, form, body)
			values (1, 'dailies', 0, 0, '', zeroblob(32), 2, 0, x'7b7d')`},
		"garner": {0x47726e47, 7, fmt.Sprintf(`insert into person (id, name, name_fold, slug, created_ms)
				values (1, 'Ada', 'ada', 'ada', 1);
			insert into type (id, key) values (1, 'dailies');
			insert into record (person, type, key, day, start_s, end_s, class, reach, upload_end, delivery, element, sum,
				summary_id, device, origin, received_ms, processed_ms, versions, body)
				with recursive n (i) as (select 1 union all select i + 1 from n where i < %d)
				select 1, 1, 'n' || i, i, 1, 1, 0, 1, 1, 1, 1, x'00', '', '', 0, 1, 1, 1, randomblob(3000) from n;
			insert into version (record, sum, class, reach, upload_end, delivery, element, start_s, end_s, received_ms,
				summary_id) select id, sum, 0, 1, 1, 1, 1, 1, 1, 1, '' from record;
			insert into delivery (id, state, received_ms, applied_ms, size) values (1, 2, 1, 1, 2)`, n)},
	} {
		conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, name+".db")+
			"?_pragma=auto_vacuum(incremental)&_journal_mode=wal")
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob("../db/migrations/" + name + "/*.sql")
		if err != nil || len(files) < app.version {
			t.Fatal(files, err)
		}
		for _, file := range files[:app.version] {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Exec(string(text)); err != nil {
				t.Fatal(file, err)
			}
		}
		if _, err := conn.Exec(fmt.Sprintf(`begin; %s; pragma application_id = %d; pragma user_version = %d; commit`,
			app.rows, app.id, app.version)); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// kept is what a garner.db of either schema holds of the records of olderFiles,
// and its version.
func kept(t testing.TB, dir string) (sum string, version int) {
	t.Helper()
	conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
	defer conn.Close()
	if err := conn.QueryRow(`pragma user_version`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(`select count(*) || ' ' || sum(length(body)) || ' ' || sum(id * unicode(hex(body))) || ' ' ||
		(select count(*) from version) from record`).Scan(&sum); err != nil {
		t.Fatal(err)
	}
	return sum, version
}

func TestDeliveriesAreReceivedWhileTheMigrationWaitsForRoom(t *testing.T) {
	t.Parallel()
	d := newDisk(t, "64M")
	olderFiles(t, d.data(), 3000)
	want, _ := kept(t, d.data())
	ballast := filepath.Join(d.mount, "ballast")
	d.must("fallocate", "-l", "32M", ballast)
	_, list := box.Household(1, 2)
	list = distinct(list)
	b := box.Start(t, d.data(), box.Options{Says: anyAddress})
	box.Until(t, "what is missing is told", 30*time.Second, func() bool {
		return strings.Contains(b.Log.String(), "of free space to be brought to the schema")
	})
	if got, other := box.Acked(b.Addr, list[:20]); len(got) != 20 {
		t.Errorf("%d of 20 were taken, others %v", len(got), other)
	}
	for path, want := range map[string]int{"/": 503, "/healthz": 200, "/readyz": 200, "/export.zip": 503, "/p/ada/day": 503} {
		if status := get(t, b.Addr, path); status != want {
			t.Errorf("%s answers %d, want %d", path, status, want)
		}
	}
	if got, version := kept(t, d.data()); got != want || version != 7 {
		t.Errorf("garner.db of version %d holds %s, want 7 and %s", version, got, want)
	}
	removeFiles(t, ballast)
	box.Until(t, "garner serves", 60*time.Second, func() bool { return strings.Contains(b.Log.String(), "garner serves") })
	if c := b.Drained(); c.Done+c.Orphaned+c.Parked < 20 {
		t.Errorf("not all that was received is processed: %+v", c)
	}
	b.Stop()
	mustHold(t, d.data(), list[:20])
	if got, version := kept(t, d.data()); got != want || version < 8 {
		t.Errorf("garner.db of version %d holds %s, want %s", version, got, want)
	}
	box.Sound(t, d.data())
}

func TestAStoreThatCannotBeMigratedStaysAsItWasAndDeliveriesAreReceived(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	olderFiles(t, dir, 10)
	conn, err := sql.Open("sqlite", filepath.Join(dir, "garner.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(`update delivery set state = 9`); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	want, _ := kept(t, dir)
	_, list := box.Household(1, 2)
	list = distinct(list)[:5]
	for range 2 {
		b := box.Start(t, dir, box.Options{Says: anyAddress})
		if got, other := box.Acked(b.Addr, list); len(got) != len(list) {
			t.Errorf("%d were taken, others %v", len(got), other)
		}
		box.Until(t, "it is told", 30*time.Second, func() bool {
			return strings.Contains(b.Log.String(), "cannot be brought to the schema of this version")
		})
		if status := get(t, b.Addr, "/"); status != http.StatusServiceUnavailable {
			t.Errorf("home answers %d", status)
		}
		b.Stop()
	}
	mustHold(t, dir, list)
	if got, version := kept(t, dir); got != want || version != 7 {
		t.Errorf("garner.db of version %d holds %s, want 7 and %s", version, got, want)
	}
}

func TestAMigrationWaitsForAnotherProcessThatWrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	olderFiles(t, dir, 10)
	other, err := sql.Open("sqlite", filepath.Join(dir, "garner.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	conn, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), `begin immediate`); err != nil {
		t.Fatal(err)
	}
	b := box.Start(t, dir, box.Options{Says: anyAddress})
	box.Until(t, "it is told", 30*time.Second, func() bool {
		return strings.Contains(b.Log.String(), "cannot be brought to the schema of this version yet")
	})
	if _, err := conn.ExecContext(t.Context(), `rollback`); err != nil {
		t.Fatal(err)
	}
	box.Until(t, "garner serves", 30*time.Second, func() bool { return strings.Contains(b.Log.String(), "garner serves") })
	b.Stop()
}

// stopped ends a program at a moment of its migration.
func stopped(t *testing.T, dir string, after time.Duration, end func(b *box.Box)) {
	t.Helper()
	b := box.Start(t, dir, box.Options{Says: anyAddress})
	<-time.After(after) // any moment will do: what is wanted holds at each
	end(b)
	b.Wait() //nolint:errcheck // it was killed
}

func TestAMigrationThatIsKilledOrLosesPowerLeavesTheSchemaOfAVersion(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("kills and power cuts take a while; left out by -short")
	}
	rng := rand.New(rand.NewPCG(seed(), 0))
	d := newDisk(t, "256M")
	ends := map[string]func(b *box.Box){
		"kill":  func(b *box.Box) { b.Kill() },
		"power": func(b *box.Box) { d.cut(); b.Kill() },
	}
	fresh := t.TempDir()
	box.Run(t, fresh, "person", "add", "--name", "Ada")
	conn, newest := box.ReadOnly(t, filepath.Join(fresh, "garner.db")), 0
	if err := errors.Join(conn.QueryRow(`pragma user_version`).Scan(&newest), conn.Close()); err != nil {
		t.Fatal(err)
	}
	rounds := 2
	if allWanted() {
		rounds = 8
	}
	for name, end := range ends {
		versions := map[int]int{}
		for round := range rounds {
			dir := filepath.Join(d.mount, fmt.Sprint(name, round))
			olderFiles(t, dir, 5000)
			want, _ := kept(t, dir)
			d.must("sync")
			stopped(t, dir, time.Duration(rng.Int64N(int64(1500*time.Millisecond))), end)
			if name == "power" {
				d.boot()
			}
			got, version := kept(t, dir)
			if versions[version]++; got != want || version < 7 || version > newest {
				t.Errorf("%s: garner.db of version %d holds %s, want %s", name, version, got, want)
			}
			b := box.Start(t, dir, box.Options{})
			b.Drained()
			b.Stop()
			if got, version := kept(t, dir); got != want || version != newest {
				t.Errorf("%s, at last: garner.db of version %d holds %s, want %s", name, version, got, want)
			}
			if n := len(box.Sums(t, dir)); n != 1 {
				t.Errorf("inbox.db holds %d deliveries, want 1", n)
			}
			box.Sound(t, dir)
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%s: versions %v", name, versions)
	}
}
