package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"garner/health/alert"
)

// watchCollector reads how data arrives when metrics are collected. They contain no
// names or ids of people.
type watchCollector struct{ s *Server }

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("garner_"+name, help, labels, nil)
}

var (
	descNews      = gauge("news_timestamp_seconds", "When new data last arrived, by type.", "type")
	descPeople    = gauge("people", "People by the state of their data.", "state")
	descPairs     = gauge("person_types", "Types of people by the state of their data.", "state")
	descIncidents = gauge("incidents_open", "Open incidents by kind.", "kind")
	descMessages  = gauge("notices", "Stored notifications by channel (label way) and by state.", "way", "state")
	descFree      = gauge("disk_free_bytes", "Free disk space of data_dir.")
	descReach     = gauge("public_address_reachable",
		"Whether the public address responded to the last probe; missing if it is not probed.")
	descContact = gauge("foreign_contact_timestamp_seconds", "When a request last arrived from outside.")
	descBeat    = gauge("heartbeat_sent_timestamp_seconds", "When the outgoing heartbeat was last sent.")
	descExpiry  = gauge("certificate_expiry_timestamp_seconds",
		"When the TLS certificate for a name ends; missing if there is none.", "name")
	descHeld   = gauge("watch_stalled", "1 if the silence check has not run for too long.")
	watchDescs = []*prometheus.Desc{descNews, descPeople, descPairs, descIncidents, descMessages, descFree, descReach,
		descContact, descBeat, descExpiry, descHeld}
)

// Describe implements prometheus.Collector.
func (c *watchCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range watchDescs {
		ch <- d
	}
}

// Collect implements prometheus.Collector. What cannot be read is missing,
// which an absent() rule detects.
func (c *watchCollector) Collect(ch chan<- prometheus.Metric) {
	if c.s.Watch == nil || c.s.site.Broken() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	now := time.Now()
	stalled := 0.0
	if c.s.Watch.Stalled(now) != nil {
		stalled = 1
	}
	put := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	put(descHeld, stalled)
	facts, found, err := c.s.Watch.Snapshot(ctx, now)
	if err != nil {
		c.s.log.Warn("look for metrics", "err", err)
		return
	}
	if facts.Inside.DiskWanted > 0 {
		put(descFree, float64(facts.Inside.DiskFree))
	}
	for _, cert := range facts.Inside.Certificates {
		if !cert.NotAfter.IsZero() {
			put(descExpiry, seconds(cert.NotAfter), cert.Name)
		}
	}
	c.states(put, facts, found)
	if err := c.counts(ctx, put); err != nil {
		c.s.log.Warn("count for metrics", "err", err)
	}
}

type putter func(d *prometheus.Desc, v float64, labels ...string)

func (c *watchCollector) states(put putter, facts *alert.Facts, found *alert.Findings) {
	people, pairs := map[string]float64{}, map[string]float64{}
	for state := alert.Waiting; state <= alert.AsItComes; state++ {
		people[state.String()], pairs[state.String()] = 0, 0
	}
	news := map[string]time.Time{}
	for i, p := range facts.People {
		people[found.People[i].State.String()]++
		for j, pair := range p.Types {
			pairs[found.People[i].Types[j].State.String()]++
			if key := facts.Types[pair.Type].Key; pair.News.After(news[key]) {
				news[key] = pair.News
			}
		}
	}
	for state, n := range people {
		put(descPeople, n, state)
	}
	for state, n := range pairs {
		put(descPairs, n, state)
	}
	for typ, at := range news {
		put(descNews, seconds(at), typ)
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func (c *watchCollector) counts(ctx context.Context, put putter) error {
	open, err := c.s.store.OpenIncidents(ctx)
	if err != nil {
		return err
	}
	byKind := map[alert.Kind]float64{}
	for _, e := range open {
		byKind[e.Kind]++
	}
	for _, kind := range alert.Kinds {
		put(descIncidents, byKind[kind], string(kind))
	}
	messages, err := c.s.store.CountMessages(ctx)
	if err != nil {
		return err
	}
	for _, m := range messages {
		put(descMessages, float64(m.N), m.Channel, m.State.String())
	}
	signs, err := c.s.store.Signals(ctx)
	if err != nil {
		return err
	}
	for name, d := range map[string]*prometheus.Desc{"contact": descContact, "heartbeat": descBeat} {
		if s, ok := signs[name]; ok && (name != "heartbeat" || s.Value == 1) {
			put(d, seconds(s.At))
		}
	}
	if s, ok := signs["probe"]; ok {
		put(descReach, float64(s.Value))
	}
	return nil
}

// buildInfo has the running version.
func buildInfo(version string) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "garner_build_info",
		Help:        "Always 1; the version is its label.",
		ConstLabels: prometheus.Labels{"version": version}}, func() float64 { return 1 })
}
