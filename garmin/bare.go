package garmin

import (
	"bufio"
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// looksBare reports whether a body is one element without a key around it: an
// object that names a person and has no type's key. Such bodies are not
// documented; tools that post a single record make them. Only the buffered part is
// examined.
func looksBare(br *bufio.Reader) bool {
	head, _ := br.Peek(512)
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '{' || beginsWithType(head[1:]) {
		return false
	}
	head, _ = br.Peek(br.Size())
	dec := jsontext.NewDecoder(bytes.NewReader(head), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := dec.ReadToken(); err != nil {
		return false
	}
	whose := false
	for {
		name, err := dec.ReadToken()
		if err != nil || name.Kind() != '"' {
			return whose // the end of the object, or of the buffer
		}
		key := name.String()
		_, known := Lookup(key)
		switch dec.PeekKind() {
		case '[', '{':
			if known {
				return false
			}
		case '"', '0':
			whose = whose || key == "userId" || key == "userAccessToken"
		}
		if err := dec.SkipValue(); err != nil {
			return whose
		}
	}
}

// beginsWithType is the common case, which needs no further reading: the first
// name is a type's.
func beginsWithType(object []byte) bool {
	name := bytes.TrimLeft(object, " \t\r\n")
	if len(name) == 0 || name[0] != '"' {
		return false
	}
	end := bytes.IndexByte(name[1:], '"')
	if end < 0 {
		return false
	}
	_, known := Lookup(string(name[1 : 1+end]))
	return known
}
