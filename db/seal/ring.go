package seal

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"garner/db/durable"
)

// Key is one key of a ring.
type Key struct {
	ID      string // 8 hexadecimal digits
	Created time.Time
	key     [32]byte
}

// Ring is the keys in a file, one on each line, newest first: id, key in
// base64, and when it was created. The newest encrypts, all decrypt.
//
// Several processes may have rings of one file. The caller sees to it that only
// one at a time calls Seal, Add or Keep.
type Ring struct {
	path     string
	readOnly bool

	mu   sync.Mutex
	keys []Key
}

// File is the ring in a file that is created with its first key once something
// is sealed.
func File(path string) *Ring { return &Ring{path: path} }

// Credential is the ring in a file that someone else provides, and that is
// never written.
func Credential(path string) *Ring { return &Ring{path: path, readOnly: true} }

// ErrReadOnly means that the keys are provided as a credential.
var ErrReadOnly = errors.New("the keys are provided as a credential, which Garner does not change")

// Seal encrypts a value for its place with the newest key in the file, which
// may have come since the last call. It creates the first key.
func (r *Ring) Seal(at Place, plain []byte) (Sealed, error) {
	keys, err := r.Keys()
	if err != nil {
		return Sealed{}, err
	}
	if len(keys) == 0 {
		if keys, err = r.Add(time.Now()); err != nil {
			return Sealed{}, err
		}
	}
	return keys[0].seal(at, plain)
}

// Open decrypts the value of a place. It reads the file again if it does not
// know the key. Errors are ErrNoKey, ErrForged or those of reading.
func (r *Ring) Open(at Place, s Sealed) ([]byte, error) {
	k, ok := r.known(s.KeyID)
	if !ok {
		if _, err := r.Keys(); err != nil {
			return nil, err
		}
		if k, ok = r.known(s.KeyID); !ok {
			return nil, fmt.Errorf("key %s is not in %s: %w", s.KeyID, r.path, ErrNoKey)
		}
	}
	return k.open(at, s)
}

func (r *Ring) known(id string) (Key, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.keys, func(k Key) bool { return k.ID == id })
	if i < 0 {
		return Key{}, false
	}
	return r.keys[i], true
}

// Keys reads the keys of the file, newest first; none if there is no file.
func (r *Ring) Keys() ([]Key, error) {
	text, err := os.ReadFile(r.path)
	if err != nil && (r.readOnly || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	keys, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.path, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = keys
	return keys, nil
}

// Add puts a new key before the others, durably, and returns them all.
func (r *Ring) Add(now time.Time) ([]Key, error) {
	keys, err := r.Keys()
	if err != nil {
		return nil, err
	}
	k := Key{Created: now.UTC().Truncate(time.Second)}
	var id [4]byte
	for k.ID == "" || slices.ContainsFunc(keys, func(old Key) bool { return old.ID == k.ID }) {
		_, err := rand.Read(id[:])
		_, err2 := rand.Read(k.key[:])
		if err := errors.Join(err, err2); err != nil {
			return nil, err
		}
		k.ID = hex.EncodeToString(id[:])
	}
	put := durable.Replace
	if len(keys) == 0 {
		put = durable.Create // a file that has appeared meanwhile is not to be lost
	}
	return r.write(append([]Key{k}, keys...), put)
}

// Keep drops the keys that are not the newest and not among used, which are
// the ids of keys that values still need.
func (r *Ring) Keep(used []string) error {
	keys, err := r.Keys()
	if err != nil || len(keys) == 0 {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(keys), func(k Key) bool {
		return k.ID != keys[0].ID && !slices.Contains(used, k.ID)
	})
	if len(kept) == len(keys) {
		return nil
	}
	_, err = r.write(kept, durable.Replace)
	return err
}

func (r *Ring) write(keys []Key, put func(path, text string) error) ([]Key, error) {
	if r.readOnly {
		return nil, ErrReadOnly
	}
	var text strings.Builder
	for _, k := range keys {
		fmt.Fprintln(&text, k.ID, base64.StdEncoding.EncodeToString(k.key[:]), k.Created.Format(time.RFC3339))
	}
	if err := put(r.path, text.String()); err != nil {
		return nil, fmt.Errorf("write the keys: %w", err)
	}
	return r.Keys()
}

// parse reads the lines of a file. Its errors show no key.
func parse(text string) (keys []Key, err error) {
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		k, ok := parseKey(strings.Fields(line))
		if !ok {
			return nil, fmt.Errorf("line %d is not a key", i+1)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func parseKey(fields []string) (k Key, ok bool) {
	if len(fields) != 3 || len(fields[0]) != 8 {
		return k, false
	}
	key, err := base64.StdEncoding.DecodeString(fields[1])
	if err != nil || len(key) != len(k.key) {
		return k, false
	}
	created, err := time.Parse(time.RFC3339, fields[2])
	k.ID, k.Created, k.key = fields[0], created, [32]byte(key)
	return k, err == nil
}
