package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wrkRounds are fewer: wrk only confirms.
const wrkRounds = 3

// confirm repeats the comparison with the floor with a load generator that
// others have written.
func (c *contest) confirm(t *testing.T, requests []request) {
	const what, reach = "  of the floor, as wrk measures it", "as above"
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		row(what, reach, "wrk is not installed")
		return
	}
	dir := t.TempDir()
	writeRequests(t, filepath.Join(dir, "requests"), requests)
	if err := os.WriteFile(filepath.Join(dir, "requests.lua"), []byte(wrkScript), 0o600); err != nil {
		t.Fatal(err)
	}
	var ours, floors []result
	for range wrkRounds {
		c.turns++
		floors = append(floors, c.wrk(t, wrk, dir, c.floor))
		ours = append(ours, c.wrk(t, wrk, dir, c.paused))
	}
	rate := func(o result) float64 { return o.rate }
	row(what, reach, fmt.Sprintf("%.2f (%.0f/s; p99 %.1f x)", ratio(ours, floors, rate), middle(ours, rate),
		ratio(ours, floors, func(o result) float64 { return float64(o.p99) })))
}

// writeRequests writes what wrkScript reads: for each request a line with its
// length and the place of its number, and then itself.
func writeRequests(t testing.TB, path string, requests []request) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, q := range requests {
		fmt.Fprintln(w, len(q.bytes), q.at)
		w.Write(q.bytes) //nolint:errcheck // Flush says it
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// wrkScript has the two threads send every second request each, numbered as
// the other generator does it. The bytes around the number are cut beforehand.
const wrkScript = `
local threads = 0

function setup(thread)
	thread:set("id", threads)
	threads = threads + 1
end

local before, after, numbers = {}, {}, {}
local turn, total, sent = 0, 0, 0

function init(args)
	turn = tonumber(args[2])
	local f = assert(io.open(args[1], "rb"))
	while true do
		local length, at = f:read("*n", "*n")
		if not length then break end
		f:read(1) -- the end of the line
		local text = f:read(length)
		if total % 2 == id then
			before[#before + 1] = text:sub(1, at)
			after[#after + 1] = text:sub(at + 9)
			numbers[#numbers + 1] = total
		end
		total = total + 1
	end
	f:close()
end

function request()
	local i = sent % #before + 1
	local number = turn * 1000000 + math.floor(sent / #before) * total + numbers[i]
	sent = sent + 1
	return before[i] .. string.format("%08d", number) .. after[i]
end
`

var (
	wrkRate   = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	wrkP99    = regexp.MustCompile(`\s99%\s+([0-9.]+[mu]?s)`)
	wrkFailed = regexp.MustCompile(`(?m)^.*(Non-2xx|Socket errors).*$`)
)

// wrk is one turn of it.
func (c *contest) wrk(t testing.TB, wrk, dir string, s target) result {
	t.Helper()
	s.release(t)
	defer s.hold(t)
	cmd := exec.Command(wrk, "-t2", "-c64", fmt.Sprintf("-d%.0fs", roundOfLoad.Seconds()), "--latency",
		"-s", filepath.Join(dir, "requests.lua"), "http://"+s.addr, "--", filepath.Join(dir, "requests"), fmt.Sprint(c.turns))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("wrk: %v\n%s", err, out)
	}
	if failed := wrkFailed.Find(out); failed != nil {
		t.Errorf("wrk: %s", failed)
	}
	rate, slowest := wrkRate.FindSubmatch(out), wrkP99.FindSubmatch(out)
	if rate == nil || slowest == nil {
		t.Fatalf("wrk says neither rate nor p99:\n%s", out)
	}
	var o result
	if o.rate, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		t.Fatal(err)
	}
	if o.p99, err = time.ParseDuration(strings.TrimSpace(string(slowest[1]))); err != nil {
		t.Fatal(err)
	}
	return o
}
