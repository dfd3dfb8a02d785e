package jobs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"slices"

	"garner/db"
	"garner/garmin"
	"garner/garmin/personal"
)

// search looks for a person in stored bodies, readable or not: first for their user
// ids and tokens in the bytes, then, if text is escaped somewhere, in the elements.
// What a content encoding hides from Garner, it hides from the search too.
type search struct {
	// mine reports whether the value of keyUserID or keyToken is the person's.
	mine func(key, value string) bool
	ids  [][]byte // user ids to be found anywhere
}

// The names of what Garmin calls a person.
const (
	keyUserID = "userId"
	keyToken  = "userAccessToken"
)

// hit is what a body says.
type hit struct {
	named  bool // it names the person
	others bool // it names someone else
}

// searchStep is how much of a body is searched at a time. The end of each part is
// searched again with the next: a name may begin there. searchOverlap is longer than
// that of a key with an id of longestID.
const (
	searchStep    = 64 << 10
	searchOverlap = 512
)

// whose finds the ids and tokens of a body in its bytes.
var whose = regexp.MustCompile(`"(userId|userAccessToken)"\s{0,8}:\s{0,8}"([^"\\]{0,200})"`)

func newSearch(names db.Names) *search {
	s := &search{}
	for _, id := range names.UserIDs {
		s.ids = append(s.ids, []byte(id))
	}
	s.mine = func(key, value string) bool {
		if key == keyToken {
			hash := db.TokenHash(value)
			return slices.ContainsFunc(names.Tokens, func(one []byte) bool { return bytes.Equal(one, hash) })
		}
		return slices.Contains(names.UserIDs, value)
	}
	return s
}

// delivery searches the body of a delivery.
func (s *search) delivery(ctx context.Context, in *db.InboxReader, d *db.Delivery) (found hit, err error) {
	if personal.IsAnswer(d.Source, d.Encoding, d.Path) { // what Garmin says in it is about its one person
		if head, _, err := personal.Split(in.Body(ctx, d)); err == nil {
			s.add(&found, keyUserID, head.UserID)
			return found, nil
		}
	}
	open := func() (io.Reader, error) { return unpacked(in.Body(ctx, d), d.Encoding) }
	escaped := false
	body, err := open()
	if err == nil {
		found, escaped, err = s.bytes(body)
	}
	if unreadable(err) { // perhaps it is not encoded at all
		var more hit
		more, _, err = s.bytes(in.Body(ctx, d))
		found = found.and(more)
	}
	if err != nil || !escaped {
		return found, err
	}
	for _, look := range []func(io.Reader, string) (hit, error){s.elements, s.owner} {
		if body, err = open(); err != nil {
			return found, err
		}
		more, err := look(body, d.Path)
		found = found.and(more)
		if err != nil && !unreadable(err) {
			return found, err
		}
	}
	return found, nil
}

func (h hit) and(more hit) hit { return hit{h.named || more.named, h.others || more.others} }

func unreadable(err error) bool {
	var unreadable *garmin.UnreadableError
	return errors.As(err, &unreadable)
}

// bytes searches a body as it is, and reports whether text in it is escaped.
func (s *search) bytes(body io.Reader) (found hit, escaped bool, err error) {
	buf := make([]byte, 0, searchOverlap+searchStep)
	for err == nil {
		var n int
		n, err = io.ReadFull(body, buf[len(buf):len(buf)+searchStep])
		buf = buf[:len(buf)+n]
		escaped = escaped || bytes.IndexByte(buf, '\\') >= 0
		found.named = found.named || s.namedIn(buf)
		for _, m := range whose.FindAllSubmatch(buf, -1) {
			s.add(&found, string(m[1]), string(m[2]))
		}
		buf = append(buf[:0], buf[max(0, len(buf)-searchOverlap):]...)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return found, escaped, err
}

// namedIn reports whether a user id is in some bytes, not as a part of a longer word.
func (s *search) namedIn(b []byte) bool {
	for _, id := range s.ids {
		for rest := b; ; {
			at := bytes.Index(rest, id)
			if at < 0 {
				break
			}
			end := at + len(id)
			if (at == 0 || !wordByte(rest[at-1])) && (end == len(rest) || !wordByte(rest[end])) {
				return true
			}
			rest = rest[at+1:]
		}
	}
	return false
}

func wordByte(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// add notes an id or a token of a body.
func (s *search) add(found *hit, key, value string) {
	if value == "" {
		return
	}
	mine := s.mine(key, value)
	found.named = found.named || mine
	found.others = found.others || !mine
}

// elements searches the elements of a body, as far as it can be read.
func (s *search) elements(body io.Reader, path string) (found hit, err error) {
	err = garmin.Split(body, path, limits, func(it garmin.Item) error {
		s.add(&found, keyUserID, it.UserID)
		s.add(&found, keyToken, it.Token)
		return nil
	})
	return found, err
}

// owner searches the ids next to the lists of a body.
func (s *search) owner(body io.Reader, _ string) (found hit, err error) {
	outer, err := garmin.FindOuter(body, limits)
	s.add(&found, keyUserID, outer.UserID)
	s.add(&found, keyToken, outer.Token)
	return found, err
}
