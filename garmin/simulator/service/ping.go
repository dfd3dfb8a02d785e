package service

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"

	"garner/garmin/simulator"
)

// How long what a ping announces can be fetched: Health API, Ping; Activity
// API, Activity files.
const (
	uploadLife = 7 * day
	fileLife   = day
)

// maxUpload is the longest range of upload times of one pull.
const maxUpload = day

// upload is what a ping announces of one person.
type upload struct {
	person  int
	key     string
	records []json.RawMessage
	window  span
	expires time.Time
}

// file is the file of an activity that a ping announces.
type file struct {
	person   int
	activity int64
	format   string
	expires  time.Time
	fetched  bool
}

// ping keeps the elements of a delivery to be pulled, and announces them: one
// item for each person.
func (s *Service) ping(t *summaryType, d simulator.Delivery, kept []element) simulator.Delivery {
	s.forget()
	var order []int
	records := map[int][]json.RawMessage{}
	for _, e := range kept {
		if records[e.person] == nil {
			order = append(order, e.person)
		}
		records[e.person] = append(records[e.person], e.raw)
	}
	at := d.At.Truncate(time.Second) // as the address has it
	window := span{at.Add(-time.Minute), at}
	var items []element
	for _, person := range order {
		token := rand.Text()
		s.uploads[token] = upload{person, t.key, records[person], window, s.cfg.Now().Add(uploadLife)}
		address := fmt.Sprintf("%s%s%s?uploadStartTimeInSeconds=%d&uploadEndTimeInSeconds=%d&token=%s",
			s.origin(d), apiPath, t.pull, window.from.Unix(), window.to.Unix(), token)
		items = append(items, element{person, mustJSON(map[string]string{
			"userId": s.people[person].UserID, "callbackURL": address})})
	}
	return s.withElements(d, items)
}

// pingFiles announces files at addresses of this service.
func (s *Service) pingFiles(d simulator.Delivery, kept []element) simulator.Delivery {
	s.forget()
	var items []element
	for _, e := range kept {
		var about struct {
			Activity int64  `json:"activityId"`
			Format   string `json:"fileType"`
		}
		mustParse(e.raw, &about)
		token := rand.Text()
		s.files[token] = file{person: e.person, activity: about.Activity, format: about.Format,
			expires: s.cfg.Now().Add(fileLife)}
		fields := map[string]json.RawMessage{}
		mustParse(e.raw, &fields)
		fields["callbackURL"] = mustJSON(fmt.Sprintf("%s%sactivityFile?id=%d&token=%s",
			s.origin(d), apiPath, about.Activity, token))
		items = append(items, element{e.person, mustJSON(fields)})
	}
	return s.withElements(d, items)
}

// forget drops what can no longer be pulled. Files stay known for another
// while, to be answered 410.
func (s *Service) forget() {
	now := s.cfg.Now()
	maps.DeleteFunc(s.uploads, func(_ string, u upload) bool { return !now.Before(u.expires) })
	maps.DeleteFunc(s.files, func(_ string, f file) bool { return !now.Before(f.expires.Add(uploadLife)) })
}

// pull answers the address of a ping with its records, a bare array. See
// Health API, Ping.
func (s *Service) pull(a *answer, r *http.Request, g *grant) {
	t, ok := find(func(t *summaryType) bool { return t.pull == r.PathValue("path") })
	if !ok {
		a.fail(http.StatusNotFound, "no such summary type")
		return
	}
	window, ok := parseSpan(r, "uploadStartTimeInSeconds", "uploadEndTimeInSeconds")
	if !ok || window.to.Sub(window.from) > maxUpload {
		a.fail(http.StatusBadRequest,
			"uploadStartTimeInSeconds and uploadEndTimeInSeconds must form a range of at most 86400 seconds")
		return
	}
	u, ok := s.uploads[r.URL.Query().Get("token")]
	if !ok || u.person != g.person || u.key != t.key || !s.cfg.Now().Before(u.expires) ||
		!window.from.Equal(u.window.from) || !window.to.Equal(u.window.to) {
		a.fail(http.StatusBadRequest, "InvalidPullTokenException: the token is missing, expired or for another request")
		return
	}
	a.json(http.StatusOK, u.records)
}

// activityFile answers the address of a file: once, and within a day. See
// Activity API, Activity files.
func (s *Service) activityFile(a *answer, r *http.Request, g *grant) {
	query := r.URL.Query()
	token := query.Get("token")
	f, ok := s.files[token]
	if !ok || f.person != g.person || query.Get("id") != fmt.Sprint(f.activity) {
		a.fail(http.StatusBadRequest, "InvalidPullTokenException: the token is missing or for another file")
		return
	}
	if f.fetched || !s.cfg.Now().Before(f.expires) {
		a.fail(http.StatusGone, "The file has been downloaded, or the address has expired")
		return
	}
	content, err := s.cfg.Files(f.person, f.activity, f.format)
	if err != nil {
		a.fail(http.StatusInternalServerError, "%v", err)
		return
	}
	f.fetched = true
	s.files[token] = f
	a.header.Set("Content-Type", "application/octet-stream")
	a.body.Write(content)
}
