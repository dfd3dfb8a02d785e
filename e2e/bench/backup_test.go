package bench

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"garner/e2e/box"
	"garner/garmin/simulator"
)

// keptDays are the days whose bodies the inbox still has: the default of
// retention.deliveries.
const keptDays = 30

// figureBackup measures a backup and its restore, and receiving while backups run. With -all
// it does that with ten years of ten people.
func figureBackup(t *testing.T) {
	people, days := 3, 90
	if *all {
		people, days = 10, scaled(3650)
	}
	dir := t.TempDir()
	fillYears(t, dir, people, days)
	of := fmt.Sprintf("(%d people, %d days, no activity files)", people, days)
	key := regexp.MustCompile(`AGE-SECRET-KEY-1\w+`).FindString(box.Run(t, dir, "recovery-key"))
	identity, file := filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "backup")
	if err := os.WriteFile(identity, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	box.Run(t, dir, "backup", file)
	made := time.Since(began)
	row("A backup, encrypted and verified "+of, "", fmt.Sprintf("%s, %s (databases %s and %s)",
		made.Round(10*time.Millisecond), megabytes(t, file), megabytes(t, filepath.Join(dir, "garner.db")),
		megabytes(t, filepath.Join(dir, "inbox.db"))))
	fresh := filepath.Join(t.TempDir(), "data")
	began = time.Now()
	box.Run(t, fresh, "restore", file, "--identity", identity)
	row("  its restore", "", time.Since(began).Round(10*time.Millisecond).String())
	figureBesideBackups(t, dir)
}

func megabytes(t testing.TB, file string) string {
	t.Helper()
	st, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%.1f MB", float64(st.Size())/1e6)
}

// fillYears fills a folder with the days of some people, which end yesterday. As with
// retention, the inbox has only the newest.
func fillYears(t testing.TB, dir string, people, days int) {
	t.Helper()
	yesterday := time.Now().UTC().Truncate(24 * time.Hour).Add(-12 * time.Hour)
	w := simulator.New(simulator.Config{Seed: 9, People: people, Days: days, Until: yesterday})
	box.AddPeople(t, dir, w)
	feed := func(from, to int) { // days ago
		b := box.Start(t, dir, box.Options{})
		for ago := from; ago > to; ago-- {
			var list []simulator.Delivery
			for p := range people {
				list = append(list, w.Final(p, yesterday.AddDate(0, 0, -ago))...)
			}
			box.NewSender(list).Send(b.Addr, 8, nil, func(int64) {})
		}
		b.Drained()
		b.Derived()
		b.Stop()
	}
	if days > keptDays {
		feed(days, keptDays)
		emptyInbox(t, dir)
	}
	feed(min(days, keptDays), 0)
}

// emptyInbox deletes all bodies, all of which are processed.
func emptyInbox(t testing.TB, dir string) {
	t.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "inbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, query := range []string{`delete from chunk`, `delete from delivery`, `vacuum`} {
		if _, err := conn.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
}

// figureBesideBackups compares how fast deliveries are answered while serve makes one backup
// after the other, and while it makes none. What was delivered is processed meanwhile.
func figureBesideBackups(t *testing.T, dir string) {
	_, list := box.Household(3, 40)
	b := box.Start(t, dir, box.Options{})
	b.Reader()
	conn := box.ReadOnly(t, filepath.Join(dir, "garner.db"))
	defer conn.Close()
	count := func(query string) (n int) {
		if err := conn.QueryRow(`select count(*) from ` + query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	o := offer{requests: requestsOf(t, smallDailies(list)), conns: 64, length: 5 * time.Second, perSecond: 1000}
	turn := func() float64 {
		o.turn++
		return float64(load(t, targetOf(b), o).p99)
	}
	var with, without []float64
	for range 3 {
		without = append(without, turn())
		before := count(`backup`)
		stop := askForBackups(t, b)
		box.Until(t, "a backup runs", time.Minute, func() bool { return count(`backup`) > before })
		with = append(with, turn())
		stop()
		box.Until(t, "no backup runs", 30*time.Minute, func() bool { return count(`request where ended_ms is null`) == 0 })
	}
	row("p99 to 200 at 1,000/s offered while backups run", "<= 3 x without", fmt.Sprintf("%.1f x (%s of %s; %d backups)",
		median(with)/median(without), time.Duration(median(with)).Round(10*time.Microsecond),
		time.Duration(median(without)).Round(10*time.Microsecond), count(`backup where cause = 'page' and fault = ''`)))
}

// askForBackups asks for one backup after the other on the page, until stop is called.
func askForBackups(t testing.TB, b *box.Box) (stop func()) {
	t.Helper()
	client, ended, done := b.Reader(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		again := time.NewTicker(200 * time.Millisecond)
		defer again.Stop()
		for {
			resp, err := client.Post("http://"+b.Addr+"/settings/backup", "application/x-www-form-urlencoded", nil)
			if err == nil {
				err = resp.Body.Close()
			}
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("asking for a backup: %v", err)
				return
			}
			select {
			case <-ended:
				return
			case <-again.C:
			}
		}
	}()
	return func() {
		close(ended)
		<-done
	}
}
