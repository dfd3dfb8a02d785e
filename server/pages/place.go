package pages

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"garner/db"
	"garner/garmin"
	"garner/health"
	"garner/ui"
)

// startCell is when a record began, on the watch's clock.
func startCell(rec *health.Record) ui.Value {
	if rec.Start == 0 {
		return ui.Value{}
	}
	t := time.Unix(rec.Start, 0).In(at(rec.Offset))
	return ui.Word(ui.Clock(t) + " " + ui.Zone(t))
}

// tableURL is the address of the page after a record.
func tableURL(person *db.Person, t *garmin.Type, v ui.DataTableView, last *health.Version, id int64) string {
	q := url.Values{"from": {v.From}, "to": {v.To}, "day": {last.Day.String()},
		"start": {strconv.FormatInt(last.Start, 10)},
		"id":    {strconv.FormatInt(id, 10)}, "key": {last.Key}}
	return "/p/" + person.Slug + "/data/" + t.Key + "?" + q.Encode()
}

// placeIn reads the place that tableURL wrote.
func placeIn(r *http.Request) (db.Cursor, error) {
	q := r.URL.Query()
	if q.Get("day") == "" {
		return db.Cursor{}, nil
	}
	day, err := health.ParseDay(q.Get("day"))
	if err != nil {
		return db.Cursor{}, badRequest("This address was cut; go back to the table.")
	}
	start, err1 := strconv.ParseInt(q.Get("start"), 10, 64)
	id, err2 := strconv.ParseInt(q.Get("id"), 10, 64)
	if err1 != nil || err2 != nil {
		return db.Cursor{}, badRequest("This address was cut; go back to the table.")
	}
	rec := &health.Record{ID: id}
	rec.Day, rec.Start, rec.Key = day, start, q.Get("key")
	return db.CursorOf(rec), nil
}
