package garmin

import (
	"errors"
	"io"
	"strings"
)

// owner is whose the elements of a body are that name no one themselves.
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
		return nil // what is left of an id is not that id
	}
	if name == "userId" {
		s.owner.UserID = text
	} else {
		s.owner.Token = text
	}
	return nil
}

// Owner finds whose id or token a body names beside its lists, wherever in it
// they stand; both are empty if it names none, or is not of that form. It
// reads r as a stream, in no more memory than Split. An error is one of r.
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

// findOwner reads the names beside the lists, as far as the body can be read.
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
