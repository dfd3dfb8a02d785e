// Package fit reads the activity files that devices record (FIT) into elements
// of the shape of activityDetails, so that series, laps, pages and exports work
// for both.
package fit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/muktihari/fit/decoder"

	"garner/garmin/element"
)

// Limits of one file. 200,000 records are 55 hours, one a second. Each has a
// second or more to itself, so samples are never closer than that.
const (
	mostBytes        = 64 << 20
	mostRecords      = 200_000
	mostMessages     = 2_000_000
	mostParts        = 20_000 // laps, sessions, sports and timer events, of each
	mostDescriptions = 64     // of developer fields, which the decoder searches for each of them
	mostFiles        = 32     // chained in one
)

// Details reads a FIT file, which may be several in a chain, into one element
// of the shape of activityDetails (Activity API). announcement is what the ping of
// activityFiles said: the ids, the name, the kind and the device are from there.
//
// Of a file that is damaged, or exceeds a limit, details has what comes before,
// and damage says what is wrong; it is empty for a whole file. There is an error,
// and no element, if r fails, or if the file has neither a sample nor a session.
// Fields of developers (Connect IQ) are ignored.
func Details(announcement element.Value, r io.Reader) (details element.Value, damage string, err error) {
	src := &source{r: r, left: mostBytes}
	rec, fault := read(src)
	if src.err != nil {
		return element.Value{}, "", fmt.Errorf("read FIT: %w", src.err)
	}
	if len(rec.samples) == 0 && len(rec.sessions) == 0 {
		if fault == nil {
			fault = errors.New("no activity in the file")
		}
		return element.Value{}, "", fmt.Errorf("read FIT: %w", fault)
	}
	act := rec.activity()
	details, err = act.element(announcement)
	return details, act.damage(fault), err
}

// read collects what the files of a chain contain, up to the first fault.
func read(src *source) (*recorder, error) {
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	rec := &recorder{stop: stop}
	dec := decoder.New(src, decoder.WithMesgListener(rec), decoder.WithBroadcastOnly(),
		decoder.WithNoComponentExpansion())
	for n := 0; dec.Next(); n++ {
		if n == mostFiles {
			return rec, fmt.Errorf("more than %d files in one", mostFiles)
		}
		rec.begin()
		_, err := dec.DecodeWithContext(ctx)
		switch {
		case ctx.Err() != nil: // perhaps at the last message
			return rec, context.Cause(ctx)
		case err == nil:
		case src.left < 0:
			return rec, fmt.Errorf("longer than %d MiB", mostBytes>>20)
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return rec, errors.New("the file ends too soon")
		case errors.Is(err, decoder.ErrCRCChecksumMismatch):
			return rec, errors.New("the checksum is wrong")
		default:
			return rec, err
		}
	}
	return rec, nil
}

// damage is all that is wrong with a file.
func (a *activity) damage(fault error) string {
	var all []string
	if fault != nil {
		all = append(all, fault.Error())
	}
	if len(a.sessions) == 0 {
		all = append(all, "no session, so most totals are missing")
	}
	if a.strays > 0 {
		all = append(all, fmt.Sprintf("%d records outside of the activity's time", a.strays))
	}
	return strings.Join(all, "; ")
}

// source keeps an error of the reader itself, and ends after left bytes; left is
// negative if there were more.
type source struct {
	r    io.Reader
	left int64
	err  error
}

func (s *source) Read(p []byte) (int, error) {
	if s.left < 0 {
		return 0, io.EOF
	}
	n, err := s.r.Read(p[:min(int64(len(p)), s.left+1)])
	if s.left -= int64(n); s.left < 0 {
		n--
	}
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
