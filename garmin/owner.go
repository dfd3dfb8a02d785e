package garmin

import (
	"errors"
	"io"
	"strings"
)

// owner is the person of those elements of a body that do not name one.
type owner struct{ UserID, Token string }

func owns(name string) bool { return name == "userId" || name == "userAccessToken" }

// own takes the value of one of these names.
func (s *splitter) own(name string) error {
	tok, err := s.dec.ReadToken()
	if err != nil {
		return err
	}
	text := ""
	if tok.Kind() != 'n' {
		text = strings.TrimSpace(tok.String())
	}
	if s.cut() != nil {
		return nil // a truncated id is not the id
	}
	if name == "userId" {
		s.owner.UserID = text
	} else {
		s.owner.Token = text
	}
	return nil
}

// Owner finds the id or token that a body has next to its lists, at any position;
// both are empty if it has none, or is not of that form. It reads r as a stream,
// in no more memory than Split. Errors are those of r.
func Owner(r io.Reader, lim Limits) (userID, token string, err error) {
	src := &source{r: r}
	s := newSplitter(src, "", lim)
	s.findOwner()
	var unreadable *UnreadableError
	if src.err != nil && !errors.As(src.err, &unreadable) {
		return "", "", src.err
	}
	return s.owner.UserID, s.owner.Token, nil
}

// findOwner reads the names next to the lists, as far as the body can be read.
func (s *splitter) findOwner() {
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
		whole := s.cut() == nil
		if kind := s.dec.PeekKind(); whole && owns(key) && (kind == '"' || kind == '0' || kind == 'n') {
			err = s.own(key)
		} else {
			err = s.dec.SkipValue()
		}
		if err != nil {
			return
		}
	}
}
