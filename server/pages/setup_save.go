package pages

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"garner/config"
	"garner/db"
	"garner/query"
	"garner/ui"
)

// longestSetting is how long a value may be.
const longestSetting = 1000

// save saves the form of a step. If it cannot be saved, ok is false, and the form that
// is returned has what was typed, with the errors.
func (s *Site) save(r *http.Request, step query.Step, form ui.SettingsForm) (_ ui.SettingsForm, ok bool, err error) {
	if s.Demo {
		return form, false, errDemo
	}
	b, err := s.box(r)
	if err != nil {
		return form, false, err
	}
	form = filled(form, b, step)
	changes := changesOf(r, form.Fields)
	check(s.Config, b.settings, changes, &form)
	keepPassword(&form, changes)
	if _, fresh := s.fresh(r, form.Back); !fresh {
		form.Again = touchesSecret(form, changes)
	}
	if faulty(form) || len(changes) == 0 {
		return form, !faulty(form), nil
	}
	if err := s.store.ChangeSettings(r.Context(), changes...); err != nil {
		return form, false, refuseSecret(err, &form)
	}
	var names []string
	for _, c := range changes {
		names = append(names, c.Name)
	}
	s.audit(r, db.ActionSettingsChanged, 0, strings.Join(names, ", "))
	return form, true, nil
}

// touchesSecret reports whether changes set a secret, or are beside one that is set: a
// password goes to the server that is set beside it. One-time links and callback URLs go
// to the public address.
func touchesSecret(form ui.SettingsForm, changes []db.SettingChange) bool {
	return slices.ContainsFunc(changes, func(c db.SettingChange) bool {
		return c.Secret || c.Name == "public_url"
	}) || len(changes) > 0 &&
		slices.ContainsFunc(form.Fields, func(f ui.SettingField) bool { return f.Kind == ui.FieldSecret && f.IsSet })
}

// keepPassword refuses another mail server or less encryption for a password that was
// not given with it: otherwise anyone who can save the form could read the password at
// a server of their own.
func keepPassword(form *ui.SettingsForm, changes []db.SettingChange) {
	changed := func(names ...string) bool {
		return slices.ContainsFunc(changes, func(c db.SettingChange) bool { return slices.Contains(names, c.Name) })
	}
	at := slices.IndexFunc(form.Fields, func(f ui.SettingField) bool { return f.Key == "mail.password" && f.IsSet })
	if at < 0 || changed("mail.password") || !changed("mail.host", "mail.port", "mail.tls") {
		return
	}
	f := &form.Fields[at]
	f.Error = "The server changes: give its password again, or remove the one that is set."
	if f.Fixed {
		f.Error = "The configuration sets the password. Set the server there, too."
	}
}

func faulty(form ui.SettingsForm) bool {
	return form.Error != "" || form.Again ||
		slices.ContainsFunc(form.Fields, func(f ui.SettingField) bool { return f.Error != "" })
}

// changesOf reads a form into its fields, and returns what differs from what is set.
// An empty secret stays as it is. An empty text deletes the setting; the default of a
// choice is kept as one: it was chosen.
func changesOf(r *http.Request, fields []ui.SettingField) (changes []db.SettingChange) {
	for i := range fields {
		f := &fields[i]
		value := strings.TrimSpace(r.PostFormValue(f.Key))
		if f.Fixed || !r.PostForm.Has(f.Key) && f.Kind != ui.FieldSecret {
			continue
		}
		if f.Kind == ui.FieldSecret {
			remove := r.PostFormValue("remove:"+f.Key) == "yes" && value == ""
			if value != "" || remove {
				changes = append(changes, db.SettingChange{Name: f.Key, Value: value, Secret: true, Delete: remove})
			}
			continue
		}
		if len(value) > longestSetting || !plain(value) {
			f.Error = "That is too long, or holds characters that cannot be shown."
			continue
		}
		choice := f.Kind == ui.FieldChoice
		if value != f.Value || choice && !f.IsSet {
			changes = append(changes, db.SettingChange{Name: f.Key, Value: value, Delete: value == "" && !choice})
		}
		f.Value = value
	}
	return changes
}

// check adds what is wrong with the values of a form, were they set.
func check(base config.Config, settings map[string]string, changes []db.SettingChange, form *ui.SettingsForm) {
	next := maps.Clone(settings)
	for _, c := range changes {
		if next[c.Name] = c.Value; c.Delete {
			delete(next, c.Name)
		}
	}
	for i := range form.Fields {
		f := &form.Fields[i]
		if f.Kind == ui.FieldChoice && !slices.ContainsFunc(f.Options, func(o ui.SettingOption) bool {
			return o.Value == f.Value
		}) {
			f.Error = "Choose one of these."
		}
	}
	_, errs := config.Overlay(base, next)
	for _, err := range errs {
		var wrong *config.SettingError
		if !errors.As(err, &wrong) {
			continue
		}
		for i := range form.Fields {
			if f := &form.Fields[i]; f.Key == wrong.Key && f.Error == "" {
				f.Error = sentence(wrong.Text, form.Fields)
			}
		}
	}
}

// sentence makes one of an error, with the labels of fields instead of their keys.
func sentence(text string, fields []ui.SettingField) string {
	for _, f := range fields {
		text = strings.ReplaceAll(text, f.Key, f.Label)
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// refuseSecret adds why a secret could not be saved, or returns the error.
func refuseSecret(err error, form *ui.SettingsForm) error {
	switch {
	case errors.Is(err, db.ErrNoKeys):
		form.Error = "Nothing was saved: Garner has no key to encrypt the secret with. The log has the reason."
	case errors.Is(err, db.ErrSealed):
		form.Error = "Nothing was saved: the present secret cannot be decrypted. Remove it first, or bring its key back."
	default:
		return err
	}
	return nil
}
