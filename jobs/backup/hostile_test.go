package backup

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"

	"garner/db"
)

// item is an entry of an archive that was made by hand.
type item struct {
	head tar.Header
	text string
}

// packed writes an archive and returns its path.
func packed(t *testing.T, items ...item) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewWriter(f, zstd.WithWindowSize(window))
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for _, i := range items {
		if i.head.Typeflag == 0 {
			i.head.Typeflag, i.head.Size = tar.TypeReg, int64(len(i.text))
		}
		if err := w.WriteHeader(&i.head); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, i.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func named(name, text string) item { return item{tar.Header{Name: name}, text} }

// items are the entries of a backup as they were written.
func items(t *testing.T, file string) (out []item) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	r := tar.NewReader(z)
	for {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		text, readErr := io.ReadAll(r)
		if err := errors.Join(err, readErr); err != nil {
			t.Fatal(err)
		}
		out = append(out, named(head.Name, string(text)))
	}
}

func TestAnArchiveThatIsNotAsItsManifestSaysIsRefused(t *testing.T) {
	t.Parallel()
	b := box(t)
	right := items(t, mustRun(t, maker(b), nil, filepath.Join(t.TempDir(), "right")).File)
	last := len(right) - 1
	if _, err := unpack(t, packed(t, right...)); err != nil {
		t.Fatalf("unchanged: %v", err)
	}
	before := func(added ...item) []item {
		return append(append(append([]item{}, right[:last]...), added...), right[last])
	}
	text := func(change func(*Manifest)) []item {
		var m Manifest
		if err := json.Unmarshal([]byte(right[0].text), &m); err != nil {
			t.Fatal(err)
		}
		change(&m)
		changed, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return append([]item{named(manifestFile, string(changed))}, right[1:]...)
	}
	database := func(change func(*Database)) []item {
		return text(func(m *Manifest) {
			d := m.Databases[db.GarnerFile]
			change(&d)
			m.Databases[db.GarnerFile] = d
		})
	}
	sum := append([]item{}, right...)
	other := "0"
	if sum[last].text[len(sum[last].text)-20] == '0' {
		other = "1"
	}
	sum[last].text = sum[last].text[:len(sum[last].text)-20] + other + sum[last].text[len(sum[last].text)-19:]
	for name, c := range map[string]struct {
		items []item
		want  error
	}{
		"a path outside":      {before(named("../evil", "x")), ErrDamaged},
		"an absolute path":    {before(named("/tmp/evil", "x")), ErrDamaged},
		"another file":        {before(named("garner.toml", "x")), ErrDamaged},
		"a secret":            {before(named(KeysFile, "x")), ErrDamaged},
		"a database again":    {before(right[1]), ErrDamaged},
		"a link":              {before(item{tar.Header{Typeflag: tar.TypeSymlink, Name: "files", Linkname: "/tmp"}, ""}), ErrDamaged},
		"a folder":            {before(item{tar.Header{Typeflag: tar.TypeDir, Name: "files/"}, ""}), ErrDamaged},
		"more activity files": {before(named("files/1/"+string(make64('a'))+".zst", "much more than there is")), ErrDamaged},
		"no manifest":         {right[1:], ErrNotBackup},
		"no end":              {right[:last], ErrHalf},
		"more after the end":  {append(append([]item{}, right...), named("x", "")), ErrDamaged},
		"a database less":     {append(append([]item{}, right[:1]...), right[2:]...), ErrDamaged},
		"another hash":        {sum, ErrDamaged},
		"a newer format":      {text(func(m *Manifest) { m.Format = 2 }), ErrNewerFormat},
		"a newer schema":      {database(func(d *Database) { d.Schema = 1000 }), ErrNewerSchema},
		"a bomb":              {database(func(d *Database) { d.Size = 1 << 49 }), db.ErrFull},
		"a negative size":     {database(func(d *Database) { d.Size = -1 }), ErrDamaged},
		"other rows":          {database(func(d *Database) { d.Rows["person"]++ }), ErrDamaged},
		"files of others": {text(func(m *Manifest) {
			m.Secrets, m.Others = true, []Other{{CertificatesDir + "/../../x", 1}}
		}), ErrDamaged},
	} {
		if _, err := unpack(t, packed(t, c.items...)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func make64(c byte) []byte {
	out := make([]byte, 64)
	for i := range out {
		out[i] = c
	}
	return out
}

// The window of a frame is memory: one that is too large is refused before it is taken.
func TestAFrameThatWantsMuchMemoryIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "frame")
	put(t, path, string(magicZstd)+"\x00\xa8"+"\x01\x00\x00") // a window of 2 GiB
	if _, err := Open(path); !isTyped(err) {
		t.Errorf("got %v", err)
	}
}
