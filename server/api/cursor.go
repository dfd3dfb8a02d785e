package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
)

// boundBytes is the length of what ties a cursor to its request.
const boundBytes = 9

// bound identifies what a cursor is for: the address and its parameters, except those that
// may differ from page to page.
func (r *request) bound() []byte {
	params := maps.Clone(r.params)
	params.Del("cursor")
	params.Del("limit")
	sum := sha256.Sum256([]byte(r.URL.Path + "?" + params.Encode()))
	return sum[:boundBytes]
}

// next is the cursor of the page that begins after a place.
func (r *request) next(place any) (string, error) {
	text, err := json.Marshal(place)
	return base64.RawURLEncoding.EncodeToString(append(r.bound(), text...)), err
}

// after reads the place in the cursor of the request, and reports whether it has one.
func (r *request) after(place any) (bool, error) {
	if !r.params.Has("cursor") {
		return false, nil
	}
	cursor, err := base64.RawURLEncoding.DecodeString(r.params.Get("cursor"))
	if err == nil && len(cursor) > boundBytes && bytes.Equal(cursor[:boundBytes], r.bound()) &&
		json.Unmarshal(cursor[boundBytes:], place) == nil {
		return true, nil
	}
	return false, errParameter.with("cursor: this is no cursor of this address with these parameters; " +
		"begin again without it")
}
