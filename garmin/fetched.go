package garmin

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"garner/garmin/element"
)

// FileEncoding is the content encoding of a delivery that is an activity file: one line
// of JSON, which is a body of activityFiles, and then the bytes of the file.
const FileEncoding = "garner-file"

// Fetched is what Garner writes around what it has fetched, so that it can be processed
// as a push.
type Fetched struct {
	UserID string
	// From and To are the upload window in unix seconds; 0 for none.
	From, To int64
	// Ping is for Garner's own use, see Outer.
	Ping string
}

// List returns what comes before and after a fetched array of a type.
func (f Fetched) List(t *Type) (before, after string) { return string(f.head(t.Key)), "}" }

// File returns what comes before the bytes of a fetched file. announced is the element
// of activityFiles that announced it, as JSON.
func (f Fetched) File(announced string) string {
	b := append(f.head(ActivityFiles.Key), '[')
	return string(append(append(b, announced...), "]}\n"...))
}

// head is an open object up to the list of a type.
func (f Fetched) head(key string) []byte {
	b := element.AppendQuoted([]byte(`{"userId":`), f.UserID)
	if f.To != 0 {
		b = strconv.AppendInt(append(b, `,"uploadStartTimeInSeconds":`...), f.From, 10)
		b = strconv.AppendInt(append(b, `,"uploadEndTimeInSeconds":`...), f.To, 10)
	}
	b = element.AppendQuoted(append(b, `,"garnerPing":`...), f.Ping)
	return append(element.AppendQuoted(append(b, ','), key), ':')
}

// IsList reports whether a body is one JSON array, as Garmin answers a pull.
func IsList(body []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if dec.PeekKind() != '[' || dec.SkipValue() != nil {
		return false
	}
	_, err := dec.ReadToken()
	return errors.Is(err, io.EOF)
}

// longestHead is how long the first line of a file's delivery may be.
const longestHead = 1 << 20

// SplitFile separates a delivery of FileEncoding. Content reads on from r. A body
// without a first line gives an *UnreadableError, errors of r come back as they are.
func SplitFile(r io.Reader) (head []byte, content io.Reader, err error) {
	src := &source{r: r}
	br := bufio.NewReaderSize(src, 64<<10)
	for {
		part, err := br.ReadSlice('\n')
		head = append(head, part...)
		switch {
		case err == nil:
			return head, br, nil
		case src.err != nil:
			return nil, nil, src.err
		case errors.Is(err, bufio.ErrBufferFull) && len(head) < longestHead:
			continue
		}
		return nil, nil, &UnreadableError{Offset: int64(len(head)), Err: errors.New("no line that announces the file")}
	}
}
