package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"time"

	"garner/garmin"
	"garner/garmin/element"
	"garner/garmin/fit"
	"garner/garmin/personal"
	"garner/garmin/personal/personaltest"
	"garner/garmin/simulator"
	"garner/garmin/simulator/service"
	"garner/health"
)

// found is what a way in has brought: by type, the names of fields, tables, series and
// metrics.
type found map[*garmin.Type]map[string]bool

func (f found) add(t *garmin.Type, name string) {
	if f[t] == nil {
		f[t] = map[string]bool{}
	}
	f[t][name] = true
}

// Names of parts that are no fields.
const (
	tablePrefix  = "table "
	seriesPrefix = "series "
	metricPrefix = "metric "
)

// element notes what an element has.
func (f found) element(t *garmin.Type, v element.Value) {
	d := t.Decode(v)
	if d.Fault != "" {
		return
	}
	f[t] = f.of(t)
	for i := range t.Fields {
		if t.Fields[i].Value(v).Kind() > element.Null {
			f.add(t, t.Fields[i].Name)
		}
	}
	for i := range t.Tables {
		for range t.Tables[i].Rows(v) {
			f.add(t, tablePrefix+t.Tables[i].Name)
			break
		}
	}
	for i := range t.Series {
		t.Series[i].Each(v, d.Start, func(int64, element.Num) bool {
			f.add(t, seriesPrefix+t.Series[i].Name)
			return false
		})
	}
	for _, r := range d.Readings {
		f.add(t, metricPrefix+r.Metric)
	}
}

func (f found) of(t *garmin.Type) map[string]bool {
	if f[t] == nil {
		return map[string]bool{}
	}
	return f[t]
}

// body notes the elements of a callback.
func (f found) body(body []byte) error {
	return garmin.Split(bytes.NewReader(body), "", garmin.Limits{Depth: 64, ElementBytes: 64 << 20, Elements: 1 << 20},
		func(it garmin.Item) error {
			switch {
			case it.Err != nil:
				return it.Err
			case it.Type != nil && it.Type.HasRecords():
				f.element(it.Type, it.Value)
			}
			return nil
		})
}

// Enough days and people for everything that is simulated.
const (
	someDays   = 30
	somePeople = 3
)

// look asks a simulated Garmin both ways.
func look(ctx context.Context) (push, key found, err error) {
	push, key = found{}, found{}
	until := time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)
	world := simulator.New(simulator.Config{Seed: 1, People: somePeople, Days: someDays + 10, Until: until,
		Faults: &simulator.Faults{}})
	to := health.DayOf(until.Unix(), 0) - 1
	from := to - someDays + 1
	for person := range somePeople {
		for day := from; day <= to; day++ {
			for _, d := range world.Final(person, day.Midnight()) {
				if err := push.body(d.Body); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	garmin := service.New(world, service.Config{Now: func() time.Time { return until }, AllowBursts: true})
	srv := httptest.NewServer(garmin)
	defer srv.Close()
	client, err := personal.New(srv.URL, personal.Limits{PerSecond: 1_000_000, Parallel: 1}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	for person := range somePeople {
		bearer, err := client.Exchange(ctx, garmin.MakeKey(person, until.AddDate(1, 0, 0)))
		if err != nil {
			return nil, nil, err
		}
		asker := personaltest.Asker{Client: client, Bearer: bearer, UserID: "a", From: from, To: to, Now: until,
			Answered: key.answer}
		if err := asker.Everything(ctx); err != nil {
			return nil, nil, err
		}
	}
	return push, key, nil
}

// answer notes what an answer becomes.
func (f found) answer(head personal.Head, raw []byte) error {
	if head.Endpoint == personal.FileKey {
		return f.file(head, raw)
	}
	read, err := personal.Read(head, raw)
	if err != nil || len(read.Callback) == 0 {
		return err
	}
	return f.body(read.Callback)
}

// file notes the samples of an activity's file.
func (f found) file(head personal.Head, raw []byte) error {
	file, err := personal.File(raw)
	if err != nil || file.Type != "FIT" {
		return err
	}
	about := element.NewObject(nil, nil).With("activityId", fmt.Sprint(head.Activity))
	details, _, err := fit.Details(about, bytes.NewReader(file.Content))
	if err != nil {
		return err
	}
	f.element(garmin.ActivityDetails, details)
	return nil
}
