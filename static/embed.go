// Package static holds the files that pages load: the style sheet, scripts and an
// icon. They are embedded, named by their content, so that browsers may keep them
// for ever, and compressed once. The files in styles, in the order of their names,
// are one style sheet: app.css. The folder vendor holds libraries of others with their
// licences: uPlot draws charts of many samples, Leaflet maps.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed *.js icon.svg styles vendor
var files embed.FS

// Prefix is the path under which Handler is mounted.
const Prefix = "/static/"

type file struct {
	name, kind    string
	plain, zipped []byte
}

// urls and byURL are filled once, before any request.
var (
	urls  = map[string]string{}
	byURL = map[string]file{}
)

func init() {
	for _, e := range list(".") {
		if !e.IsDir() {
			add(e.Name(), read(e.Name()))
		}
	}
	for _, e := range list("vendor") {
		add("vendor/"+e.Name(), read("vendor/"+e.Name()))
	}
	var styles [][]byte
	for _, e := range list("styles") {
		styles = append(styles, read("styles/"+e.Name()))
	}
	add("app.css", bytes.Join(styles, []byte("\n")))
}

func list(dir string) []fs.DirEntry {
	entries, err := files.ReadDir(dir)
	if err != nil {
		panic(err)
	}
	return entries
}

func read(name string) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}

func add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	url := Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	urls[name] = url
	byURL[url] = file{name: name, kind: mime.TypeByExtension(ext), plain: body, zipped: compress(body)}
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // of a level that is constant
	}
	_, err = w.Write(body)
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err) // writing to memory does not fail
	}
	return b.Bytes()
}

// URL is the address of an embedded file. It panics on a name that is not
// embedded, which a test of any page finds.
func URL(name string) string {
	url, ok := urls[name]
	if !ok {
		panic(fmt.Sprintf("static: no file %q", name))
	}
	return url
}

// Handler serves the files under Prefix. An address never changes its
// content, so it may be kept for ever.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	f, ok := byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Not that way.", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // an error means that the browser is gone
	}
}
