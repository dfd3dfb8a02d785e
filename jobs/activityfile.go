package jobs

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"garner/db"
	"garner/db/filestore"
	"garner/garmin"
	"garner/garmin/element"
	"garner/garmin/fit"
)

// errNoFiles means that the drain was made without a place for files.
var errNoFiles = errors.New("there is no place for activity files")

// file takes a delivery that is an activity file: its first line announces it.
func (p *processing) file(body io.Reader) error {
	head, content, err := garmin.SplitFile(body)
	if err != nil {
		return err
	}
	p.content = content
	p.again = func() (io.Reader, error) { return bytes.NewReader(head), nil }
	return garmin.Split(bytes.NewReader(head), garmin.ActivityFiles.Key, limits, p.item)
}

// longestFormat is how long the name of a file format may be.
const longestFormat = 10

// activityFile keeps the file that an element announces. The samples of a FIT file
// become a version of the activity's details. One that cannot be decoded is kept all
// the same, with its fault.
func (p *processing) activityFile(it garmin.Item, at int32, person int64) (db.IssueKind, string, error) {
	activity := garmin.ActivityID(it.Value)
	switch {
	case p.files == nil:
		return 0, "", errNoFiles
	case activity == "":
		return db.Parked, "no activity id", nil
	case at > 0:
		return db.Parked, "is a second announcement of one file", nil
	}
	kept, err := p.files.Put(person, p.content)
	if err != nil {
		return 0, "", err
	}
	file := db.File{Person: person, Activity: activity,
		Kind:   garmin.Shorten(strings.ToUpper(it.Value.Get("fileType").Text()), longestFormat),
		SHA256: kept.SHA256, Size: kept.Size, Stored: kept.Stored, Device: garmin.DeviceOf(it.Value)}
	if file.Kind == "FIT" {
		if file.Fault, err = p.decodeFile(it, at, person, kept); err != nil {
			return 0, "", err
		}
	}
	p.out.Files = append(p.out.Files, file)
	return 0, "", nil
}

// decodeFile adds what a FIT file says of its activity. A fault is what is wrong with
// the file, an error is not about it.
func (p *processing) decodeFile(it garmin.Item, at int32, person int64, kept filestore.Kept) (fault string, err error) {
	content, err := p.files.Open(person, kept.SHA256)
	if err != nil {
		return "", err
	}
	details, damage, err := decodeFIT(it.Value, content)
	err = errors.Join(err, content.Close())
	if errors.Is(err, filestore.ErrDamaged) {
		return "", err
	}
	if err != nil {
		return bounded(err.Error()), nil
	}
	it.Value = details
	return bounded(cmp.Or(p.version(garmin.ActivityDetails, it, at, person), damage)), nil
}

// decodeFIT turns a panic of the decoder into a fault of the file.
func decodeFIT(about element.Value, content io.Reader) (details element.Value, damage string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("could not be decoded: %v", r)
		}
	}()
	return fit.Details(about, content)
}
