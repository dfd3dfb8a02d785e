package pages

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"garner/db"
)

// settingsSharing sets who sees the account's own person: the admins, and the
// accounts that are ticked. Each change is an entry of the audit log.
func (s *Site) settingsSharing(r *http.Request) (answer, error) {
	admins := r.PostFormValue("admins_read")
	if !oneOf(admins, "yes", "no") {
		return answer{}, badRequest("Choose whether admins may see values.")
	}
	now, own := time.Now(), viewer(r).Own()
	is, err := s.reader(r, now).Sharing(r.Context())
	if err != nil {
		return answer{}, err
	}
	if read := admins == "yes"; read != is.AdminsRead {
		if err := s.store.SetAdminsRead(r.Context(), own, read); err != nil {
			return answer{}, err
		}
		s.audit(r, db.ActionSharingChanged, own, mayOrNot("admins", read))
	}
	for _, a := range is.Accounts {
		sees := slices.Contains(r.PostForm["account"], strconv.FormatInt(a.ID, 10))
		if sees == a.Sees {
			continue
		}
		if sees {
			err = s.store.Share(r.Context(), now, own, a.ID)
		} else {
			err = s.store.Unshare(r.Context(), own, a.ID)
		}
		if err != nil {
			return answer{}, err
		}
		s.audit(r, db.ActionSharingChanged, own, mayOrNot(a.Name, sees))
	}
	return flash(r, settingsPath, "Saved.")
}

// mayOrNot is the detail of an entry about sharing.
func mayOrNot(who string, may bool) string {
	if may {
		return who + " may see values"
	}
	return who + " may no longer see values"
}

// oneOf reports whether a text is one of some.
func oneOf(text string, of ...string) bool { return slices.Contains(of, text) }
