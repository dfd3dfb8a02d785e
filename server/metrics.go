package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"garner/db"
	"garner/server/peer"
)

// DrainStats is what the server shows of the drain.
type DrainStats interface {
	// Drained counts deliveries applied and elements parked since the start.
	Drained() (deliveries, parked int64)
}

type metrics struct {
	registry  *prometheus.Registry
	callbacks *prometheus.CounterVec
	personal  *prometheus.CounterVec
	kept      prometheus.Counter // of callbacks, those answered 200
	bytes     prometheus.Counter
	seconds   prometheus.Histogram
}

func newMetrics(s *Server, drain DrainStats) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		callbacks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "garner_callbacks_total", Help: "Callbacks received, by response status."},
			[]string{"status"}),
		personal: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "garner_personal_calls_total", Help: "Calls of the Personal API, by response status; 0 if none came."},
			[]string{"status"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "garner_callback_bytes_total", Help: "Bytes of stored callbacks."}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "garner_callback_duration_seconds",
			Help:    "Time from the first byte of a callback to the response after it is durable.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}),
	}
	m.kept = m.callbacks.WithLabelValues(strconv.Itoa(http.StatusOK))
	m.registry.MustRegister(m.callbacks, m.personal, m.bytes, m.seconds,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&storeCollector{s}, &watchCollector{s}, buildInfo(s.Version))
	if drain != nil {
		m.registry.MustRegister(
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "garner_deliveries_applied_total",
				Help: "Deliveries applied since the start."},
				func() float64 { n, _ := drain.Drained(); return float64(n) }),
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "garner_elements_parked_total",
				Help: "Elements parked since the start."},
				func() float64 { _, n := drain.Drained(); return float64(n) }))
	}
	return m
}

// CountPersonal counts a call of the Personal API by its HTTP status, 0 if no response came.
func (s *Server) CountPersonal(status int) {
	s.metrics.personal.WithLabelValues(strconv.Itoa(status)).Inc()
}

func (m *metrics) received(status int, size int64, took time.Duration) {
	if status == http.StatusOK {
		m.kept.Inc()
		m.bytes.Add(float64(size))
	} else {
		m.callbacks.WithLabelValues(strconv.Itoa(status)).Inc()
	}
	m.seconds.Observe(took.Seconds())
}

// storeCollector reads the inbox's states when metrics are collected.
type storeCollector struct{ s *Server }

var (
	descFile = prometheus.NewDesc("garner_database_bytes", "Size of a database.", []string{"file"}, nil)
	descLog  = prometheus.NewDesc("garner_database_log_bytes", "Size of the log of a database.", []string{"file"}, nil)

	descInbox = prometheus.NewDesc("garner_inbox_deliveries", "Deliveries by state.", []string{"state"}, nil)
	descSize  = prometheus.NewDesc("garner_inbox_waiting_bytes", "Bytes of waiting deliveries.", nil, nil)
	descFetch = prometheus.NewDesc("garner_fetches", "Addresses that pings announced, by state.", []string{"state"}, nil)
	descAge   = prometheus.NewDesc("garner_inbox_oldest_timestamp_seconds",
		"When the oldest waiting delivery arrived; missing if none waits.", nil, nil)
)

// fetchStates are the names of db.FetchState.
var fetchStates = [...]string{db.FetchWaiting: "waiting", db.FetchDone: "done", db.FetchLost: "lost",
	db.FetchFailed: "failed"}

// Describe implements prometheus.Collector.
func (c *storeCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- descFile
	ch <- descLog
	ch <- descInbox
	ch <- descSize
	ch <- descAge
	ch <- descFetch
}

// Collect implements prometheus.Collector. If the store cannot be read, the
// gauges are missing, which an absent() rule detects.
func (c *storeCollector) Collect(ch chan<- prometheus.Metric) {
	files, err := c.s.site.FileSizes()
	if err != nil {
		c.s.log.Warn("sizes of the databases for metrics", "err", err)
	}
	for _, f := range files {
		ch <- prometheus.MustNewConstMetric(descFile, prometheus.GaugeValue, float64(f.Bytes), f.Name)
		ch <- prometheus.MustNewConstMetric(descLog, prometheus.GaugeValue, float64(f.Log), f.Name)
	}
	if c.s.site.Broken() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	counts, err := c.s.store.Counts(ctx, c.s.inbox.InboxReader, time.Now())
	if err != nil {
		c.s.log.Warn("count deliveries for metrics", "err", err)
		return
	}
	for state, n := range map[string]int64{"waiting": counts.Waiting, "fetching": counts.Fetching, "done": counts.Done,
		"parked": counts.Parked, "quarantined": counts.Quarantined, "orphaned": counts.Orphaned} {
		ch <- prometheus.MustNewConstMetric(descInbox, prometheus.GaugeValue, float64(n), state)
	}
	ch <- prometheus.MustNewConstMetric(descSize, prometheus.GaugeValue, float64(counts.Size))
	fetches, err := c.s.store.FetchCounts(ctx)
	if err != nil {
		c.s.log.Warn("count fetches for metrics", "err", err)
		return
	}
	for state, n := range fetches {
		ch <- prometheus.MustNewConstMetric(descFetch, prometheus.GaugeValue, float64(n), fetchStates[state])
	}
	if counts.OldestWaiting > 0 || counts.Waiting > 0 {
		ch <- prometheus.MustNewConstMetric(descAge, prometheus.GaugeValue, float64(time.Now().Unix()-counts.OldestWaiting))
	}
}

// serveMetrics is for this machine, and for tokens with that scope.
func (s *Server) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if !peer.Of(r.Context()).Loopback() && s.api.Collects(r) != nil {
		s.site.NotFound(w, r)
		return
	}
	promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{ErrorLog: nil}).ServeHTTP(w, r)
}

// healthz reports that the process responds and the watch runs: if not, a restart
// helps.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if s.Watch != nil {
		if err := s.Watch.Stalled(time.Now()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintf(w, "the silence check is not running: %v\n", err)
			return
		}
	}
	w.Write([]byte("ok\n")) //nolint:errcheck // the client went away
}

// readyz reports whether a delivery could be made durable now.
func (s *Server) readyz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := s.inbox.Ready(); err != nil {
		s.log.Warn("not ready", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte("deliveries cannot be made durable\n")) //nolint:errcheck // the client went away
		return
	}
	w.Write([]byte("ready\n")) //nolint:errcheck // the client went away
}
