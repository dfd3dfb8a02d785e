package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// list is an answer of several items.
type list[T any] struct {
	Data []T `json:"data"`
	// Next is the cursor of the next page; left out on the last.
	Next string `json:"next,omitempty"`
}

// item is an answer of one.
type item[T any] struct {
	Data T `json:"data"`
}

// encode returns an answer as JSON. One that has its own way of that is raw.
func encode(answer any) ([]byte, error) {
	if raw, ok := answer.(json.RawMessage); ok {
		return raw, nil
	}
	return json.Marshal(answer)
}

// send sends an answer, or that it is still the one that the client has.
func (a *API) send(w http.ResponseWriter, r *http.Request, body []byte) {
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization") // to that of the compression
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	// It may have waited for others for much of the time that a response has.
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(sendWithin)); err != nil &&
		!errors.Is(err, http.ErrNotSupported) {
		a.Log.Debug("API: deadline of an answer", "path", r.URL.Path, "err", err)
	}
	if _, err := w.Write(body); err != nil {
		a.Log.Debug("API: answer not sent whole", "path", r.URL.Path, "err", err)
	}
}

// matches reports whether a tag is among those of If-None-Match. gzhttp adds a suffix to
// the tags of what it compresses, and a proxy may make them weak.
func matches(header, tag string) bool {
	for have := range strings.SplitSeq(header, ",") {
		have = strings.TrimPrefix(strings.TrimSpace(have), "W/")
		if have == "*" || have == tag || have == strings.TrimSuffix(tag, `"`)+etagSuffix+`"` {
			return true
		}
	}
	return false
}

// etagSuffix tells the compressed form of an answer from the plain one, as RFC 9110 has it.
const etagSuffix = "-gzip"

// compressed sends answers with gzip to clients that accept it. A client cannot choose
// what is in an answer and see its length, unlike a page's in a browser, so it needs no
// jitter.
var compressed = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.SuffixETag(etagSuffix),
		gzhttp.ContentTypes([]string{"application/json"}))
	if err != nil {
		panic(err) // the options are constant
	}
	return wrap
}()
