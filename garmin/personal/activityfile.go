package personal

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Limits of the ZIP that an activity's file comes in.
const (
	mostEntries  = 100
	mostUnzipped = 32 << 20
)

// ActivityFile is the original file of an activity.
type ActivityFile struct {
	// Type is FIT, TCX or GPX.
	Type    string
	Content []byte
}

// activityFile is a ZIP with the file, or a FIT file itself. It has no elements: the drain
// takes the file out of it.
func (a *answer) activityFile() error {
	if !isZIP(a.raw) && !isFIT(a.raw) {
		return errors.New("is neither a ZIP nor a FIT file")
	}
	a.found(a.From, Data)
	return nil
}

// File takes the file out of an answer of FileKey: a FIT file before others, the first of
// several. An error says what is wrong with the answer.
func File(raw []byte) (ActivityFile, error) {
	if isFIT(raw) {
		return ActivityFile{"FIT", raw}, nil
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	switch {
	case err != nil:
		return ActivityFile{}, errors.New("is a ZIP that is damaged")
	case len(z.File) > mostEntries:
		return ActivityFile{}, fmt.Errorf("has more than %d files", mostEntries)
	}
	for _, kind := range []string{"FIT", "TCX", "GPX"} {
		i := slices.IndexFunc(z.File, func(f *zip.File) bool {
			return strings.EqualFold(path.Ext(f.Name), "."+kind)
		})
		if i < 0 {
			continue
		}
		content, err := unzip(z.File[i])
		return ActivityFile{kind, content}, err
	}
	return ActivityFile{}, errors.New("has no file of an activity")
}

// unzip reads a file, however large it says it is.
func unzip(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, errors.New("has a file in a form that is not known")
	}
	content, err := io.ReadAll(io.LimitReader(r, mostUnzipped+1))
	switch err = errors.Join(err, r.Close()); {
	case len(content) > mostUnzipped:
		return nil, fmt.Errorf("has a file of more than %d MiB", mostUnzipped>>20)
	case err != nil:
		return nil, errors.New("has a file that is damaged")
	}
	return content, nil
}

// isZIP reports whether a file begins as a ZIP does.
func isZIP(file []byte) bool { return bytes.HasPrefix(file, []byte("PK\x03\x04")) }

// isFIT reports whether a file has the mark of FIT in its header.
func isFIT(file []byte) bool { return len(file) > 12 && string(file[8:12]) == ".FIT" }
