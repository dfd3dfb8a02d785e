package ui

// SignInView is the sign-in form.
type SignInView struct {
	// Name is what was typed; Next is the page to go to afterwards.
	Name, Next string
	Error      string
	// NoAccounts means that there is no account yet: the page says how to make one.
	NoAccounts bool
}

// NewPasswordView is the form behind a one-time link.
type NewPasswordView struct {
	// Kind is setup, invitation or reset.
	Kind string
	// Token is that of the link.
	Token string
	// Name is the account's; it is typed for the first admin.
	Name string
	// AsksAdminsRead asks whether admins may see the values of the account's own
	// person; AdminsRead is the answer.
	AsksAdminsRead, AdminsRead bool
	// NameError and PasswordError stand at their fields.
	NameError, PasswordError string
}

// ReauthenticateView asks for the password again.
type ReauthenticateView struct {
	Next, Error string
}

var newPasswordTitles = map[string]string{"setup": "Create the first admin", "invitation": "Set up your account",
	"reset": "Choose a new password"}
