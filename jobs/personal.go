package jobs

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"garner/db"
	"garner/garmin"
	"garner/garmin/element"
	"garner/garmin/personal"
)

// mostAnswer is how long an answer of the Personal API may be: as long as the longest that
// is ever fetched.
const mostAnswer = 16 << 20

// unreadableAnswer is why an answer of the Personal API becomes no records.
type unreadableAnswer struct{ error }

// answer takes an answer of the Personal API: the elements that it becomes.
func (p *processing) answer(delivery io.Reader) error {
	from := &stored{r: delivery}
	head, body, err := personal.Split(from)
	switch {
	case from.err != nil:
		return from.err
	case err != nil:
		return unreadableAnswer{err}
	}
	if p.endpoint = personal.Lookup(head.Endpoint); p.endpoint == nil {
		return unreadableAnswer{personal.ErrUnknownEndpoint}
	}
	raw, err := io.ReadAll(io.LimitReader(body, mostAnswer+1))
	switch {
	case err != nil:
		return err
	case len(raw) > mostAnswer:
		return unreadableAnswer{fmt.Errorf("is longer than %d MiB", mostAnswer>>20)}
	}
	read, err := personal.Read(head, raw)
	if err != nil {
		return unreadableAnswer{err}
	}
	if read.Elsewhere > 0 {
		p.tally(db.Tally{What: "day not asked for", Type: head.Endpoint}, read.Elsewhere)
	}
	callback := read.Callback
	if head.Endpoint == personal.FileKey && read.Outcome == personal.Data {
		if callback, err = p.answeredFile(head, raw); err != nil {
			return err
		}
	}
	if len(callback) == 0 {
		return nil
	}
	p.again = func() (io.Reader, error) { return bytes.NewReader(callback), nil }
	return garmin.Split(bytes.NewReader(callback), "", limits, p.item)
}

// answeredFile takes the file of an activity out of its answer, and returns the callback
// that announces it.
func (p *processing) answeredFile(head personal.Head, raw []byte) ([]byte, error) {
	file, err := personal.File(raw)
	if err != nil {
		return nil, unreadableAnswer{err}
	}
	if head.Activity <= 0 {
		return nil, unreadableAnswer{errors.New("names no activity")}
	}
	p.content = bytes.NewReader(file.Content)
	b := element.AppendQuoted([]byte(`{"`+garmin.ActivityFiles.Key+`":[{"userId":`), head.UserID)
	b = element.AppendQuoted(fmt.Appendf(b, `,"activityId":%d,"fileType":`, head.Activity), file.Type)
	return append(b, "}]}"...), nil
}
