package pages

import (
	"net/http"
	"net/url"
	"time"

	"garner/config"
	"garner/db"
	"garner/query"
	"garner/ui"
)

// errDemo refuses changes of settings in a demo.
var errDemo = &statusError{http.StatusForbidden, "A demo takes no settings."}

// setUpRoutes are those of the set-up and of the settings of the box. The first step
// follows the one-time link that creates the first admin.
func (s *Site) setUpRoutes(to *routes) {
	for _, step := range query.Steps {
		to.get(Admin, stepURL(step), func(r *http.Request) (answer, error) { return s.setUpPage(r, step) })
		if fieldsOf(step) != nil {
			to.post(Admin, stepURL(step), func(r *http.Request) (answer, error) { return s.setUpSave(r, step) })
			to.post(Admin, boxURL(step), func(r *http.Request) (answer, error) { return s.boxSave(r, step) })
		}
	}
	to.post(Admin, "/setup/address/test", s.setUpAddressTest)
	to.post(Admin, "/setup/mail/test", s.setUpMailTest)
	to.post(Admin, "/setup/household", s.setUpPerson)
	to.post(Admin, "/setup/key", s.setUpKey)
	to.post(Admin, "/setup/household/me", s.setUpMe)
	to.post(Admin, "/setup/dismiss", s.setUpDismiss)
	to.get(Admin, boxPath, s.boxPage)
	to.post(Admin, boxURL(query.StepMap), func(r *http.Request) (answer, error) { return s.boxSave(r, query.StepMap) })
	to.post(Admin, boxPath+"/secret", s.boxSecret)
}

func stepURL(step query.Step) string { return "/setup/" + string(step) }

// nextURL is the page after a step.
func (s *Site) nextURL(r *http.Request, step query.Step) (string, error) {
	b, err := s.box(r)
	if err != nil {
		return "", err
	}
	set, err := s.setUp(r, b)
	if err != nil {
		return "", err
	}
	return stepURL(set.After(step)), nil
}

// box is the configuration in force, what of it was set on pages, and what of that
// cannot be decrypted; by key.
type box struct {
	cfg      config.Config
	settings map[string]string
	sealed   map[string]error
}

func (s *Site) box(r *http.Request) (b box, err error) {
	if b.settings, b.sealed, err = s.reader(r, time.Now()).Settings(r.Context()); err != nil {
		return b, err
	}
	b.cfg, _ = config.Overlay(s.Config, b.settings) // the log says what is ignored
	return b, nil
}

// configured is what of the configuration decides about the steps.
func (b box) configured() query.Configured {
	_, zone := b.settings[query.SettingZone]
	return query.Configured{PublicURL: b.cfg.PublicURL, ClientID: b.cfg.Garmin.ClientID, Mail: b.cfg.Mail.Host,
		Channels: b.cfg.Alerts.NtfyURL != "" || b.cfg.Alerts.WebhookURL != "",
		Zone:     zone || b.cfg.IsSet(query.SettingZone)}
}

// setUp is how far the set-up is.
func (s *Site) setUp(r *http.Request, b box) (*query.SetUp, error) {
	return s.reader(r, time.Now()).SetUp(r.Context(), b.settings, b.configured())
}

// offeredSetUp is the set-up if Home should offer it, or else nil.
func (s *Site) offeredSetUp(r *http.Request) (*query.SetUp, error) {
	if s.Demo || !viewer(r).Operates() {
		return nil, nil
	}
	b, err := s.box(r)
	if err != nil {
		return nil, err
	}
	if _, dismissed := b.settings[query.SettingDismissed]; dismissed {
		return nil, nil
	}
	set, err := s.setUp(r, b)
	if err != nil || set.Finished() {
		return nil, err
	}
	return set, nil
}

func (s *Site) setUpPage(r *http.Request, step query.Step) (answer, error) {
	return s.setUpView(r, step, nil, http.StatusOK)
}

// setUpView shows a step; change adds what a form has come to.
func (s *Site) setUpView(r *http.Request, step query.Step, change func(*ui.SetUpView), status int) (answer, error) {
	p, err := s.base(r, "Set-up", ui.NavSettings)
	if err != nil {
		return answer{}, err
	}
	b, err := s.box(r)
	if err != nil {
		return answer{}, err
	}
	if step == query.StepKey {
		b.settings[query.SettingSource] = query.SourceKey // this page is a step of that set-up
	}
	v := ui.SetUpView{Step: step, Form: filled(setUpForm(step), b, step),
		Notice: said(r, "flash"), Error: said(r, "failed"),
		CallbackURL: s.live.Load().CallbackURL, Public: b.cfg.PublicURL != "", MailReady: b.cfg.Mail.Host != ""}
	if v.SetUp, err = s.setUp(r, b); err != nil {
		return answer{}, err
	}
	if step == query.StepCallbacks {
		if v.Callbacks, err = s.reader(r, p.Now).Callbacks(r.Context()); err != nil {
			return answer{}, err
		}
	}
	if step == query.StepHousehold || step == query.StepKey {
		if err := s.household(r, &v); err != nil {
			return answer{}, err
		}
	}
	if step == query.StepKey {
		s.keyStep(r, &v)
	}
	if change != nil {
		change(&v)
	}
	return answer{view: ui.SetUp(p, v), status: status, secret: step == query.StepCallbacks || step == query.StepKey}, nil
}

// setUpSave saves the settings of a step.
func (s *Site) setUpSave(r *http.Request, step query.Step) (answer, error) {
	form, ok, err := s.save(r, step, setUpForm(step))
	switch {
	case err != nil:
		return answer{}, err
	case !ok:
		return s.setUpView(r, step, func(v *ui.SetUpView) { v.Form = form }, http.StatusUnprocessableEntity)
	case step == query.StepAddress && !form.Fields[0].Fixed && r.PostFormValue("public_url") != "":
		return redirect(stepURL(step) + "?flash=" + url.QueryEscape("Saved. Test the address, or go on."))
	case step == query.StepMail:
		return redirect(stepURL(step) + "?flash=" + url.QueryEscape("Saved. Send a test to see whether mail works."))
	}
	to, err := s.nextURL(r, step)
	return answer{to: to}, err
}

// setUpDismiss stops Home from offering the set-up, or lets it do so again.
func (s *Site) setUpDismiss(r *http.Request) (answer, error) {
	if s.Demo {
		return answer{}, errDemo
	}
	change := db.SettingChange{Name: query.SettingDismissed, Value: "yes", Delete: r.PostFormValue("dismissed") == "no"}
	if err := s.store.ChangeSettings(r.Context(), change); err != nil {
		return answer{}, err
	}
	if change.Delete {
		return redirect(stepURL(query.StepDone))
	}
	return redirect("/")
}
