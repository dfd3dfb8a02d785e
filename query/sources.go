package query

import (
	"context"
	"iter"

	"garner/garmin"
	"garner/garmin/element"
	"garner/health"
)

// bySource yields, instead of a record that shows parts of several sources, one record
// for the current version of each source, the first source first.
func (q *Reader) bySource(
	ctx context.Context,
	records iter.Seq2[*health.Record, error],
) iter.Seq2[*health.Record, error] {
	return func(yield func(*health.Record, error) bool) {
		for rec, err := range records {
			list := []*health.Record{rec}
			if err == nil && rec.Others != 0 {
				list, err = q.sourcesOf(ctx, rec)
			}
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			for _, one := range list {
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// sourcesOf are the current versions of a record's sources. If one of their bodies can no
// longer be read, it is the record as it is shown.
func (q *Reader) sourcesOf(ctx context.Context, rec *health.Record) ([]*health.Record, error) {
	kept, err := q.Store.KeptVersions(ctx, rec)
	if err != nil {
		return nil, err
	}
	typ, known := garmin.Lookup(rec.Type)
	if !known || len(kept) < 2 || kept[0].Sum != rec.Sum {
		return []*health.Record{rec}, nil
	}
	var out []*health.Record
	of := map[health.Source][]*health.Version{}
	for _, v := range kept {
		if len(of[v.Order.Source]) == 0 {
			out = append(out, v)
		}
		of[v.Order.Source] = append(of[v.Order.Source], &v.Version)
	}
	blend := typ.Kind().Blend
	for _, v := range out {
		top, _ := blend(of[v.Order.Source])
		v.Body, v.Blended = top.Body, top.Blended
		if err := fromBody(typ, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fromBody sets what only the body of a version tells.
func fromBody(t *garmin.Type, v *health.Record) error {
	body, err := element.Unpack(v.Body)
	if err != nil {
		return err
	}
	d := t.DecodeUploaded(body, v.Order.UploadEnd)
	v.Day, v.Offset, v.Device = d.Day, d.Offset, d.Device
	return nil
}
