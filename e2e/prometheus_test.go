package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"garner/e2e/box"
)

// tool finds a program that only tests use. In CI a missing one is a failure.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

func TestPrometheusIsContentWithTheMetricsAndScrapesThem(t *testing.T) {
	t.Parallel()
	promtool, prometheus := tool(t, "promtool"), tool(t, "prometheus")
	dir := t.TempDir()
	box.Run(t, dir, "person", "add", "--name", "Ada", "--garmin-user-id", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	b := box.Start(t, dir, box.Options{})
	client := box.NewClient()
	alive(t, b, client, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1)
	b.Drained()

	text := fetch(t, client, "http://"+b.Addr+"/metrics")
	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = bytes.NewReader(text)
	if out, err := check.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}

	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(config,
		fmt.Appendf(nil, "scrape_configs:\n- job_name: garner\n  scrape_interval: 1s\n  static_configs:\n  - targets: [%q]\n",
			b.Addr), 0o600); err != nil {
		t.Fatal(err)
	}
	var log box.LockedBuffer
	cmd := exec.Command(prometheus, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(t.TempDir(), "tsdb"),
		"--web.listen-address="+at)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may be gone
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	query := "http://" + at + "/api/v1/query?query=" + url.QueryEscape(`garner_person_types{state="on_time"} > 0`)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); <-tick.C {
		if scraped(client, query) {
			return
		}
	}
	t.Fatalf("never scraped:\n%s", &log)
}

func fetch(t testing.TB, client *http.Client, address string) []byte {
	t.Helper()
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, resp.Status, err)
	}
	return text
}

// scraped reports whether a query has an answer.
func scraped(client *http.Client, query string) bool {
	resp, err := client.Get(query)
	if err != nil {
		return false // it is starting
	}
	defer resp.Body.Close()
	var answer struct {
		Data struct{ Result []any }
	}
	return json.NewDecoder(resp.Body).Decode(&answer) == nil && len(answer.Data.Result) == 1
}
