package garmin

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// Outer is what a body says next to its lists. It applies to those of their elements
// that do not say it themselves.
type Outer struct {
	UserID, Token string
	// UploadEnd is the end of the upload window that the elements were fetched with, in
	// unix seconds; 0 if the body names none.
	UploadEnd int64
	// Ping is what Garner says of the ping that led to a body that it has fetched.
	Ping string
}

const uploadEnd = "uploadEndTimeInSeconds"

// outerNames are the members that Outer has, with how they are set.
var outerNames = map[string]func(o *Outer, text string){
	"userId":          func(o *Outer, text string) { o.UserID = text },
	"userAccessToken": func(o *Outer, text string) { o.Token = text },
	uploadEnd: func(o *Outer, text string) {
		if end, err := strconv.ParseInt(text, 10, 64); err == nil && believable(end) {
			o.UploadEnd = end
		}
	},
	"uploadStartTimeInSeconds": func(*Outer, string) {}, // no rule depends on it
	"garnerPing":               func(o *Outer, text string) { o.Ping = text },
}

// setOuter takes the member of a body that has a name of outerNames.
func (s *splitter) setOuter(name string) error {
	tok, err := s.dec.ReadToken()
	if err != nil {
		return err
	}
	text := ""
	if tok.Kind() != 'n' {
		text = strings.TrimSpace(tok.String())
	}
	if s.cut() == nil { // a truncated text is not the value
		outerNames[name](&s.outer, text)
	}
	return nil
}

// saysOuter reports whether a member of a body belongs to Outer.
func (s *splitter) saysOuter(name string) bool {
	kind := s.dec.PeekKind()
	return outerNames[name] != nil && (kind == '"' || kind == '0' || kind == 'n')
}

// FindOuter finds what a body says next to its lists, at any position; it is empty if
// the body is not of that form. It reads r as a stream, in no more memory than Split.
// Errors are those of r.
func FindOuter(r io.Reader, lim Limits) (Outer, error) {
	src := &source{r: r}
	s := newSplitter(src, "", lim)
	s.findOuter()
	var unreadable *UnreadableError
	if src.err != nil && !errors.As(src.err, &unreadable) {
		return Outer{}, src.err
	}
	return s.outer, nil
}

// findOuter reads the names next to the lists, as far as the body can be read.
func (s *splitter) findOuter() {
	if s.dec.PeekKind() != '{' {
		return
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return
	}
	for s.dec.PeekKind() == '"' {
		name, err := s.dec.ReadToken()
		if err != nil {
			return
		}
		key := name.String()
		if s.cut() == nil && s.saysOuter(key) {
			err = s.setOuter(key)
		} else {
			err = s.dec.SkipValue()
		}
		if err != nil {
			return
		}
	}
}
