package personal

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"garner/health"
)

// Encoding is the content encoding of a delivery that is an answer of the Personal API:
// one line of JSON, a Head, and then the bytes of the answer.
const Encoding = "garner-personal"

// DeliveryPath begins the path of such a delivery. The key of its endpoint follows.
const DeliveryPath = "personal/"

// IsAnswer reports whether a delivery is an answer of the Personal API. What is sent to the
// callback address is none, even if it claims to be: its source is another, or, in a demo, its
// path.
func IsAnswer(source health.Origin, encoding, path string) bool {
	return encoding == Encoding &&
		(source == health.Personal || source == health.Simulated && strings.HasPrefix(path, DeliveryPath))
}

// Head says what an answer answers.
type Head struct {
	// UserID is what Garner calls the person in deliveries; Garmin's answers name none.
	UserID string `json:"userId"`
	// Endpoint is an Endpoint.Key. One that is no longer in the table cannot be decoded.
	Endpoint string `json:"endpoint"`
	// Path is the path with its query, as asked.
	Path string `json:"path"`
	// From and To are the first and the last day that were asked for; both zero for none.
	From health.Day `json:"from,omitempty"`
	To   health.Day `json:"to,omitempty"`
	// Activity is the activity that was asked for; 0 for none.
	Activity int64 `json:"activity,omitempty"`
	// Asked is when, in unix seconds.
	Asked int64 `json:"asked"`
	// Zone is the IANA name of the person's time zone, for days without a clock; empty if
	// it is not known.
	Zone string `json:"zone,omitempty"`
	// ContentType is that of the answer.
	ContentType string `json:"contentType,omitempty"`
}

// longestHead is how long the first line may be.
const longestHead = 64 << 10

// Line is the first line of the delivery.
func (h Head) Line() []byte {
	b, err := json.Marshal(h)
	if err != nil {
		panic(err) // it has texts and numbers only
	}
	return append(b, '\n')
}

// Split separates a delivery. Body reads on from r. A body without a head gives an error
// that says so; errors of r come back as they are.
func Split(r io.Reader) (head Head, body io.Reader, err error) {
	br := bufio.NewReaderSize(r, longestHead)
	line, err := br.ReadSlice('\n')
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, bufio.ErrBufferFull):
		return Head{}, nil, ErrNoHead
	case err != nil:
		return Head{}, nil, err
	}
	if err := json.Unmarshal(line, &head); err != nil || head.Endpoint == "" {
		return Head{}, nil, ErrNoHead
	}
	return head, br, nil
}

// ErrNoHead means that a delivery does not begin with a Head.
var ErrNoHead = errors.New("has no line that says what was asked")
