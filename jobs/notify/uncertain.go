package notify

import (
	"errors"

	gomail "github.com/wneessen/go-mail"
)

// uncertainMail says whether a mail failed after its last byte was written:
// from then on the server may have taken it. A server that answered with a
// code did not.
func uncertainMail(err error) bool {
	var failed *gomail.SendError
	return errors.As(err, &failed) && failed.Reason == gomail.ErrSMTPDataClose && failed.ErrorCode() == 0
}
