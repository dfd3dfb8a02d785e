package notify

import (
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// message writes the mail of a notice.
func (m Mail) message(n Notification) (*gomail.Msg, error) {
	from, err := address(m.From)
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to, err := address(m.To)
	if err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	if from.Name == "" {
		from.Name = "Garner"
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.SetMessageIDWithValue(n.ID + from.Address[strings.LastIndexByte(from.Address, '@'):])
	msg.SetDateWithValue(n.At)
	msg.Subject(label(n.Subject, mostSubject))
	// No one's holiday notice is to answer this.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetBodyString(gomail.TypeTextPlain, n.Text)
	if n.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, n.HTML)
	}
	return msg, nil
}
