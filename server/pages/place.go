package pages

import (
	"net/http"
	"net/url"
	"strconv"

	"garner/db"
	"garner/health"
	"garner/ui"
)

// tableURL is the URL of the page that begins at a cursor.
func tableURL(v ui.DataTableView, next *db.Cursor) string {
	q := url.Values{"from": {v.From}, "to": {v.To}, "day": {next.Day.String()},
		"start": {strconv.FormatInt(next.Start, 10)}, "id": {strconv.FormatInt(next.ID, 10)}, "key": {next.Key}}
	return "/p/" + v.Person.Slug + "/data/" + v.Key + "?" + q.Encode()
}

// placeIn reads the cursor that tableURL wrote.
func placeIn(r *http.Request) (db.Cursor, error) {
	q := r.URL.Query()
	if q.Get("day") == "" {
		return db.Cursor{}, nil
	}
	day, err := health.ParseDay(q.Get("day"))
	if err != nil {
		return db.Cursor{}, badRequest("This address is incomplete. Go back to the table.")
	}
	start, err1 := strconv.ParseInt(q.Get("start"), 10, 64)
	id, err2 := strconv.ParseInt(q.Get("id"), 10, 64)
	if err1 != nil || err2 != nil {
		return db.Cursor{}, badRequest("This address is incomplete. Go back to the table.")
	}
	rec := &health.Record{ID: id}
	rec.Day, rec.Start, rec.Key = day, start, q.Get("key")
	return db.CursorOf(rec), nil
}
