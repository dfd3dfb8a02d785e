package query

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"time"

	"garner/db"
	"garner/garmin"
)

// Diagnostics are what helps to find a fault, for strangers too: they have no names,
// ids, addresses, secrets or values of people. What is in them is listed; everything
// else is left out.
type Diagnostics struct {
	Version string    `json:"version"`
	Go      string    `json:"go"`
	System  string    `json:"system"`
	CPUs    int       `json:"cpus"`
	Memory  uint64    `json:"memory_bytes"` // that Go has from the system
	At      time.Time `json:"at"`
	TookMS  int64     `json:"took_ms"` // to read all of this
	// Config is the configuration by key: the values of keys that are public, and whether
	// the others are set.
	Config    map[string]string  `json:"config"`
	Files     []DiagnosticFile   `json:"files"`
	DiskFree  int64              `json:"disk_free_bytes"`
	ReadOnly  bool               `json:"read_only"` // garner.db is damaged
	Damaged   bool               `json:"damaged"`
	Inbox     db.Counts          `json:"inbox"`
	Signals   []DiagnosticSignal `json:"signals"`
	Incidents map[string]int     `json:"incidents_open"` // by kind
	Failures  []Diagnosis        `json:"failures"`
}

// DiagnosticFile is a database.
type DiagnosticFile struct {
	Name   string           `json:"name"`
	Bytes  int64            `json:"bytes"`
	Log    int64            `json:"log_bytes"`
	Schema int              `json:"schema"`
	Rows   map[string]int64 `json:"rows"`
}

// DiagnosticSignal is the latest signal of a name, without its detail.
type DiagnosticSignal struct {
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	Value int64     `json:"value"`
}

// Diagnosis counts elements that could not be processed, by type and reason.
type Diagnosis struct {
	Type     string `json:"type"`
	Reason   string `json:"reason"`
	Elements int64  `json:"elements"`
}

// Diagnose reads them. version and config are those of the program.
func (q *Reader) Diagnose(ctx context.Context, version string, config map[string]string) (*Diagnostics, error) {
	if err := q.Viewer.operates(); err != nil {
		return nil, err
	}
	began := time.Now()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	out := &Diagnostics{Version: version, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), Memory: memory.Sys, At: q.Now.UTC(), Config: config, ReadOnly: q.Store.ReadOnly(),
		Damaged: q.Store.Damaged(), Incidents: map[string]int{}}
	for _, add := range []func(context.Context, *Diagnostics) error{q.diagnoseFiles, q.diagnoseSignals,
		q.diagnoseFailures} {
		if err := add(ctx, out); err != nil {
			return nil, err
		}
	}
	out.TookMS = time.Since(began).Milliseconds()
	return out, nil
}

func (q *Reader) diagnoseFiles(ctx context.Context, out *Diagnostics) error {
	for _, facts := range []func(context.Context) (db.FileFacts, error){
		q.Store.FileFacts, q.Inbox.FileFacts} {
		f, err := facts(ctx)
		if err != nil {
			return err
		}
		out.Files = append(out.Files, DiagnosticFile{f.Name, f.Bytes, f.Log, f.Schema, f.Rows})
	}
	var err error
	if out.DiskFree, err = q.Inbox.DiskFree(); err != nil {
		return err
	}
	out.Inbox, err = q.Store.Counts(ctx, q.Inbox, q.Now)
	return err
}

// publicSignals are the names of signals that may be told, up to a colon: behind it
// stands what is known by a name of its own.
var publicSignals = []string{"callback_secret", "clock", "contact", "damage", "deep_check", "files_replaced",
	"heartbeat", "log_long", "probe", "probe_bad"}

func (q *Reader) diagnoseSignals(ctx context.Context, out *Diagnostics) error {
	signals, err := q.Store.Signals(ctx)
	if err != nil {
		return err
	}
	for name, s := range signals {
		if name, _, _ = strings.Cut(name, ":"); slices.Contains(publicSignals, name) {
			out.Signals = append(out.Signals, DiagnosticSignal{name, s.At.UTC(), s.Value})
		}
	}
	slices.SortFunc(out.Signals, func(a, b DiagnosticSignal) int {
		return strings.Compare(a.Name, b.Name)*2 + a.At.Compare(b.At)
	})
	open, err := q.Store.OpenIncidents(ctx)
	for _, e := range open {
		out.Incidents[string(e.Kind)]++
	}
	return err
}

// publicReasons are those that hold nothing of the element itself.
var publicReasons = []string{"its stored body is damaged", "its place in inbox.db is damaged", "unknown type",
	"its client id header does not match", "names another person than the one whose data were asked for",
	"more of this kind"}

func (q *Reader) diagnoseFailures(ctx context.Context, out *Diagnostics) error {
	groups, err := q.Store.ParkedGroups(ctx)
	if err != nil {
		return err
	}
	for _, g := range groups {
		d := Diagnosis{Type: "another type", Reason: "another reason", Elements: int64(g.Count)}
		if slices.ContainsFunc(garmin.Types, func(t *garmin.Type) bool { return t.Key == g.Type }) {
			d.Type = g.Type
		}
		if slices.Contains(publicReasons, g.Reason) {
			d.Reason = g.Reason
		}
		at := slices.IndexFunc(out.Failures, func(f Diagnosis) bool { return f.Type == d.Type && f.Reason == d.Reason })
		if at < 0 {
			out.Failures = append(out.Failures, d)
			continue
		}
		out.Failures[at].Elements += d.Elements
	}
	return nil
}
