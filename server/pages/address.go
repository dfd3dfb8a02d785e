package pages

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gorilla/mux"

	"garner/db"
	"garner/export"
	"garner/health"
	"garner/ui"
)

// What addresses hold, read and written. Where a list has no page of that number
// it shows its first.

// number is one in the address, 0 if there is none.
func number(q url.Values, name string) int {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil {
		return 0
	}
	return n
}

// before is the id below which a list begins, 0 for the newest.
func before(q url.Values) int64 {
	id, err := strconv.ParseInt(q.Get("before"), 10, 64)
	if err != nil {
		return 0
	}
	return max(id, 0)
}

// pathID is the id in the path of an address, or -1, which nothing has, where it
// has more digits than an id.
func pathID(r *http.Request) int64 {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return -1
	}
	return id
}

// within is a number in the address, 0 if there is none; db.ErrNotFound for
// what is no number or lies outside.
func within(r *http.Request, name string, lowest, highest int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lowest || n > highest {
		return 0, db.ErrNotFound
	}
	return n, nil
}

// span reads a range of dates, open where empty.
func span(from, to string) (first, last health.Day, err error) {
	first, last = export.OpenFrom, export.OpenTo
	if from != "" {
		if first, err = health.ParseDay(from); err != nil {
			return 0, 0, badRequest("From: " + err.Error())
		}
	}
	if to != "" {
		if last, err = health.ParseDay(to); err != nil {
			return 0, 0, badRequest("To: " + err.Error())
		}
	}
	if first > last {
		return 0, 0, badRequest("The range ends before it begins.")
	}
	return first, last, nil
}

// noDate says what is wrong with a date in an address.
const noDate = "That is no date such as 2026-11-23."

// dateOf is the date in the path of an address.
func dateOf(r *http.Request) (health.Day, error) {
	date, err := health.ParseDay(mux.Vars(r)["date"])
	if err != nil {
		return 0, &statusError{http.StatusNotFound, noDate}
	}
	return date, nil
}

// dateOr is the date of a parameter in the address, or else another.
func dateOr(r *http.Request, name string, other func() (health.Day, error)) (health.Day, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return other()
	}
	day, err := health.ParseDay(text)
	if err != nil {
		return 0, badRequest(noDate)
	}
	return day, nil
}

// around returns the addresses of the pages before and after the one that begins
// at from, empty if there is none.
func around(path string, q url.Values, from, rows, all int) (prev, next string) {
	if from > 0 {
		prev = other(path, q, "from", max(from-rows, 0))
	}
	if from+rows < all {
		next = other(path, q, "from", from+rows)
	}
	return prev, next
}

// other is the address of a list that goes on elsewhere.
func other(path string, q url.Values, name string, from int) string {
	to := maps.Clone(q)
	to.Set(name, strconv.Itoa(from))
	return path + "?" + to.Encode()
}

// tableURL is the address of the page whose newest day is until.
func tableURL(v ui.DataTableView, until health.Day) string {
	q := url.Values{"from": {v.From}, "to": {v.To}, "until": {until.String()}}
	if v.All {
		q.Set("columns", "all")
	}
	return "/p/" + v.Person.Slug + "/data/" + v.Key + "?" + q.Encode()
}

// untilIn reads the day that tableURL wrote; 0 for none.
func untilIn(r *http.Request) (health.Day, error) {
	until := r.URL.Query().Get("until")
	if until == "" {
		return 0, nil
	}
	day, err := health.ParseDay(until)
	if err != nil {
		return 0, badRequest("This address is incomplete. Go back to the table.")
	}
	return day, nil
}
