package db

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"

	"garner/health"
)

// recordRow is a record's row without its body.
type recordRow struct {
	id                 int64
	key                string
	day                health.Day
	sum                []byte
	order              health.Order
	versions           int
	spanStart, spanEnd int64
}

// record puts a version of a type with rows into its record: it finds the
// record or, for nights, all records that the version overlaps, makes them
// one, adds the version's facts, and makes the greatest version current.
func (a *applier) record(v *health.Version, k kind, received int64) error {
	found, err := a.find(v, k)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return a.first(v, k, received)
	}
	into, err := a.join(v, k, found)
	if err != nil {
		return err
	}
	received, changed, err := a.addFacts(into, v, received)
	if err != nil {
		return err
	}
	return a.settle(v, k, into, received, changed)
}

func span(v *health.Version) (from, to int64) { return v.Start, max(v.End, v.Start+1) }

const standingColumns = `id, key, day, sum, class, source, reach_s, upload_end_s, delivery_id, element, versions,
	coalesce(span_start_s, 0), coalesce(span_end_s, 0)`

// greatness are the columns by which versions are ordered, as health.Order.Compare does.
const greatness = `min(class, 1), -source, class, reach_s, upload_end_s, delivery_id, element`

func scanStanding(rows *sql.Rows) (s recordRow, err error) {
	return s, rows.Scan(&s.id, &s.key, &s.day, &s.sum, &s.order.Class, &s.order.Source, &s.order.Reach, &s.order.UploadEnd,
		&s.order.Arrival.Delivery, &s.order.Arrival.Element,
		&s.versions, &s.spanStart, &s.spanEnd)
}

func (a *applier) find(v *health.Version, k kind) ([]recordRow, error) {
	if !k.Overlap {
		rows, err := a.t.query(`select `+standingColumns+` from record where person_id = ? and type_id = ? and key = ?`,
			v.Person,
			k.id, v.Key)
		if err != nil {
			return nil, err
		}
		return collect(rows, scanStanding)
	}
	from, to := span(v)
	return a.overlapping(v, k, from, to)
}

const (
	// maxJoin is how many versions one version may move from one record to
	// another in one transaction, so that it stays short.
	maxJoin = 4000
	// maxDay is how many records of one type a person's day may have. What is
	// derived from a day reads all of them, again with each that is added.
	maxDay = 1000
)

// family is 1 for simulated records and 0 for real ones. A group of overlapping
// versions is of one family.
const family = `(origin = 4)` // health.Simulated

// overlapping returns the records of the version's family whose groups of
// versions overlap a span.
func (a *applier) overlapping(v *health.Version, k kind, from, to int64) ([]recordRow, error) {
	// Groups do not overlap each other, so going down by start ends at the
	// first group that ends before the span begins.
	rows, err := a.t.query(`select `+standingColumns+` from record
		where person_id = ? and type_id = ? and span_start_s < ? and `+family+` = ? order by span_start_s desc`,
		v.Person, k.id, to, v.Simulated())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []recordRow
	most, all := 0, 0
	for rows.Next() {
		s, err := scanStanding(rows)
		if err != nil {
			return nil, err
		}
		if s.spanEnd <= from {
			break
		}
		out = append(out, s)
		most, all = max(most, s.versions), all+s.versions
		if a.bounded && all-most > maxJoin {
			return nil, &refusedError{fmt.Sprintf("would make one of more than %d others", maxJoin)}
		}
	}
	return out, rows.Err()
}

// first makes a record of one version.
func (a *applier) first(v *health.Version, k kind, received int64) error {
	if err := a.roomInDay(v, k); err != nil {
		return err
	}
	var from, to *int64
	if k.Overlap {
		f, t := span(v)
		from, to = &f, &t
	}
	body := a.pack(v.Body)
	res, err := a.t.result(`insert into record (person_id, type_id, key, day, start_s, end_s, offset_s, class, reach_s,
		upload_end_s, delivery_id, element,
		sum, summary_id, device, origin, received_ms, processed_ms, versions, span_start_s, span_end_s, body, crc, blended,
		source, others)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)`,
		v.Person, k.id, v.Key, int64(v.Day), v.Start, v.End, v.Offset, int(v.Order.Class), v.Order.Reach, v.Order.UploadEnd,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, v.Sum[:], v.SummaryID, v.Device, int(v.Origin), received, a.nowMS,
		from, to, body,
		checksum(v, received, body), v.Blended, int(v.Order.Source), int(v.Others))
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	if err := a.insertFacts(id, v, received); err != nil {
		return err
	}
	a.touch(v.Person, k, v.Day)
	return a.putReadings(v, k, id)
}

// roomInDay refuses a record over the limit of a day.
func (a *applier) roomInDay(v *health.Version, k kind) error {
	key := coverKey{v.Person, v.Type, v.Day}
	if a.added[key]++; !a.bounded {
		return nil
	}
	var n int
	err := a.t.row(`select records from coverage where person_id = ? and type_id = ? and day = ?`,
		[]any{v.Person, k.id, int64(v.Day)}, &n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if n+a.added[key] > maxDay {
		return &refusedError{fmt.Sprintf("its day has more than %d records of this type", maxDay)}
	}
	return nil
}

func (a *applier) pack(body []byte) []byte { return a.s.enc.EncodeAll(body, nil) }

// join joins several records. The one with most versions remains, so that
// joining many costs little, and gets the greatest of their current versions.
func (a *applier) join(v *health.Version, k kind, list []recordRow) (*recordRow, error) {
	person := v.Person
	most, top := &list[0], &list[0]
	for i := range list {
		s := &list[i]
		if s.versions > most.versions {
			most = s
		}
		if s.order.Compare(top.order) > 0 {
			top = s
		}
	}
	out := *most
	out.versions = 0
	for i := range list {
		s := &list[i]
		out.versions += s.versions
		out.spanStart, out.spanEnd = min(out.spanStart, s.spanStart), max(out.spanEnd, s.spanEnd)
		if len(list) > 1 {
			a.touch(person, k, s.day)
		}
	}
	if len(list) > 1 && k.Blend != nil {
		if err := a.keepAll(list); err != nil {
			return nil, err
		}
	}
	if top != most {
		if err := a.moveStanding(person, k, top, most); err != nil {
			return nil, err
		}
		out.day, out.sum, out.order = top.day, top.sum, top.order
	}
	if len(list) > 1 {
		if err := a.absorb(v, k, most.id, list); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

// moveStanding moves the current version of another record, which is about to
// be deleted, to this one.
func (a *applier) moveStanding(person int64, k kind, from, to *recordRow) error {
	if err := a.dropReadings(person, k, to.day, to.id); err != nil {
		return err
	}
	// Keys must be unique while both exist.
	if err := a.t.exec(`update record set key = 'gone ' || id where id = ?`, from.id); err != nil {
		return err
	}
	if err := a.t.exec(`update record
		set (key, day, start_s, end_s, offset_s, class, reach_s, upload_end_s, delivery_id, element, sum, summary_id,
		device, origin, received_ms, processed_ms, body, crc, blended, source, others) =
		(select ?1, day, start_s, end_s, offset_s, class, reach_s, upload_end_s, delivery_id, element, sum, summary_id,
		device, origin, received_ms, processed_ms, body, crc, blended, source, others from record where id = ?2)
		where id = ?3`,
		from.key, from.id, to.id); err != nil {
		return err
	}
	return a.t.exec(`update reading set record_id = ? where person_id = ? and type_id = ? and day = ? and record_id = ?`,
		to.id, person, k.id, int64(from.day), from.id)
}

// absorb moves the facts of records to one of them and deletes the others. They
// are neighbours, so however many there are, it takes a few statements. The
// same content cannot be in two of them: its span would have joined them.
func (a *applier) absorb(v *health.Version, k kind, into int64, list []recordRow) error {
	first, last := list[len(list)-1].spanStart, list[0].spanStart // they come by falling start
	const others = `(select id from record where person_id = ?2 and type_id = ?3 and span_start_s between ?4 and ?5
		and id <> ?1 and ` + family + ` = ?6)`
	args := []any{into, v.Person, k.id, first, last, v.Simulated()}
	from, to := list[0].day, list[0].day
	for i := range list {
		from, to = min(from, list[i].day), max(to, list[i].day)
	}
	const both = `(select id from record where person_id = ?2 and type_id = ?3 and span_start_s between ?4 and ?5
		and ` + family + ` = ?6)`
	if err := a.keepFew(both, args); err != nil {
		return err
	}
	for _, table := range []string{"version", "kept"} {
		if err := a.t.exec(`update `+table+` set record_id = ?1 where record_id in `+others, args...); err != nil {
			return err
		}
	}
	if err := a.t.exec(`delete from reading
		where person_id = ?2 and type_id = ?3 and day between ?7 and ?8 and record_id in `+others,
		append(args, int64(from), int64(to))...); err != nil {
		return err
	}
	return a.t.exec(`delete from record where id in `+others, args...)
}

func (a *applier) dropReadings(person int64, k kind, day health.Day, record int64) error {
	return a.t.exec(`delete from reading where person_id = ? and type_id = ? and day = ? and record_id = ?`, person, k.id,
		int64(day), record)
}

// addFacts records the version among its record's. A repeat keeps the facts of
// its first arrival and receives them; changed reports whether anything is new.
func (a *applier) addFacts(s *recordRow, v *health.Version, received int64) (first int64, changed bool, err error) {
	var known health.Arrival
	var upload int64
	var weighed bool
	err = a.t.row(`select delivery_id, element, received_ms, upload_end_s, weighed from version
		where record_id = ? and sum = ?`, []any{s.id, v.Sum[:]}, &known.Delivery, &known.Element, &first, &upload, &weighed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		s.versions++
		return received, true, a.insertFacts(s.id, v, received)
	case err != nil:
		return 0, false, err
	case v.Order.Arrival.Compare(known) >= 0:
		v.Order.Arrival, v.Order.UploadEnd = known, upload
		if weighed {
			return first, false, nil
		}
		return first, true, a.t.exec(`update version set weighed = 1 where record_id = ? and sum = ?`, s.id, v.Sum[:])
	}
	err = a.t.exec(`update version set delivery_id = ?, element = ?, received_ms = ?, upload_end_s = ?,
		weighed = 1 where record_id = ? and sum = ?`,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, received, v.Order.UploadEnd, s.id, v.Sum[:])
	if err == nil && !bytes.Equal(s.sum, v.Sum[:]) { // else settle asks for all that are greater
		err = a.askForDropped(s.id, v)
	}
	return received, true, err
}

func (a *applier) insertFacts(record int64, v *health.Version, received int64) error {
	return a.t.exec(`insert into version (record_id, sum, class, reach_s, upload_end_s, delivery_id, element, start_s,
		end_s, received_ms, summary_id, weighed, source) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
		record, v.Sum[:], int(v.Order.Class), v.Order.Reach, v.Order.UploadEnd,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, v.Start, v.End, received, v.SummaryID, int(v.Order.Source))
}

// settle makes the greatest of a record's versions current. All that it needs is
// in the record's row, however many versions there are, except if a repeat
// showed that the current one came earlier than assumed, and for denser
// samples of others.
func (a *applier) settle(v *health.Version, k kind, s *recordRow, received int64, changed bool) error {
	mine := bytes.Equal(s.sum, v.Sum[:])
	wins := mine && changed || !mine && v.Order.Compare(s.order) > 0
	show := shown{v, received}
	if k.Blend != nil && (wins || changed) {
		var err error
		if show, err = a.blend(v, k, s, received, wins); err != nil {
			return err
		}
	}
	if wins || k.Blend != nil && changed && show.Version != nil {
		if err := a.stand(show.Version, k, s, show.received); err != nil {
			return err
		}
	}
	if mine && changed {
		if err := a.askForGreater(s.id); err != nil {
			return err
		}
	}
	return a.keepSpan(v, k, s)
}

// stand makes v the record's current version.
func (a *applier) stand(v *health.Version, k kind, s *recordRow, received int64) error {
	body := a.pack(v.Body)
	if err := a.t.exec(`update record
		set key = ?, day = ?, start_s = ?, end_s = ?, offset_s = ?, class = ?, reach_s = ?, upload_end_s = ?,
		delivery_id = ?, element = ?, sum = ?, summary_id = ?, device = ?, origin = ?, received_ms = ?, processed_ms = ?,
		body = ?, crc = ?, blended = ?, source = ?, others = ? where id = ?`,
		v.Key, int64(v.Day), v.Start, v.End, v.Offset, int(v.Order.Class), v.Order.Reach, v.Order.UploadEnd,
		v.Order.Arrival.Delivery, v.Order.Arrival.Element, v.Sum[:], v.SummaryID, v.Device, int(v.Origin), received, a.nowMS,
		body, checksum(v, received, body), v.Blended, int(v.Order.Source), int(v.Others), s.id); err != nil {
		return err
	}
	if s.day != v.Day {
		if err := a.dropReadings(v.Person, k, s.day, s.id); err != nil {
			return err
		}
		a.touch(v.Person, k, s.day)
	}
	a.touch(v.Person, k, v.Day)
	return a.putReadings(v, k, s.id)
}

func (a *applier) keepSpan(v *health.Version, k kind, s *recordRow) error {
	if !k.Overlap {
		return a.t.exec(`update record set versions = ? where id = ?`, s.versions, s.id)
	}
	from, to := span(v)
	return a.t.exec(`update record set versions = ?, span_start_s = ?, span_end_s = ? where id = ?`,
		s.versions, min(s.spanStart, from), max(s.spanEnd, to), s.id)
}
