package pages

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"garner/db"
	"garner/query"
	"garner/ui"
)

// boxPath is the page of the settings of the box.
const boxPath = "/settings/box"

// boxURL is where the settings of a step are saved from there.
func boxURL(step query.Step) string { return boxPath + "/" + string(step) }

// boxPage is GET /settings/box.
func (s *Site) boxPage(r *http.Request) (answer, error) {
	return s.boxView(r, "", ui.SettingsForm{}, http.StatusOK)
}

// boxView shows all forms, that of a step as it was typed.
func (s *Site) boxView(r *http.Request, typed query.Step, form ui.SettingsForm, status int) (answer, error) {
	p, err := s.base(r, "Settings for everyone", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	b, err := s.box(r)
	if err != nil {
		return answer{}, err
	}
	v := ui.BoxView{Notice: said(r, "flash"), Forms: map[query.Step]ui.SettingsForm{}, Version: s.Version}
	home, err := s.reader(r, p.Now).Household(r.Context())
	if err != nil {
		return answer{}, err
	}
	v.Certificates = ui.NewCertificates(home.Facts.Inside.Certificates, p.Now)
	if s.CallbackSecrets != nil {
		list, err := s.CallbackSecrets.List(r.Context())
		if err != nil {
			return answer{}, err
		}
		for _, c := range list {
			v.Secrets = append(v.Secrets, ui.SecretRow(c))
		}
	}
	files, err := s.FileSizes()
	if err != nil {
		return answer{}, err
	}
	for _, f := range files {
		v.Files = append(v.Files, ui.FileRow(f))
	}
	for _, step := range ui.BoxSteps {
		v.Forms[step] = filled(boxForm(step), b, step)
	}
	if typed != "" {
		v.Forms[typed] = form
	}
	return answer{view: ui.Box(p, v), status: status}, nil
}

// FileSizes are those of the databases that are open.
func (s *Site) FileSizes() ([]db.FileSize, error) {
	inbox, err := s.inbox.FileSize()
	list := []db.FileSize{inbox}
	if s.store != nil && err == nil {
		var store db.FileSize
		store, err = s.store.FileSize()
		list = append(list, store)
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

// boxSave saves the settings of a step from the settings of the box.
func (s *Site) boxSave(r *http.Request, step query.Step) (answer, error) {
	form, ok, err := s.save(r, step, boxForm(step))
	if err != nil {
		return answer{}, err
	}
	if !ok {
		return s.boxView(r, step, form, http.StatusUnprocessableEntity)
	}
	return redirect(boxPath + "?flash=Saved.")
}

// CallbackSecrets are those in the callback URLs: one, or two while one replaces the
// other.
type CallbackSecrets interface {
	// List returns them, newest first.
	List(ctx context.Context) ([]CallbackSecret, error)
	// Rotate makes a new one, Retire ends the older one.
	Rotate() error
	Retire() error
}

// CallbackSecret is one of them. Created and Used are zero if they are not known.
type CallbackSecret struct {
	Masked        string
	Created, Used time.Time
}

// boxSecret makes a new callback secret, or ends the older one.
func (s *Site) boxSecret(r *http.Request) (answer, error) {
	if s.CallbackSecrets == nil {
		return answer{}, badRequest("The configuration sets the callback secret.")
	}
	if again, ok := s.fresh(r, boxPath); !ok {
		return again, nil
	}
	list, err := s.CallbackSecrets.List(r.Context())
	if err != nil {
		return answer{}, err
	}
	do, wanted := s.CallbackSecrets.Rotate, 1
	notice := "There is a new secret. Give Garmin the new callback URLs; the older ones still work."
	if r.PostFormValue("do") == "retire" {
		do, wanted, notice = s.CallbackSecrets.Retire, 2, "The older secret no longer works."
	}
	if len(list) != wanted {
		return answer{}, badRequest("The secrets were changed in the meantime. Look at them again.")
	}
	if err := do(); err != nil {
		return answer{}, err
	}
	s.audit(r, db.ActionSecretRotated, 0, r.PostFormValue("do"))
	return redirect(boxPath + "?flash=" + url.QueryEscape(notice))
}
