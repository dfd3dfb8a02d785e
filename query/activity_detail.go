package query

import (
	"context"
	"errors"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// ActivityDetail is one activity with what was recorded of it.
type ActivityDetail struct {
	Activity
	ActivitySummary
	Recording
	// Parts are those of a multisport activity, in order of time; Whole is the
	// activity that this one is a part of, nil for none.
	Parts []Activity
	Whole *Activity
	// Versions are all that arrived of the activity and of its samples, newest first.
	Versions []ActivityVersion
	Origins  health.Origins
	// Home is the zone where the person lives; only ActivityDetail finds it.
	Home *time.Location
	// Zones are the heart rate zones; nil if they are not known, or there is no heart rate.
	Zones *Zones
}

// ActivityVersion is one version of an activity or of its samples.
type ActivityVersion struct {
	TypeRef
	db.VersionFacts
}

// ActivityDetail returns an activity of a person by Garmin's id; the viewer must be
// allowed to read the person's values. It is db.ErrNotFound if there is none.
func (q *Reader) ActivityDetail(ctx context.Context, person int64, id string) (*ActivityDetail, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	r := activityReader{q: q, ctx: ctx, person: person}
	if err := r.find(id); err != nil {
		return nil, err
	}
	for _, step := range []func() error{r.relatives, r.files, r.versions, r.zones, r.home} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return &r.out, nil
}

// ActivityRecording is what was recorded during an activity, without the rest of its
// detail.
func (q *Reader) ActivityRecording(ctx context.Context, person int64, id string) (*ActivityDetail, error) {
	if err := q.Viewer.readsOf(person); err != nil {
		return nil, err
	}
	r := activityReader{q: q, ctx: ctx, person: person}
	return &r.out, r.find(id)
}

// activityReader reads one activity.
type activityReader struct {
	q      *Reader
	ctx    context.Context
	person int64
	out    ActivityDetail

	// summary is the activity as it came, or as its samples say; recs are the records
	// that it was read from.
	summary unpacked
	recs    []*health.Record
}

// activityRecord is a record of an activity by Garmin's id, a simulated one if there is no
// other.
func (q *Reader) activityRecord(ctx context.Context, person int64, t *garmin.Type,
	id string) (rec *health.Record, err error) {
	for _, key := range health.NaturalKeys(id) {
		if rec, err = q.Store.RecordOf(ctx, person, t.Key, key); !errors.Is(err, db.ErrNotFound) {
			break
		}
	}
	return rec, err
}

// record reads a record of the activity; ok is false if there is none or it is
// damaged.
func (r *activityReader) record(t *garmin.Type, id string) (u unpacked, ok bool, err error) {
	rec, err := r.q.activityRecord(r.ctx, r.person, t, id)
	if errors.Is(err, db.ErrNotFound) || errors.Is(err, db.ErrDamaged) {
		return unpacked{}, false, nil
	}
	if err != nil {
		return unpacked{}, false, err
	}
	r.recs = append(r.recs, rec)
	r.out.Origins |= rec.AllOrigins()
	u, err = unpack(rec)
	return u, err == nil, err
}

// find reads the activity and its samples.
func (r *activityReader) find(id string) error {
	summary, found, err := r.record(garmin.Activities, id)
	if err != nil {
		return err
	}
	details, sampled, err := r.record(garmin.ActivityDetails, id)
	if err != nil {
		return err
	}
	if !found && sampled {
		v, _ := garmin.SummaryOf(details.v)
		summary, found = unpacked{details.Record, v}, true
	}
	if !found {
		return db.ErrNotFound
	}
	r.summary = summary
	r.out.Activity = activityOf(summary)
	r.out.ID = id // the summary within the samples may have another
	r.out.ActivitySummary = summaryOf(summary.v)
	if sampled {
		r.out.Recording = recordingOf(details)
		if r.out.Device == "" {
			r.out.Device = details.Device
		}
	}
	return nil
}

// relatives finds the parts of a multisport activity, or the whole of a part.
func (r *activityReader) relatives() error {
	day := r.out.Day
	parent := garmin.PartOf(r.summary.v)
	if !r.out.Parent && parent == "" {
		return nil
	}
	wholes := garmin.Wholes(partsOf([]unpacked{r.summary}))
	for u, err := range intact(r.q.Store.Each(r.ctx, r.person, garmin.Activities.Key, day-1, day+1)) {
		if err != nil {
			return err
		}
		switch {
		case u.NaturalKey() == r.out.ID:
		case wholes[garmin.PartOf(u.v)]:
			part := activityOf(u)
			part.Part = true
			r.out.Parts = append(r.out.Parts, part)
		case parent != "" && garmin.Wholes(partsOf([]unpacked{u}))[parent]:
			whole := activityOf(u)
			r.out.Whole, r.out.Part = &whole, true
		}
	}
	return nil
}

func (r *activityReader) files() error {
	files, err := r.q.Store.FilesOf(r.ctx, r.person, []string{r.out.ID})
	for _, f := range files {
		r.out.Files = append(r.out.Files, ActivityFile{f.ID, f.Kind, f.Fault})
	}
	return err
}

func (r *activityReader) home() (err error) {
	r.out.Home, err = r.q.homeZone(r.ctx, r.person)
	return err
}

// versions lists all that arrived, of the activity first.
func (r *activityReader) versions() error {
	facts, err := r.q.Store.VersionsOf(r.ctx, r.person, r.recs)
	if err != nil {
		return err
	}
	for i, list := range facts {
		t, _ := garmin.Lookup(r.recs[i].Type)
		for _, f := range list {
			r.out.Versions = append(r.out.Versions, ActivityVersion{TypeRef{t.Key, t.Title}, f})
		}
	}
	return nil
}

// ActivitySummary is what Garmin says of a whole activity. Numbers are 0 if unknown.
type ActivitySummary struct {
	// MetersPerSecond is the mean speed, TopSpeed the highest.
	MetersPerSecond, TopSpeed float64
	// TopBPM is the highest heart rate. Ascent and Descent are in metres.
	TopBPM, Ascent, Descent, Steps float64
	// GPS means that a place of the start came with it.
	GPS bool
	// Parent means that it has parts; Manual that it was entered or edited by hand.
	Parent, Manual bool
}

func summaryOf(v element.Value) ActivitySummary {
	s := ActivitySummary{MetersPerSecond: amount(v, "averageSpeedInMetersPerSecond"),
		TopSpeed: amount(v, "maxSpeedInMetersPerSecond"),
		TopBPM:   amount(v, "maxHeartRateInBeatsPerMinute"), Ascent: amount(v, "totalElevationGainInMeters"),
		Descent: amount(v, "totalElevationLossInMeters"), Steps: amount(v, "steps")}
	_, s.GPS = v.Get("startingLatitudeInDegree").Float()
	s.Parent, _ = v.Get("isParent").Bool()
	s.Manual, _ = v.Get("manual").Bool()
	return s
}
