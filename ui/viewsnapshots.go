package ui

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"garner/health"
	"garner/query"
	"garner/ui/chart"
)

// SnapshotsView lists the health snapshots of a person, the newest first.
type SnapshotsView struct {
	Person   PersonLink
	Units    Units
	Sentence string
	List     []query.Snapshot
	// Older is the address of the rest, empty if there are no more.
	Older string
	Empty *Empty
}

// NewSnapshots lists snapshots; next is the day up to which the rest are.
func NewSnapshots(person PersonLink, units Units, list []query.Snapshot, next *health.Day) SnapshotsView {
	v := SnapshotsView{Person: person, Units: units, List: list}
	if len(list) == 0 {
		v.Sentence = "No health snapshots of " + person.Name + " yet."
		v.Empty = &Empty{
			What: "A snapshot is two minutes of heart rate, HRV, blood oxygen, respiration and stress, measured sitting still.",
			Why:  "None came yet. A snapshot is only taken when " + person.Name + " starts one on the watch.",
			Next: &Link{"See what arrives", pairURL(person.Slug, "healthSnapshot")},
			When: "A minute or so after the watch has synced a snapshot."}
		return v
	}
	v.Sentence = "The newest health snapshot is from " + Date(list[0].Day) + "."
	if next != nil {
		v.Older = snapshotsURL(person.Slug) + "?" + url.Values{"to": {next.String()}}.Encode()
	}
	return v
}

// SnapshotView is one health snapshot.
type SnapshotView struct {
	Person PersonLink
	Units  Units
	query.Snapshot
	Sentence string
	Lanes    []SnapshotLane
	// Rows are the samples, a row for each time that has any.
	Rows []SnapshotRow
	CSV  []Link
}

// SnapshotLane is one quantity of a snapshot.
type SnapshotLane struct {
	Title string
	// Average is what it was over the two minutes.
	Average Value
	// Range is from the lowest to the highest, empty if unknown.
	Range string
	Chart chart.Lane
	// Note says why there is no drawing.
	Note string
}

// SnapshotRow is the samples of one instant, in the order of the lanes.
type SnapshotRow struct {
	After  time.Duration
	Values []Value
}

var snapshotTitles = map[string]string{"heart_rate": "Heart rate", "hrv": "HRV", "spo2": "Blood oxygen",
	"respiration": "Respiration", "stress": "Stress"}

// snapshotColors are the keys of lanes of the same measures on the Day page.
var snapshotColors = map[string]string{"heart_rate": "heart"}

// NewSnapshot shows a snapshot.
func NewSnapshot(person PersonLink, units Units, s *query.Snapshot) SnapshotView {
	v := SnapshotView{Person: person, Units: units, Snapshot: *s}
	v.Sentence = "A health snapshot of " + person.Name + "."
	if heart := s.Measures[0]; heart.Average.OK {
		v.Sentence = fmt.Sprintf("%s on average over %s.", units.Format(valueOf(heart.Metric, heart.Average.Value)),
			Duration(s.End.Sub(s.Start)))
	}
	for _, m := range s.Measures {
		v.Lanes = append(v.Lanes, snapshotLane(units, m))
	}
	v.rows()
	day := url.Values{"from": {s.Day.String()}, "to": {s.Day.String()}}
	export := personURL(person.Slug) + "/export/healthSnapshot?" + day.Encode()
	v.CSV = []Link{{"Summary as CSV", export}}
	for _, m := range s.Measures {
		if len(m.Points) > 0 {
			v.CSV = append(v.CSV, Link{snapshotTitles[m.Kind] + " as CSV", export + "&series=" + m.Kind})
		}
	}
	return v
}

func snapshotLane(units Units, m query.SnapshotMeasure) SnapshotLane {
	key := m.Kind
	if of, ok := snapshotColors[m.Kind]; ok {
		key = of
	}
	write := func(x float64) string { return units.Format(valueOf(m.Metric, x)) }
	l := SnapshotLane{Title: snapshotTitles[m.Kind], Chart: chart.Lane{Key: key, Kind: chart.Line,
		Title: snapshotTitles[m.Kind], Format: func(x float64) string { return units.Number(valueOf(m.Metric, x)) },
		Series: chart.Series{Name: m.Kind, Unit: units.Header(m.Metric.Unit), Cadence: m.Cadence, Points: m.Points,
			OffBody: m.Off}}}
	if m.Average.OK {
		l.Average = valueOf(m.Metric, m.Average.Value)
	}
	if m.Low.OK && m.High.OK {
		l.Range = write(m.Low.Value) + " to " + write(m.High.Value)
	}
	l.Chart.Sentence = l.Range
	switch {
	case len(m.Points) > 0:
	case m.Kind == "hrv" && m.Average.OK:
		l.Note = "Garmin sends the average of HRV, no samples."
	case m.Average.OK:
		l.Note = "Only the average came."
	}
	return l
}

// rows puts the samples of all quantities beside each other.
func (v *SnapshotView) rows() {
	at := map[int64][]Value{}
	for i, m := range v.Measures {
		for _, p := range m.Points {
			if at[p.T] == nil {
				at[p.T] = make([]Value, len(v.Measures))
			}
			at[p.T][i] = valueOf(m.Metric, p.V)
		}
	}
	for t, values := range at {
		v.Rows = append(v.Rows, SnapshotRow{time.Duration(t-v.Start.UnixMilli()) * time.Millisecond, values})
	}
	slices.SortFunc(v.Rows, func(a, b SnapshotRow) int { return int(a.After - b.After) })
}

// ribbon is the two minutes that all lanes share.
func (v SnapshotView) ribbon() chart.Ribbon {
	_, offset := v.Start.Zone()
	return chart.Ribbon{Title: Date(v.Day) + " of " + v.Person.Name, From: v.Start.UnixMilli(), To: v.End.UnixMilli(),
		Offset: int32(offset)}
}

// averages are the values of a snapshot in a line.
func (v SnapshotsView) averages(s query.Snapshot) (out []string) {
	for _, m := range s.Measures {
		if m.Average.OK {
			out = append(out, snapshotTitles[m.Kind]+" "+v.Units.Format(valueOf(m.Metric, m.Average.Value)))
		}
	}
	return out
}

func snapshotsURL(slug string) string { return personURL(slug) + "/snapshots" }

func snapshotURL(slug string, id query.SnapshotID) string {
	return snapshotsURL(slug) + "/" + strconv.FormatInt(int64(id), 10)
}

// devices are those of the list.
func (v SnapshotsView) devices() []string { return devicesOf(v.List...) }

// devicesOf are the devices of some snapshots, each once.
func devicesOf(list ...query.Snapshot) (out []string) {
	for i := range list {
		if name := list[i].Device; name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
