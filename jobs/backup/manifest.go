package backup

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"garner/db"
)

// format is the version of the form of backups.
const format = 1

// The first and the last entry.
const (
	manifestFile = "manifest.json"
	endFile      = "end.json"
)

// Manifest is what a backup contains.
type Manifest struct {
	Format  int       `json:"format"`
	Version string    `json:"version"` // of the program that made it
	Time    time.Time `json:"time"`
	// Secrets means that the keys, the callback secret and the certificates are in it,
	// as far as they were in the data directory.
	Secrets bool `json:"secrets"`
	// Databases are garner.db and inbox.db, by their names.
	Databases map[string]Database `json:"databases"`
	// Files are the activity files together.
	Files Files `json:"files"`
	// Others are all other files.
	Others []Other `json:"others"`
}

// Database is a database in a backup.
type Database struct {
	Schema int              `json:"schema"`
	Size   int64            `json:"size"` // bytes
	Rows   map[string]int64 `json:"rows"` // by table
}

// Files are the activity files in a backup.
type Files struct {
	Count int   `json:"count"`
	Size  int64 `json:"size"` // bytes
}

// Other is another file in a backup.
type Other struct {
	Name string `json:"name"` // its path in the data directory
	Size int64  `json:"size"` // bytes
}

// Total is the size of everything in bytes.
func (m *Manifest) Total() int64 {
	total := m.Files.Size
	for _, d := range m.Databases {
		total += d.Size
	}
	for _, o := range m.Others {
		total += o.Size
	}
	return total
}

// Limits of what is believed of a manifest: with them no sum overflows, and no entry is
// read into memory without a limit.
const (
	maxManifest = 1 << 20
	maxOthers   = 1000
	maxOther    = 1 << 20
	maxFiles    = 50_000_000
	maxBytes    = 1 << 50
)

// check returns why a manifest cannot be followed.
func (m *Manifest) check() error {
	switch {
	case m.Format > format:
		return ErrNewerFormat
	case m.Format < 1:
		return ErrNotBackup
	case len(m.Databases) != 2 || len(m.Others) > maxOthers || !between(m.Files.Size, maxBytes) ||
		!between(int64(m.Files.Count), maxFiles):
		return fmt.Errorf("%w (manifest)", ErrDamaged)
	}
	for _, name := range []string{db.GarnerFile, db.InboxFile} {
		d, ok := m.Databases[name]
		switch {
		case !ok || !between(d.Size, maxBytes):
			return fmt.Errorf("%w (manifest)", ErrDamaged)
		case d.Schema > db.NewestSchema(name):
			return fmt.Errorf("%w (%s has schema %d, this program knows %d)", ErrNewerSchema, name, d.Schema,
				db.NewestSchema(name))
		}
	}
	for i, o := range m.Others {
		if !m.mayBe(o.Name) || !between(o.Size, maxOther) || slices.ContainsFunc(m.Others[:i], func(other Other) bool {
			return other.Name == o.Name
		}) {
			return fmt.Errorf("%w (manifest)", ErrDamaged)
		}
	}
	return nil
}

func between(n, most int64) bool { return n >= 0 && n <= most }

// mayBe reports whether a backup may have a file of a name besides databases and activity
// files: secrets only where it says so, and nothing outside the data directory.
func (m *Manifest) mayBe(name string) bool {
	switch {
	case name == DemoFile:
		return true
	case !m.Secrets || !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00") || len(name) > 500:
		return false
	}
	return name == KeysFile || name == CallbackFile || strings.HasPrefix(name, CertificatesDir+"/")
}

// activityFile is the name of an activity file: of a person, by the hash of its content.
var activityFile = regexp.MustCompile(`^files/[1-9][0-9]{0,18}/[0-9a-f]{64}\.zst$`)

// sizeOf is the size that an entry must have, or for an activity file the most that it
// can have.
func (m *Manifest) sizeOf(name string) (size int64, exact, ok bool) {
	if d, ok := m.Databases[name]; ok {
		return d.Size, true, true
	}
	if activityFile.MatchString(name) {
		return m.Files.Size, false, true
	}
	for _, o := range m.Others {
		if o.Name == name {
			return o.Size, true, true
		}
	}
	return 0, false, false
}

// sum is an entry as it was written.
type sum struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // hexadecimal
}

// end is the last entry.
type end struct {
	Entries []sum `json:"entries"` // all others, in order
}
